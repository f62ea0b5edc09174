package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** A version of the module {@code bank}, compiled into a jar of its own as a user would ship it. */
final class ModuleJar {
  private static final String CLASS = "bank.Bank";

  private ModuleJar() {}

  /**
   * Compiles a version.
   *
   * @param events record declarations
   * @param define body of {@code define}
   */
  static Path make(Path folder, String name, String events, String define) throws IOException {
    var sources = Files.createDirectories(folder.resolve(name).resolve("bank"));
    var classes = Files.createDirectories(folder.resolve(name).resolve("classes"));
    var source = sources.resolve("Bank.java");
    Files.writeString(
        source,
        """
        package bank;
        import io.millrace.engine.module.*;
        import io.millrace.engine.pstate.*;
        import static io.millrace.engine.pstate.Scalar.*;
        public final class Bank implements EngineModule {
          %s
          @Override public void define(Definition def) {
            %s
          }
        }
        """
            .formatted(events, define));
    var compiler = ToolProvider.getSystemJavaCompiler();
    var said = new java.io.ByteArrayOutputStream();
    var status =
        compiler.run(
            null,
            said,
            said,
            "-cp",
            nodeJar().toString(),
            "-proc:none",
            "-d",
            classes.toString(),
            source.toString());
    assertThat(status).as(said.toString(StandardCharsets.UTF_8)).isZero();
    return pack(folder.resolve(name + ".jar"), classes);
  }

  private static Path pack(Path jar, Path classes) throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var found = Files.walk(classes)) {
      for (var file : found.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        out.write(Files.readAllBytes(file));
      }
      out.putNextEntry(new JarEntry("META-INF/services/io.millrace.engine.module.EngineModule"));
      out.write(CLASS.getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  /** The packaged server. */
  static Path nodeJar() throws IOException {
    try (var found = Files.list(PackagedServer.root().resolve("node/target"))) {
      return found
          .filter(file -> file.getFileName().toString().matches("millrace.*\\.jar"))
          .filter(file -> !file.getFileName().toString().startsWith("original-"))
          .max(java.util.Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow(() -> new IllegalStateException("the server is not packaged"));
    }
  }

  /** Command line of the packaged server with module jars beside it. */
  static List<String> command(List<Path> jars, List<String> arguments) throws IOException {
    var path = new StringBuilder(nodeJar().toString());
    jars.forEach(jar -> path.append(java.io.File.pathSeparator).append(jar));
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                path.toString(),
                "io.millrace.node.Main"));
    command.addAll(arguments);
    return command;
  }
}
