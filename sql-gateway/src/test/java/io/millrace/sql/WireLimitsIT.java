package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile and odd bytes on the wire: a clear error or a closed connection, never a hang. */
final class WireLimitsIT {
  private static final String FACE = "\ud83d\ude00";
  private static final int PROTOCOL_3 = 196_608;
  private static final int SSL_REQUEST = 80_877_103;
  private static DemoDatabase database;

  @BeforeAll
  static void start() throws Exception {
    database =
        new DemoDatabase(
            5000, config -> config.withMemory(8 << 20, 64 << 20).withMaxConnections(5), "secret");
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  /** A raw client. */
  private static final class Raw implements AutoCloseable {
    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    Raw() throws IOException {
      socket = new Socket("127.0.0.1", database.server().port());
      socket.setSoTimeout(20_000);
      out = new DataOutputStream(socket.getOutputStream());
      in = new DataInputStream(socket.getInputStream());
    }

    void startup(String user) throws IOException {
      var body = new ByteArrayOutputStream();
      body.writeBytes(("user\0" + user + "\0\0").getBytes(StandardCharsets.UTF_8));
      out.writeInt(8 + body.size());
      out.writeInt(PROTOCOL_3);
      out.write(body.toByteArray());
      out.flush();
    }

    void message(char type, byte[] body) throws IOException {
      out.writeByte(type);
      out.writeInt(4 + body.length);
      out.write(body);
      out.flush();
    }

    /** The next message as its type and text, or "closed". */
    String next() throws IOException {
      try {
        var type = (char) in.readByte();
        var body = new byte[in.readInt() - 4];
        in.readFully(body);
        return type + new String(body, StandardCharsets.UTF_8).replace('\0', ' ');
      } catch (EOFException | SocketException closed) {
        return "closed";
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 3, Integer.MIN_VALUE, Integer.MAX_VALUE, 10_001})
  void aStartupPacketOfImpossibleLengthIsRefused(int length) throws Exception {
    try (var raw = new Raw()) {
      raw.out.writeInt(length);
      raw.out.writeInt(PROTOCOL_3);
      raw.out.flush();
      assertThat(raw.next()).startsWith("E").contains("08P01", "invalid length of startup packet");
      assertThat(raw.next()).isEqualTo("closed");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 3, Integer.MAX_VALUE, 16_385})
  void aPasswordMessageOfImpossibleLengthIsRefused(int length) throws Exception {
    try (var raw = new Raw()) {
      raw.startup("demo");
      assertThat(raw.next()).startsWith("R").contains("SCRAM-SHA-256");
      raw.out.writeByte('p');
      raw.out.writeInt(length);
      raw.out.flush();
      assertThat(raw.next()).startsWith("E").contains("08P01");
      assertThat(raw.next()).isEqualTo("closed");
    }
  }

  @Test
  void aQueryBeforeThePasswordIsRefused() throws Exception {
    try (var raw = new Raw()) {
      raw.startup("demo");
      raw.next();
      raw.message('Q', "select 1\0".getBytes(StandardCharsets.UTF_8));
      assertThat(raw.next()).startsWith("E").contains("expected password response");
      assertThat(raw.next()).isEqualTo("closed");
    }
  }

  @Test
  void malformedScramIsRefused() throws Exception {
    for (var first : new String[] {"", "n", "n,,", "n,,n=", "p=tls,,n=,r=x", "n,,x,y"}) {
      try (var raw = new Raw()) {
        raw.startup("demo");
        raw.next();
        var body = new ByteArrayOutputStream();
        body.writeBytes("SCRAM-SHA-256\0".getBytes(StandardCharsets.UTF_8));
        var data = new DataOutputStream(body);
        data.writeInt(first.length());
        data.writeBytes(first);
        raw.message('p', body.toByteArray());
        assertThat(raw.next()).as(first).startsWith("E");
        assertThat(raw.next()).isEqualTo("closed");
      }
    }
  }

  @Test
  void encryptionIsRefusedPolitelyOnceAndNotWithBytesBehindIt() throws Exception {
    try (var raw = new Raw()) {
      raw.out.writeInt(8);
      raw.out.writeInt(SSL_REQUEST);
      raw.out.flush();
      assertThat((char) raw.in.readByte()).isEqualTo('N');
      raw.out.writeInt(8);
      raw.out.writeInt(SSL_REQUEST);
      raw.out.flush();
      assertThat(raw.next()).startsWith("E").contains("encryption request");
    }
    try (var raw = new Raw()) {
      var bytes = new ByteArrayOutputStream();
      var data = new DataOutputStream(bytes);
      data.writeInt(8);
      data.writeInt(SSL_REQUEST);
      data.writeInt(9);
      data.writeInt(PROTOCOL_3);
      data.writeByte(0);
      raw.out.write(bytes.toByteArray());
      raw.out.flush();
      assertThat(raw.next()).startsWith("E").contains("encryption request");
      assertThat(raw.next()).isEqualTo("closed");
    }
  }

  @Test
  void bytesOfOtherProtocolsEndTheConnection() throws Exception {
    for (var text :
        new String[] {
          "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "*1\r\n$4\r\nPING\r\n", "\u0016\u0003\u0001"
        }) {
      try (var raw = new Raw()) {
        raw.out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        raw.out.flush();
        raw.socket.shutdownOutput();
        var answer = raw.next();
        assertThat(answer.equals("closed") || answer.startsWith("E")).isTrue();
      }
    }
  }

  @Test
  void tooManyClientsAreTold() throws Exception {
    var open = new java.util.ArrayList<Raw>();
    try {
      Awaitility.await().until(() -> database.server().connections() == 0);
      // As many again as may log in.
      for (int i = 0; i < 10; i++) {
        var raw = new Raw();
        open.add(raw);
        raw.startup("demo");
        assertThat(raw.next()).startsWith("R");
      }
      try (var raw = new Raw()) {
        assertThat(raw.next()).startsWith("E").contains("53300", "too many clients");
      }
    } finally {
      for (var raw : open) {
        raw.close();
      }
    }
    Awaitility.await().until(() -> database.server().connections() == 0);
  }

  private static String stateOf(String sql) throws SQLException {
    var url = "jdbc:postgresql://127.0.0.1:" + database.server().port() + "/millrace";
    Awaitility.await().until(() -> database.server().connections() < 5);
    try (var connection = DriverManager.getConnection(url, "demo", "secret");
        var statement = connection.createStatement()) {
      try (var results = statement.executeQuery(sql)) {
        while (results.next()) {
          results.getObject(1);
        }
        return "ok";
      } catch (SQLException error) {
        return error.getSQLState();
      }
    }
  }

  @Test
  void aStatementBeyondItsMemoryEndsWithoutHarmToOthers() throws Exception {
    assertThat(
            stateOf(
                "select a.id, b.last_name from users a, users b"
                    + " where a.id < 200 order by b.last_modified, a.id"))
        .isEqualTo("53200");
    assertThat(stateOf("select count(*) from users")).isEqualTo("ok");
  }

  @Test
  void plannerBombsEnd() throws Exception {
    assertThat(stateOf("select " + "(".repeat(20_000) + "1" + ")".repeat(20_000)))
        .isIn("ok", "54001", "42601");
    assertThat(stateOf("select 1" + " + 1".repeat(3_000))).isIn("ok", "54001");
    var list = new StringBuilder("0");
    for (int i = 1; i < 5_000; i++) {
      list.append(", ").append(i);
    }
    assertThat(stateOf("select id from users where id in (" + list + ")")).isEqualTo("ok");
  }

  @Test
  void bytesThatAreNoTextAreRefusedWhereverTheyStand() throws Exception {
    for (var body :
        new String[] {
          "user\0d\u00ff\0\0", "user\0demo\0application_name\0a\u00c3(\0\0", "us\u00c0er\0x\0\0"
        }) {
      try (var raw = new Raw()) {
        raw.out.writeInt(8 + body.length());
        raw.out.writeInt(PROTOCOL_3);
        raw.out.write(body.getBytes(StandardCharsets.ISO_8859_1));
        raw.out.flush();
        assertThat(raw.next()).startsWith("E").contains("22021", "invalid byte sequence");
        assertThat(raw.next()).isEqualTo("closed");
      }
    }
  }

  @Test
  void escapedBytesAreTextOrRefused() throws Exception {
    assertThat(stateOf("select E'a\\000b'")).isEqualTo("22021");
    assertThat(stateOf("select E'\\x00'")).isEqualTo("22021");
    assertThat(stateOf("select E'\\377'")).isEqualTo("22021");
    assertThat(stateOf("select E'\\u0000'")).isEqualTo("42601");
    assertThat(stateOf("select E'\\ud800'")).isEqualTo("42601");
    assertThat(stateOf("select E'\\ud83dx'")).isEqualTo("42601");
    assertThat(stateOf("select E'a\\ude00'")).isEqualTo("42601");
    assertThat(stateOf("select chr(55296)")).isEqualTo("54000");
    assertThat(stateOf("select chr(0)")).isEqualTo("54000");
    assertThat(stateOf("select chr(1114112)")).isEqualTo("54000");
    assertThat(stateOf("select chr(-1)")).isEqualTo("22023");
    assertThat(textOf("select chr(128512)")).isEqualTo(FACE);
    assertThat(stateOf("select E'\\u12'")).isEqualTo("22025");
    assertThat(textOf("select E'\\101\\x42\\u0043\\303\\244\\q'")).isEqualTo("ABC\u00e4q");
  }

  @ParameterizedTest
  @CsvSource({
    "'left(x, 1)', F",
    "'left(x, -1)', Fa",
    "'right(x, 2)', ab",
    "'right(x, -1)', ab",
    "'substr(x, 2, 1)', a",
    "'substring(x from 1 for 2)', Fa",
    "'substr(x, -1, 3)', F",
    "'lpad(x, 5, x)', FaFab",
    "'rpad(x, 4, x)', FabF",
    "'rpad(x, 1)', F",
    "'strpos(x, chr(98))', 3",
    "position(chr(98) in x), 3",
    "'btrim(x || chr(128513), left(x, 1))', abG",
    "ascii(x), 128512",
    "length(x), 3",
  })
  void aCharacterIsNotCutInTwo(String expression, String expected) throws Exception {
    var sql = expression.replace("x", "'" + FACE + "ab'");
    assertThat(textOf("select " + sql))
        .isEqualTo(expected.replace("F", FACE).replace("G", "\ud83d\ude01"));
  }

  private static String textOf(String sql) throws SQLException {
    var url = "jdbc:postgresql://127.0.0.1:" + database.server().port() + "/millrace";
    try (var connection = DriverManager.getConnection(url, "demo", "secret");
        var statement = connection.createStatement();
        var results = statement.executeQuery(sql)) {
      results.next();
      return results.getString(1);
    }
  }
}
