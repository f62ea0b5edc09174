package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.state.HotPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every JMH benchmark runs: once, briefly, in this process, on little data. */
class JmhSmokeTest {
  @Test
  void everyBenchmarkRuns() throws Exception {
    var options =
        new OptionsBuilder()
            .include("io\\.millrace\\.benchmarks\\..*")
            .exclude("openAndReadOf64MiB|scanOf64MiB")
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(20))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .param("rows", "5000")
            .param("keys", "2000")
            .param("pageBytes", "4096")
            .param("format", "BINARY")
            .param("hop", "true")
            .param("command", "GET K", "RPUSH l V")
            .build();
    var results = new Runner(options).run();
    assertThat(results).hasSizeGreaterThan(30);
    assertThat(results)
        .allSatisfy(result -> {
          assertThat(result.getPrimaryResult().getScore()).isPositive();
        });
  }

  @Test
  void theBenchmarkThatAHotPathNamesExists() throws Exception {
    var named = new TreeSet<String>();
    var pattern =
        Pattern.compile("@" + HotPath.class.getSimpleName() + "\\(benchmark = \"(\\w+)\"");
    var root = Path.of(System.getProperty("millrace.root", ".."));
    try (var files = Files.walk(root)) {
      for (var file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        pattern.matcher(Files.readString(file)).results().forEach(m -> named.add(m.group(1)));
      }
    }
    assertThat(named).hasSizeGreaterThan(5);
    try (var files = Files.walk(root.resolve("benchmarks/src/main"))) {
      var there = files.map(file -> file.getFileName().toString().replace(".java", "")).toList();
      assertThat(there).containsAll(named);
    }
  }
}
