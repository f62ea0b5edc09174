package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bytes that PostgreSQL takes for no text: 22021, and never a replacement character. */
final class NoTextIT {
  private static DemoDatabase database;

  @BeforeAll
  static void start() throws Exception {
    database = new DemoDatabase(10, config -> config, "");
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  /** A client that has logged in, and reads up to the next ReadyForQuery. */
  private static final class Raw implements AutoCloseable {
    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    Raw() throws IOException {
      socket = new Socket("127.0.0.1", database.server().port());
      socket.setSoTimeout(120_000);
      out = new DataOutputStream(socket.getOutputStream());
      in = new DataInputStream(socket.getInputStream());
      out.writeInt(8 + 11);
      out.writeInt(196_608);
      out.write("user\0demo\0\0".getBytes(StandardCharsets.UTF_8));
      answer();
    }

    void send(char type, byte[] body) throws IOException {
      out.writeByte(type);
      out.writeInt(4 + body.length);
      out.write(body);
    }

    String answer() throws IOException {
      out.flush();
      var all = new StringBuilder();
      while (true) {
        var type = (char) in.readByte();
        var body = new byte[in.readInt() - 4];
        in.readFully(body);
        all.append(type).append(new String(body, StandardCharsets.UTF_8).replace('\0', ' '));
        if (type == 'Z') {
          return all.toString();
        }
      }
    }

    /** Binds one parameter and runs the statement. */
    String bind(int format, byte[] value) throws IOException {
      send('P', "\0select $1::text\0\0\0".getBytes(StandardCharsets.UTF_8));
      var body = new ByteArrayOutputStream();
      var data = new DataOutputStream(body);
      data.writeShort(0);
      data.writeShort(1);
      data.writeShort(format);
      data.writeShort(1);
      data.writeInt(value.length);
      data.write(value);
      data.writeShort(0);
      send('B', body.toByteArray());
      send('E', new byte[5]);
      send('S', new byte[0]);
      return answer();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void parametersAreTextInBothFormats() throws Exception {
    try (var raw = new Raw()) {
      for (int format : new int[] {0, 1}) {
        assertThat(raw.bind(format, latin("a\0b"))).contains("22021", "\"UTF8\": 0x00");
        assertThat(raw.bind(format, latin("a\u00ff"))).contains("22021", "\"UTF8\": 0xff");
        assertThat(raw.bind(format, latin("\u00ed\u00a0\u0080"))).contains("22021");
        assertThat(raw.bind(format, "\uFFFDok".getBytes(StandardCharsets.UTF_8)))
            .doesNotContain("22021")
            .contains("\uFFFDok");
      }
    }
  }

  @Test
  void statementsAreText() throws Exception {
    try (var raw = new Raw()) {
      raw.send('Q', latin("select '\u00c3('\0"));
      assertThat(raw.answer()).contains("22021", "invalid byte sequence").doesNotContain("\uFFFD");
      raw.send('P', latin("\0select '\u0080'\0\0\0"));
      raw.send('S', new byte[0]);
      assertThat(raw.answer()).contains("22021", "0x80");
      raw.send('Q', latin("select 1\0"));
      assertThat(raw.answer()).contains("SELECT 1");
    }
  }
}
