package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.testing.TestEngine;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything in the README that can be typed is typed here; its sample is compiled and run. */
class ReadmePackagedIT {
  private static final long PATIENCE_SECONDS = 150;

  @TempDir Path directory;

  /** Code blocks of a language, and the lines of all of them together. */
  private static String blocks(String language) throws IOException {
    var readme = Files.readString(PackagedServer.root().resolve("README.md"));
    var fence = "^```" + language + "\n(.*?)^```$";
    var found = Pattern.compile(fence, Pattern.DOTALL | Pattern.MULTILINE).matcher(readme);
    var text = new StringBuilder();
    found.results().forEach(block -> text.append(block.group(1)));
    return text.toString();
  }

  private static Stream<String> console(boolean serving) throws IOException {
    return blocks("console")
        .lines()
        .map(line -> line.replaceAll("\\s+#.*", "").strip())
        .filter(line -> line.startsWith("./millrace"))
        .filter(line -> !line.contains(" verify "))
        .filter(line -> (line.contains(" demo ") || line.contains("--print-config")) != serving);
  }

  /** A folder as a new user has it: the launcher, and a file of settings. */
  private Path checkout() throws IOException {
    var folder = Files.createDirectory(directory.resolve("checkout"));
    Files.createSymbolicLink(folder.resolve("millrace"), PackagedServer.root().resolve("millrace"));
    Files.writeString(folder.resolve("my.conf"), "appendonly yes\nappendfsync everysec\n");
    return folder;
  }

  private static Map<String, String> ports() throws IOException {
    return Map.of(
        "MILLRACE_BUILD", "no",
        "MILLRACE_PORT", Integer.toString(PackagedServer.freePort()),
        "MILLRACE_SQL_PORT", Integer.toString(PackagedServer.freePort()),
        "MILLRACE_HTTP_PORT", Integer.toString(PackagedServer.freePort()));
  }

  private String run(Path folder, Map<String, String> environment, String script) throws Exception {
    var log = Files.createTempFile(directory, "run-", ".log");
    var builder = new ProcessBuilder("bash", "-x", "-e", "-c", script).directory(folder.toFile());
    builder.environment().putAll(environment);
    var process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("%s ends", script).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    return Files.readString(log);
  }

  @Test
  void everyShellCommandRuns() throws Exception {
    needs("redis-cli", "redis-tools");
    needs("psql", "postgresql-client");
    needs("curl", "curl");
    var port = Integer.toString(PackagedServer.freePort());
    var sql = Integer.toString(PackagedServer.freePort());
    var http = Integer.toString(PackagedServer.freePort());
    var data = directory.resolve("data").toString();
    String[] arguments = {
      "--dir", data, "--port", port, "--sql-port", sql, "--http-port", http, "--modules", "policies"
    };
    try (var server = PackagedServer.start(directory, arguments).awaitReady()) {
      var script = blocks("sh");
      assertThat(script).contains("redis-cli").contains("psql").contains("curl").contains("demo");
      script = script.replace("-p 6379", "-p " + port);
      script = script.replace("-p 5433", "-p " + sql);
      script = script.replace(":8080", ":" + http);
      var environment = Map.of("MILLRACE_BUILD", "no", "PGCONNECT_TIMEOUT", "20");
      var log = run(PackagedServer.root(), environment, script);
      assertThat(log).contains("hello", "Ada", "Millrace", "\"status\":\"UP\"");
      assertThat(server.terminate()).isZero();
    }
  }

  @Test
  void everyWayToServeServes() throws Exception {
    var folder = checkout();
    var commands = console(true).toList();
    assertThat(commands).hasSize(2);
    for (var command : commands) {
      var line = List.of(command.split(" "));
      try (var server = PackagedServer.start(folder, ports(), line).awaitReady()) {
        assertThat(server.terminate()).isZero();
        assertThat(server.err()).isEmpty();
      }
    }
    assertThat(folder.resolve("data/FORMAT")).exists();
    var verify = blocks("console").lines().filter(line -> line.contains(" verify ")).toList();
    assertThat(verify).hasSize(1);
    for (var command : verify) {
      var log = run(folder, Map.of("MILLRACE_BUILD", "no"), command);
      assertThat(log).contains("journal  ", "state  ", "All folds agree.");
    }
  }

  @Test
  void theDemosAndTheSettingsRun() throws Exception {
    needs("git", "git");
    var folder = checkout();
    var commit = " -c user.name=Ada -c user.email=ada@example.com commit -q --allow-empty -m ";
    run(folder, Map.of(), "git init -q; for i in 1 2 3; do git" + commit + "c$i; done");
    for (var round = 0; round < 2; round++) {
      var log = new StringBuilder();
      for (var command : console(false).toList()) {
        log.append(run(folder, ports(), command));
      }
      assertThat(log).contains(round == 0 ? "3 new" : "0 new").contains("journal-segment-bytes");
    }
  }

  @Test
  void theSampleModuleCompilesAndItsTestPasses() throws Exception {
    var block = blocks("java");
    var test = block.indexOf("try (var engine");
    assertThat(test).isPositive();
    var source = directory.resolve("Profiles.java");
    Files.writeString(
        source,
        """
        import static io.millrace.engine.path.Path.key;
        import static io.millrace.engine.pstate.Scalar.*;
        import static org.assertj.core.api.Assertions.assertThat;
        import io.millrace.engine.module.*;
        import io.millrace.engine.pstate.Schema;
        import io.millrace.engine.testing.TestEngine;
        """
            + block.substring(0, block.lastIndexOf('}', test))
            + "public static void run() throws Exception {\n"
            + block.substring(test)
            + "}}\n");
    var options = new ArrayList<>(List.of("-d", directory.toString(), source.toString()));
    options.addAll(0, List.of("-classpath", System.getProperty("java.class.path")));
    var compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(compiler.run(null, null, null, options.toArray(String[]::new))).isZero();
    var parent = TestEngine.class.getClassLoader();
    try (var loader = new URLClassLoader(new java.net.URL[] {directory.toUri().toURL()}, parent)) {
      loader.loadClass("Profiles").getMethod("run").invoke(null);
    } catch (InvocationTargetException e) {
      throw new AssertionError("the sample's test fails", e.getCause());
    }
  }

  private static void needs(String command, String aptPackage) throws Exception {
    var found = new ProcessBuilder("sh", "-c", "command -v " + command).start().waitFor() == 0;
    if (!found) {
      assertThat(System.getenv("CI")).as("install the package " + aptPackage).isNull();
      Assumptions.abort(command + " is not installed: apt-get install " + aptPackage);
    }
  }
}
