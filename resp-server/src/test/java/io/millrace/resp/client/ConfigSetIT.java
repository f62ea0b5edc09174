package io.millrace.resp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.resp.TestNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CONFIG SET does not say OK to what it does not do. */
final class ConfigSetIT {
  @TempDir Path directory;

  @Test
  void whatIsSetAtStartOrIsNotThereIsRefused() throws Exception {
    try (var node = TestNode.start(directory);
        var client = new TextClient(node.port())) {
      for (var change :
          List.of(
              List.of("bind", "10.0.0.1"),
              List.of("port", "7000"),
              List.of("appendfsync", "always"))) {
        assertThat(client.ask("CONFIG", "SET", change.get(0), change.get(1)))
            .contains("it is set at start: restart with --" + change.get(0));
      }
      for (var change :
          List.of(
              List.of("appendonly", "no"),
              List.of("min-replicas-to-write", "1"),
              List.of("maxmemory-clients", "1gb"),
              List.of("replicaof", "other 6379"),
              List.of("tls-port", "6380"))) {
        assertThat(client.ask("CONFIG", "SET", change.get(0), change.get(1)))
            .contains("Millrace has nothing that another value could switch on or off");
      }
      assertThat(client.ask("CONFIG", "SET", "appendonly", "yes", "appendfsync", "everysec"))
          .isEqualTo("+OK");
      assertThat(client.ask("CONFIG", "SET", "dir", "x")).contains("can't set protected config");
      assertThat(client.ask("CONFIG", "SET", "save", "")).isEqualTo("+OK");
    }
  }

  @Test
  void theLongestArgumentChangesForThoseWhoAreConnected() throws Exception {
    try (var node = TestNode.start(directory);
        var client = new TextClient(node.port())) {
      assertThat(client.ask("CONFIG", "SET", "proto-max-bulk-len", "1mb")).isEqualTo("+OK");
      client.sendRaw("*2\r\n$4\r\nECHO\r\n$2000000\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(client.read()).contains("invalid bulk length");
    }
  }

  /** Whoever adds a setting says what changing it does. */
  @Test
  void everySettingSaysWhatAChangeDoes() throws IOException {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    TestNode.class.getResourceAsStream("/io/millrace/resp/config/settings.tsv")),
                StandardCharsets.UTF_8))) {
      lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line ->
              assertThat(List.of(line.split("\t", -1)))
                  .as(line)
                  .satisfies(cells ->
                      assertThat(List.of(cells.get(3).split(" ")))
                          .anyMatch(word ->
                              word.startsWith("alias=")
                                  || List.of(
                                          "acts", "noted", "starts", "absent", "protected", "fixed")
                                      .contains(word))));
    }
  }
}
