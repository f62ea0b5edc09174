package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModulesTest {
  @TempDir Path folder;

  /** One of two of a name. */
  public static final class First implements EngineModule {
    @Override
    public String name() {
      return "twice";
    }

    @Override
    public void define(Definition def) {
      def.depot("unused", String.class);
    }
  }

  /** The other one. */
  public static final class Second implements EngineModule {
    @Override
    public String name() {
      return "twice";
    }

    @Override
    public void define(Definition def) {
      def.depot("unused", String.class);
    }
  }

  /** Cannot be made. */
  public static final class Broken implements EngineModule {
    /** Fails. */
    public Broken() {
      throw new IllegalStateException("no licence");
    }

    @Override
    public void define(Definition def) {
      def.depot("unused", String.class);
    }
  }

  private URLClassLoader classPath() throws IOException {
    var services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(EngineModule.class.getName()),
        String.join(
            "\n",
            "no.such.Provider",
            Broken.class.getName(),
            First.class.getName(),
            Second.class.getName()));
    return new URLClassLoader(
        new URL[] {folder.toUri().toURL()}, ModulesTest.class.getClassLoader());
  }

  @Test
  void whatCannotBeLoadedIsToldToWhoAsksForItAndDisturbsNoOther() throws Exception {
    try (var classPath = classPath()) {
      assertThat(ModuleCatalog.named(List.of("policies"), classPath)).hasSize(1);
      assertThatThrownBy(() -> ModuleCatalog.named(List.of("absent"), classPath))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("there is no module 'absent'")
          .hasMessageContaining("no.such.Provider")
          .hasMessageContaining("no licence");
    }
  }

  @Test
  void twoModulesOfOneNameAreRefused() throws Exception {
    try (var classPath = classPath()) {
      assertThatThrownBy(() -> ModuleCatalog.named(List.of("twice"), classPath))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("2 modules 'twice'")
          .hasMessageContaining("ModulesTest$Second");
    }
  }

  @Test
  void aNameGivenTwiceIsOneModule() {
    assertThat(ModuleCatalog.named(List.of("policies", "policies"))).hasSize(1);
  }
}
