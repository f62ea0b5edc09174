package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
  @TempDir Path dir;

  private List<String> settings(String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "--dir", dir.resolve("data").toString(), "--hot-memory", "16mb", "--tasks", "4"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private int verify() {
    var arguments = new ArrayList<>(List.of("verify"));
    arguments.addAll(settings());
    return Main.run(arguments, new ServeCommand(code -> {}, () -> {}));
  }

  @Test
  void aStoppedDirectoryIsFoldedAgain() throws Exception {
    assertThat(verify()).isEqualTo(ExitCode.FAILED);
    var arguments =
        settings(
            "--port",
            "0",
            "--sql-port",
            "0",
            "--http-port",
            "0",
            "--keep-checkpoints",
            "1",
            "--keep-journal",
            "yes");
    var config = ConfigLoader.load(arguments, Map.of());
    try (var node = MillraceNode.start(config, code -> {}, code -> {})) {
      assertThat(node.engine().status().epoch()).isEqualTo(1);
      assertThat(verify()).isEqualTo(ExitCode.FAILED);
    }
    assertThat(verify()).isEqualTo(ExitCode.OK);
    var found = VerifyCommand.verify(ConfigLoader.load(settings(), Map.of()));
    assertThat(found.complete()).isTrue();
    assertThat(found.folds()).hasSize(3);
    assertThat(Files.exists(dir.resolve("data/verify-scratch"))).isFalse();
  }
}
