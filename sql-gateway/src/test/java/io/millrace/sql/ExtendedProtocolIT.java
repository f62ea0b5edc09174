package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statements and portals message by message, as PostgreSQL 15 answers them. */
final class ExtendedProtocolIT {
  private static final String THREE = "values (1), (2), (3)";
  private static DemoDatabase database;

  @BeforeAll
  static void start() throws Exception {
    database = new DemoDatabase(2000, config -> config, "");
  }

  @AfterAll
  static void stop() {
    assertThat(database.openSnapshots()).isZero();
    database.close();
  }

  /** A client that has logged in. */
  private static final class Raw implements AutoCloseable {
    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;
    private byte[] key = {};

    Raw() throws IOException {
      socket = new Socket("127.0.0.1", database.server().port());
      socket.setSoTimeout(60_000);
      out = new DataOutputStream(socket.getOutputStream());
      in = new DataInputStream(socket.getInputStream());
      out.writeInt(8 + 11);
      out.writeInt(196_608);
      out.write("user\0demo\0\0".getBytes(StandardCharsets.UTF_8));
      answer();
    }

    /** Adds a message of texts, each ended by a zero, and bytes behind them. */
    Raw add(char type, String texts, int... shortsBehind) throws IOException {
      var body = new ByteArrayOutputStream();
      var data = new DataOutputStream(body);
      data.write(texts.replace('|', '\0').getBytes(StandardCharsets.UTF_8));
      for (int number : shortsBehind) {
        data.writeShort(number);
      }
      out.writeByte(type);
      out.writeInt(4 + body.size());
      out.write(body.toByteArray());
      return this;
    }

    Raw parse(String name, String sql) throws IOException {
      return add('P', name + "|" + sql + "|", 0);
    }

    Raw bind(String portal, String statement) throws IOException {
      return add('B', portal + "|" + statement + "|", 0, 0, 0);
    }

    Raw execute(String portal, int most) throws IOException {
      return add('E', portal + "|", most >>> 16, most);
    }

    String sync() throws IOException {
      return add('S', "").answer();
    }

    String query(String sql) throws IOException {
      return add('Q', sql + "|").answer();
    }

    /** What comes up to ReadyForQuery: types, and what of them tells something. */
    String answer() throws IOException {
      out.flush();
      var all = new StringBuilder();
      while (true) {
        var type = (char) in.readByte();
        var body = new byte[in.readInt() - 4];
        in.readFully(body);
        var text = new String(body, StandardCharsets.UTF_8);
        all.append(type);
        switch (type) {
          case 'K' -> key = body;
          case 'E', 'N' -> all.append(text, text.indexOf("\0C") + 2, text.indexOf("\0M"));
          case 'C', 'Z' -> all.append(text.replace("\0", ""));
          case 'D' -> all.append(text.substring(6));
          default -> {}
        }
        if (type == 'Z') {
          return all.toString();
        }
        all.append(' ');
      }
    }

    void cancel() throws IOException {
      try (var other = new Socket("127.0.0.1", database.server().port())) {
        other
            .getOutputStream()
            .write(ByteBuffer.allocate(16).putInt(16).putInt(80_877_102).put(key).array());
        other.getInputStream().read();
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void aPortalThatHasDeliveredEverythingHasNoMore() throws Exception {
    try (var raw = new Raw()) {
      raw.parse("", THREE).bind("", "").execute("", 0).execute("", 0);
      assertThat(raw.sync()).isEqualTo("1 2 D1 D2 D3 CSELECT 3 CSELECT 0 ZI");
      raw.query("begin");
      raw.parse("", THREE).bind("p", "").execute("p", 2).execute("p", 2).execute("p", 2);
      assertThat(raw.sync()).isEqualTo("1 2 D1 D2 s D3 CSELECT 1 CSELECT 0 ZT");
    }
  }

  @Test
  void aStatementWithoutRowsRunsOncePerPortal() throws Exception {
    try (var raw = new Raw()) {
      raw.query("begin");
      raw.parse("", "insert into events (kind) values ('once')").bind("", "");
      assertThat(raw.execute("", 0).execute("", 0).sync()).isEqualTo("1 2 CINSERT 0 1 E55000 ZE");
      assertThat(raw.query("rollback")).isEqualTo("CROLLBACK ZI");
    }
  }

  @Test
  void portalsEndWithTheirTransactionHoweverItEnds() throws Exception {
    try (var raw = new Raw()) {
      raw.query("begin");
      raw.parse("s", "select id from users").bind("p", "s").execute("p", 1);
      assertThat(raw.sync()).isEqualTo("1 2 D0 s ZT");
      assertThat(raw.query("commit")).isEqualTo("CCOMMIT ZI");
      assertThat(database.openSnapshots()).isZero();
      assertThat(raw.execute("p", 1).sync()).isEqualTo("E34000 ZI");
    }
  }

  @Test
  void theTimeBetweenTwoPartsOfAnAnswerIsTheClients() throws Exception {
    try (var raw = new Raw()) {
      raw.query("set statement_timeout = 1500");
      raw.query("begin");
      raw.parse("", "select id from users").bind("p", "").execute("p", 1);
      assertThat(raw.sync()).isEqualTo("1 2 D0 s ZT");
      await().pollDelay(Duration.ofMillis(2_000)).until(() -> true);
      assertThat(raw.execute("p", 1).sync()).isEqualTo("D1 s ZT");
      raw.cancel();
      assertThat(raw.execute("p", 1).sync()).as("nothing ran").isEqualTo("D2 s ZT");
    }
  }

  @Test
  void anOlderPortalThatGoesOnHearsACancelToo() throws Exception {
    try (var raw = new Raw()) {
      raw.query("begin");
      raw.parse(
          "",
          "select 1 union all select a.id from users a, users b, users c, users d"
              + " where a.id + b.id + c.id + d.id = -1");
      raw.bind("old", "").execute("old", 1);
      assertThat(raw.sync()).isEqualTo("1 2 D1 s ZT");
      assertThat(raw.query("select 2")).isEqualTo("T D2 CSELECT 1 ZT");
      raw.execute("old", 0).add('S', "").out.flush();
      await().pollDelay(Duration.ofMillis(500)).until(() -> true);
      raw.cancel();
      assertThat(raw.answer()).isEqualTo("E57014 ZE");
    }
  }

  @Test
  void statementsAreForgottenByName() throws Exception {
    try (var raw = new Raw()) {
      raw.parse("s", "select 1").sync();
      assertThat(raw.query("deallocate s")).isEqualTo("CDEALLOCATE ZI");
      assertThat(raw.query("deallocate s")).isEqualTo("E26000 ZI");
      assertThat(raw.parse("s", "select 1").sync()).isEqualTo("1 ZI");
      assertThat(raw.query("deallocate prepare all")).isEqualTo("CDEALLOCATE ALL ZI");
      assertThat(raw.parse("s", "select 1").sync()).isEqualTo("1 ZI");
      assertThat(raw.query("discard plans")).isEqualTo("CDISCARD PLANS ZI");
      assertThat(raw.parse("s", "select 1").sync()).isEqualTo("E42P05 ZI");
      assertThat(raw.query("discard all")).startsWith("CDISCARD ALL ").endsWith("ZI");
      assertThat(raw.parse("s", "select 1").sync()).isEqualTo("1 ZI");
      raw.query("begin");
      assertThat(raw.query("discard all")).isEqualTo("E25001 ZE");
      raw.query("rollback");
      assertThat(raw.query("discard")).isEqualTo("E42601 ZI");
    }
  }

  @Test
  void aStatementWithoutNameGoesWithTheNextParse() throws Exception {
    try (var raw = new Raw()) {
      raw.parse("", "select 1").bind("", "").execute("", 0).parse("", "select nothing");
      assertThat(raw.sync()).isEqualTo("1 2 D1 CSELECT 1 E42703 ZI");
      assertThat(raw.bind("", "").sync()).isEqualTo("E26000 ZI");
    }
  }

  @Test
  void asManyFormatsAsParameters() throws Exception {
    try (var raw = new Raw()) {
      raw.parse("", "select $1::int, $2::int, $3::int");
      raw.add('B', "||", 2, 0, 0, 3, 0, 1, '1' << 8, 0, 0, 0, 0, 0);
      assertThat(raw.sync()).isEqualTo("1 E08P01 ZI");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0xD000, 0, -1",
    "0, 0, 0xC000, 0, -1",
    "1, 0, 7, 0, 2",
    "1, 0, 0, 0, 20000",
  })
  void aBinaryNumberThatIsNoneIsRefused(
      String digits, String weight, String sign, String scale, int digit) throws Exception {
    try (var raw = new Raw()) {
      raw.parse("", "select $1::numeric");
      int length = digit < 0 ? 8 : 10;
      var head = new int[] {1, 1, 1, 0, length};
      var number =
          new int[] {
            Integer.decode(digits),
            Integer.decode(weight),
            Integer.decode(sign),
            Integer.decode(scale)
          };
      var all = new java.util.ArrayList<Integer>();
      java.util.Arrays.stream(head).forEach(all::add);
      java.util.Arrays.stream(number).forEach(all::add);
      if (digit >= 0) {
        all.add(digit);
      }
      all.add(0);
      raw.add('B', "||", all.stream().mapToInt(Integer::intValue).toArray());
      assertThat(raw.sync()).isEqualTo("1 E22P03 ZI");
    }
  }

  @Test
  void whatIsStrangeIsSaidBesideTheAnswer() throws Exception {
    try (var raw = new Raw()) {
      assertThat(raw.query("commit")).isEqualTo("N25P01 CCOMMIT ZI");
      assertThat(raw.query("rollback")).isEqualTo("N25P01 CROLLBACK ZI");
      raw.query("begin");
      assertThat(raw.query("begin")).isEqualTo("N25001 CBEGIN ZT");
      raw.query("commit");
      assertThat(raw.query("set local application_name = 'x'")).isEqualTo("N25P01 CSET ZI");
      raw.query("set client_min_messages = error");
      assertThat(raw.query("commit")).isEqualTo("CCOMMIT ZI");
    }
  }
}
