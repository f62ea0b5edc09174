package io.millrace.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The n-th open, write, sync, rename, read or unlink of a short run fails, of the engine and of
 * RocksDB alike: an error, an exit or a retry, never a wrong answer, and the next start is whole.
 * Needs {@code gcc} and Linux; is not run elsewhere.
 */
class FailedCallsIT {
  @TempDir Path directory;

  private Path library = Path.of("");

  @BeforeEach
  void compile() throws Exception {
    if (!System.getProperty("os.name").equals("Linux")) {
      abort("not run: it is made for Linux");
    }
    Path source = directory.resolve("faults.c");
    try (InputStream in = FailedCallsIT.class.getResourceAsStream("/faults/faults.c")) {
      Files.copy(Objects.requireNonNull(in), source);
    }
    library = directory.resolve("faults.so");
    try {
      run(
          List.of("gcc", "-shared", "-fPIC", "-O1", "-o", library + "", source + "", "-ldl"),
          Map.of(),
          60);
    } catch (IOException e) {
      var missing = "not run: install the package gcc";
      // Where all is checked, a check that is left out must be seen.
      assertThat(System.getenv("CI")).as(missing).isNotEqualTo("true");
      abort(missing);
    }
  }

  private static void run(List<String> command, Map<String, String> environment, int seconds)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(process.waitFor(seconds, TimeUnit.SECONDS)).isTrue();
      System.out.print(output.isEmpty() ? "" : output + "\n");
      assertThat(process.exitValue()).as("%s", output).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private void sweep(int first, int stride) throws IOException, InterruptedException {
    Path page = Files.write(directory.resolve("page"), new byte[CallFaults.BYTES]);
    // Where there is a disk in memory: the failures are what is tried, not the disk.
    Path memory = Path.of("/dev/shm");
    Path root =
        Files.isWritable(memory)
            ? Files.createTempDirectory(memory, "millrace")
            : directory.resolve("root");
    try {
      run(
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx256m",
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              FailedCallsRun.class.getName(),
              page.toString(),
              root.toString(),
              Integer.toString(first),
              Integer.toString(stride)),
          Map.of(
              CallFaults.PAGE,
              page.toString(),
              CallFaults.ROOT,
              root.toString(),
              "LD_PRELOAD",
              library.toString()),
          1800);
    } finally {
      FailedCallsRun.delete(root);
    }
  }

  @Test
  @Timeout(600)
  void aCallThatFailsIsNeverAWrongAnswerAndTheNextStartIsWhole() throws Exception {
    sweep(1, 17);
  }

  @Tag("long")
  @Test
  @Timeout(1800)
  void everyCallFailsOnce() throws Exception {
    sweep(1, 1);
  }
}
