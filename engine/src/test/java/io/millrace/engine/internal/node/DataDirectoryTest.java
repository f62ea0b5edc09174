package io.millrace.engine.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which directories a node takes for its data, and what others may see of it. */
final class DataDirectoryTest {
  @TempDir Path folder;

  private static void start(Path directory) throws IOException {
    Engine.open(EngineConfig.in(directory).withTasks(4), List.of()).close();
  }

  @Test
  void aDirectoryWithFilesOfOthersIsRefusedAndLeftAlone() throws Exception {
    Files.writeString(folder.resolve("letter.txt"), "mine");
    Files.createDirectory(folder.resolve("photos"));
    assertThatThrownBy(() -> start(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("letter.txt, photos")
        .hasMessageContaining("--dir");
    try (var left = Files.list(folder)) {
      assertThat(left).hasSize(2);
    }
  }

  @Test
  void whatAFileSystemOrAnOperatorPutsThereIsNoStranger() throws Exception {
    Files.createDirectory(folder.resolve("lost+found"));
    Files.writeString(folder.resolve(".gitkeep"), "");
    Files.writeString(folder.resolve("millrace.conf"), "");
    Files.writeString(folder.resolve("millrace.log"), "");
    start(folder);
    Files.writeString(folder.resolve("notes.txt"), "beside a FORMAT file all is said");
    start(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"LOCK", "FORMAT", "journal", "state", "depots", "archive"})
  void aLinkInThePlaceOfAFileIsRefusedAndNotFollowed(String name) throws Exception {
    var target = Files.writeString(folder.resolve("target"), "precious");
    var data = folder.resolve("data");
    start(data);
    if (Files.exists(data.resolve(name))) {
      Files.move(data.resolve(name), folder.resolve("moved"));
    }
    Files.createSymbolicLink(data.resolve(name), target);
    assertThatThrownBy(() -> start(data))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(name + " is a symbolic link");
    assertThat(target).content().isEqualTo("precious");
  }

  @Test
  void theDirectoryItselfMayBeALink() throws Exception {
    var real = Files.createDirectory(folder.resolve("real"));
    start(Files.createSymbolicLink(folder.resolve("link"), real));
    assertThat(real.resolve("FORMAT")).exists();
  }

  @Test
  void onlyTheOwnerSeesWhatIsInside() throws Exception {
    var data = folder.resolve("deep/data");
    start(data);
    assertThat(mode(data)).isEqualTo("rwx------");
    try (var files = Files.list(data)) {
      assertThat(files).allSatisfy(file -> assertThat(mode(file)).endsWith("------"));
    }
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    start(data);
    assertThat(mode(data)).isEqualTo("rwx------");
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
