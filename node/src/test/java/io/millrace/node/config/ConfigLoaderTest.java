package io.millrace.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  @TempDir Path directory;

  private static NodeConfig flags(String... arguments) {
    return ConfigLoader.load(Arrays.asList(arguments), Map.of());
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("millrace.conf"), text);
  }

  @Test
  void defaultsAreThoseOfTheLaunchContract() {
    var config = flags();
    assertThat(config.port("port")).isEqualTo(6379);
    assertThat(config.port("sql-port")).isEqualTo(5433);
    assertThat(config.port("http-port")).isEqualTo(8080);
    assertThat(config.words("bind")).containsExactly("127.0.0.1");
    assertThat(config.text("dir")).isEqualTo("./data");
    assertThat(config.text("appendfsync")).isEqualTo("everysec");
    assertThat(config.number("tasks")).isEqualTo(64);
    assertThat(config.lanes()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(config.hotMemoryBytes()).isPositive();
    assertThat(config.password()).isEmpty();
    assertThat(config.withoutEffect()).isEmpty();
  }

  @Test
  void aFlagBeatsTheEnvironmentWhichBeatsTheFile() throws IOException {
    var file = file("port 1\nsql-port 2\nhttp-port 3\n");
    var environment = Map.of("MILLRACE_SQL_PORT", "20", "MILLRACE_HTTP_PORT", "30", "PATH", "/");
    var config = ConfigLoader.load(List.of(file.toString(), "--http-port", "300"), environment);
    assertThat(config.port("port")).isEqualTo(1);
    assertThat(config.port("sql-port")).isEqualTo(20);
    assertThat(config.port("http-port")).isEqualTo(300);
    assertThat(config.print())
        .contains("# " + file + ":1\nport 1\n")
        .contains("# MILLRACE_SQL_PORT\nsql-port 20\n")
        .contains("# command line\nhttp-port 300\n")
        .contains("# default\nappendfsync everysec\n");
  }

  @Test
  void everyKeyOfRedisIsKnownAndThoseWithoutEffectAreNamed() throws IOException {
    var config =
        flags(file("# a comment\n\nsave 3600 1\nsave 60 100\nrdbcompression no\n").toString());
    assertThat(config.withoutEffect()).containsExactlyInAnyOrder("save", "rdbcompression");
    assertThat(config.text("save")).isEqualTo("3600 1 60 100");
    assertThat(config.asText()).containsEntry("hz", "10").containsKey("set-max-listpack-entries");
    assertThat(config.asText().size()).isGreaterThan(190);
  }

  @Test
  void anUnknownKeyIsRefusedWithItsPlaceAndTheNearestOne() throws IOException {
    var file = file("port 7000\nhot-memroy 1gb\n");
    assertThatThrownBy(() -> flags(file.toString()))
        .isInstanceOf(ConfigException.class)
        .hasMessage(file + ":2: unknown key 'hot-memroy'; did you mean 'hot-memory'?");
    assertThatThrownBy(() -> flags("--prot", "1"))
        .hasMessage("command line: unknown key 'prot'; did you mean 'port'?");
    assertThatThrownBy(() -> ConfigLoader.load(List.of(), Map.of("MILLRACE_LANE", "1")))
        .hasMessage("MILLRACE_LANE: unknown key 'lane'; did you mean 'lanes'?");
    assertThatThrownBy(() -> flags("--bogus"))
        .hasMessage(
            "command line: unknown key 'bogus'; 'millrace --print-config' lists the known ones");
  }

  @Test
  void aWrongValueIsRefusedWithWhatWasExpected() {
    assertThatThrownBy(() -> flags("--port", "70000"))
        .hasMessage("command line: port is '70000', expected a whole number from 0 to 65535");
    assertThatThrownBy(() -> flags("--hot-memory", "lots"))
        .hasMessageContaining("expected bytes with an optional unit");
    assertThatThrownBy(() -> flags("--http-max-body", "auto"))
        .hasMessageContaining("http-max-body is 'auto', expected bytes with an optional unit");
    assertThatThrownBy(() -> flags("--hot-memory", "1kb").engine())
        .hasMessage("hot-memory is '1kb', expected auto or at least 1mb");
    assertThatThrownBy(() -> flags("--appendfsync", "sometimes"))
        .hasMessageContaining("expected one of always, everysec, no");
    assertThatThrownBy(() -> flags("--tasks", "48"))
        .hasMessage("command line: tasks is '48', expected a power of two from 1 to 16384");
    assertThatThrownBy(() -> flags("--port", "1", "2"))
        .hasMessage("command line: port takes one value, got 2");
    assertThatThrownBy(() -> flags("--port")).hasMessage("command line: --port needs a value");
    assertThatThrownBy(() -> flags("file-that-is-not-there.conf"))
        .hasMessageContaining("no such file");
  }

  @Test
  void openingToOtherMachinesNeedsAPassword() {
    assertThatThrownBy(() -> flags("--bind", "0.0.0.0"))
        .hasMessageContaining("set requirepass, or bind to 127.0.0.1");
    assertThat(flags("--bind", "0.0.0.0", "--requirepass", "x").bind()).hasSize(1);
    assertThat(flags("--bind", "127.0.0.1", "-::1").bind()).hasSize(2);
  }

  @Test
  void sizesAreReadAsRedisReadsThem() {
    assertThat(Bytes.parse("1k")).isEqualTo(1_000);
    assertThat(Bytes.parse("1KB")).isEqualTo(1_024);
    assertThat(Bytes.parse("2gb")).isEqualTo(2L << 30);
    assertThat(Bytes.parse("17")).isEqualTo(17);
    assertThat(Bytes.parse("1tb")).isNegative();
    assertThat(Bytes.parse("999999999999gb")).isNegative();
  }

  @Test
  void wordsMayBeQuotedAsInRedisConf() {
    assertThat(ConfSyntax.words("requirepass \"a b\\x41\\n\\\"\"", "x"))
        .containsExactly("requirepass", "a bA\n\"");
    assertThat(ConfSyntax.words("requirepass 'it\\'s'", "x"))
        .containsExactly("requirepass", "it's");
    assertThatThrownBy(() -> ConfSyntax.words("requirepass \"open", "f:3"))
        .hasMessage("f:3: a quote is not closed");
    for (var word : List.of("", "plain", "with space", "q\"uote", "tab\tnl\n")) {
      assertThat(ConfSyntax.words("k " + ConfSyntax.quote(word), "x")).containsExactly("k", word);
    }
  }

  @Test
  void includedFilesAreReadInPlace() throws IOException {
    Files.writeString(directory.resolve("more.conf"), "port 5\n");
    assertThat(flags(file("port 4\ninclude more.conf\n").toString()).port("port")).isEqualTo(5);
  }

  @Test
  void thePasswordIsNotPrinted() {
    assertThat(flags("--requirepass", "secret").print()).doesNotContain("secret");
  }
}
