package io.millrace.resp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.resp.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bits of strings, and SORT, with what is left of both after a crash. */
final class BitmapsAndSortIT {
  @TempDir private Path directory;
  private Wire wire;

  @BeforeEach
  void start() throws IOException {
    wire = new Wire(TestNode.start(directory));
  }

  @AfterEach
  void stop() throws IOException {
    wire.close();
    wire.node.close();
  }

  private void crash() throws IOException {
    wire.close();
    wire.node.crash();
    start();
  }

  @Test
  void bitsAreSetCountedAndFound() throws IOException {
    assertThat(wire.ask("SETBIT", "b", "7", "1")).isEqualTo(":0");
    assertThat(wire.ask("SETBIT", "b", "7", "1")).isEqualTo(":1");
    assertThat(wire.ask("SETBIT", "b", "100", "1")).isEqualTo(":0");
    crash();
    assertThat(wire.ask("STRLEN", "b")).isEqualTo(":13");
    assertThat(wire.ask("BITCOUNT", "b")).isEqualTo(":2");
    assertThat(wire.ask("BITCOUNT", "b", "8", "100", "BIT")).isEqualTo(":1");
    assertThat(wire.ask("BITPOS", "b", "1", "1")).isEqualTo(":100");
    assertThat(wire.ask("BITPOS", "b", "0")).isEqualTo(":0");
    wire.ask("BITOP", "NOT", "n", "b");
    assertThat(wire.ask("BITCOUNT", "n")).isEqualTo(":102");
    assertThat(wire.ask("BITOP", "AND", "n", "b", "n")).isEqualTo(":13");
    assertThat(wire.ask("BITCOUNT", "n")).isEqualTo(":0");
  }

  @Test
  void fieldsOverflowAsTold() throws IOException {
    assertThat(wire.ask("BITFIELD", "f", "SET", "u8", "0", "250", "INCRBY", "u8", "0", "10"))
        .isEqualTo("*[:0, :4]");
    assertThat(wire.ask("BITFIELD", "f", "OVERFLOW", "SAT", "INCRBY", "u8", "0", "255"))
        .isEqualTo("*[:255]");
    assertThat(wire.ask("BITFIELD", "f", "OVERFLOW", "FAIL", "INCRBY", "u8", "0", "1"))
        .isEqualTo("*[nil]");
    crash();
    assertThat(wire.ask("BITFIELD_RO", "f", "GET", "i8", "0", "GET", "u4", "#1"))
        .isEqualTo("*[:-1, :15]");
  }

  @Test
  void numbersToSortByMayBeLong() throws IOException {
    String zeros = "0".repeat(400);
    wire.ask("RPUSH", "l", zeros + "2", "1", "");
    assertThat(wire.ask("SORT", "l")).isEqualTo("*[$, $1, $" + zeros + "2]");
    wire.ask("RPUSH", "l", "x");
    assertThat(wire.ask("SORT", "l")).contains("One or more scores can't be converted");
  }

  @Test
  void whatSortStoresDoesNotDependOnKeysThatChangeLater() throws IOException {
    wire.ask("RPUSH", "ids", "3", "1", "2");
    wire.ask("MSET", "weight:1", "30", "weight:2", "10", "weight:3", "20");
    wire.ask("HSET", "user:2", "name", "Ada");
    assertThat(wire.ask("SORT", "ids")).isEqualTo("*[$1, $2, $3]");
    assertThat(wire.ask("SORT", "ids", "BY", "weight:*", "STORE", "sorted")).isEqualTo(":3");
    wire.ask("SET", "weight:1", "0");
    crash();
    assertThat(wire.ask("LRANGE", "sorted", "0", "-1")).isEqualTo("*[$2, $3, $1]");
    assertThat(wire.ask("SORT", "ids", "GET", "#", "GET", "user:*->name", "LIMIT", "1", "1"))
        .isEqualTo("*[$2, $Ada]");
    assertThat(wire.ask("SORT_RO", "ids", "STORE", "x")).isEqualTo("-ERR syntax error");
  }
}
