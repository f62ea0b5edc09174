package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Real starts of the packaged server with jars of several versions of one module. */
class ModuleJarsPackagedIT {
  private static final String PAID = "public record Paid(String who, long cents) {}";
  private static final String FOLD =
      """
      def.stream("sum").from(paid)
          .each("add", (event, at) -> at.write(totals).key(event.who()).increment(event.cents()));
      """;
  private static final String BANK =
      """
      var paid = def.depot("paid", Paid.class).partitionBy(Paid::who);
      var totals = def.pstate("totals", Schema.map(STRING, LONG));
      """
          + FOLD;

  @TempDir Path folder;
  private int port;
  private int sqlPort;

  @BeforeEach
  void ports() throws Exception {
    port = PackagedServer.freePort();
    sqlPort = PackagedServer.freePort();
  }

  private Path jar(String name, String define) throws Exception {
    return ModuleJar.make(folder, name, PAID, define);
  }

  private PackagedServer start(List<Path> jars, String... more) throws Exception {
    var arguments =
        new ArrayList<>(
            List.of(
                "--port",
                Integer.toString(port),
                "--sql-port",
                Integer.toString(sqlPort),
                "--http-port",
                "0",
                "--tasks",
                "4",
                "--hot-memory",
                "32mb",
                "--dir",
                folder.resolve("data").toString()));
    if (!jars.isEmpty()) {
      arguments.addAll(List.of("--modules", "bank"));
    }
    arguments.addAll(List.of(more));
    return PackagedServer.start(folder, Map.of(), ModuleJar.command(jars, arguments));
  }

  private String ask(String... words) {
    try (var jedis = new Jedis("127.0.0.1", port, 20_000)) {
      var arguments =
          Arrays.stream(words)
              .skip(1)
              .map(word -> word.getBytes(StandardCharsets.UTF_8))
              .toArray(byte[][]::new);
      return text(jedis.sendCommand(() -> words[0].getBytes(StandardCharsets.UTF_8), arguments));
    }
  }

  private static String text(Object reply) {
    return switch (reply) {
      case null -> "nil";
      case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
      case List<?> items -> items.stream().map(ModuleJarsPackagedIT::text).toList().toString();
      default -> reply.toString();
    };
  }

  private void pay(String who, long cents) {
    ask("DEPOT.APPEND", "bank/paid", "{\"who\":\"" + who + "\",\"cents\":" + cents + "}");
  }

  private String total(String pstate, String who) {
    return ask("PSTATE.SELECT", "bank/" + pstate, "[\"" + who + "\"]");
  }

  private String modules() throws Exception {
    var url = "jdbc:postgresql://127.0.0.1:" + sqlPort + "/millrace?user=millrace";
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select status, kept_records from sys.modules where module = 'bank'")) {
      return rows.next() ? rows.getString(1) + " " + rows.getLong(2) : "none";
    }
  }

  /** A start that must not be: it says why, ends by itself, and leaves the directory as it was. */
  private void refused(Path jar, String... texts) throws Exception {
    try (var server = start(List.of(jar))) {
      assertThat(server.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(server.out() + server.err())
          .contains("nothing was changed")
          .contains(texts)
          .doesNotContain("\tat io.millrace");
    }
  }

  @Test
  void aModuleThatIsAwayForAStartFindsEverythingWhenItIsBack() throws Exception {
    var bank = jar("v1", BANK);
    try (var server = start(List.of(bank)).awaitReady()) {
      pay("ada", 5);
      pay("ada", 7);
      ask("SET", "greeting", "hello");
      server.kill();
    }
    try (var server = start(List.of()).awaitReady()) {
      assertThat(ask("GET", "greeting")).isEqualTo("hello");
      assertThat(modules()).startsWith("ABSENT ").isNotEqualTo("ABSENT 0");
      assertThat(server.out() + server.err()).contains("module bank of this directory is absent");
      ask("SAVE");
      server.kill();
    }
    try (var server = start(List.of(bank)).awaitReady()) {
      assertThat(total("totals", "ada")).contains("12");
      assertThat(modules()).isEqualTo("RUNNING 0");
      pay("ada", 1);
      assertThat(server.terminate()).isZero();
    }
    try (var verify =
        PackagedServer.start(
            folder,
            Map.of(),
            ModuleJar.command(
                List.of(),
                List.of("verify", "--dir", folder.resolve("data").toString(), "--tasks", "4")))) {
      assertThat(verify.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(verify.out()).contains("not folded").contains("--modules bank");
    }
    try (var server = start(List.of(), "--retire", "bank").awaitReady()) {
      assertThat(modules()).isEqualTo("none");
      assertThat(server.out() + server.err()).contains("giving up module bank: depots [paid (3");
      assertThat(server.terminate()).isZero();
    }
    try (var server = start(List.of(bank)).awaitReady()) {
      assertThat(total("totals", "ada")).doesNotContain("1");
      assertThat(server.terminate()).isZero();
    }
  }

  @Test
  void versionsThatWouldLoseOrMisreadAreRefusedAndOthersGoOn() throws Exception {
    var bank = jar("v1", BANK);
    try (var server = start(List.of(bank)).awaitReady()) {
      pay("ada", 5);
      server.kill();
    }
    refused(
        jar(
            "doubles",
            BANK.replace("STRING, LONG", "STRING, DOUBLE").replace(FOLD, "")
                + "def.stream(\"sum\").from(paid).each((event, at) -> {});"),
        "pstate totals",
        "\"double\"",
        "def.retirePstate(\"totals\")");
    refused(
        ModuleJar.make(
            folder, "currency", "public record Paid(String who, long cents, String unit) {}", BANK),
        "event type paid of depot paid",
        "field unit is new and required");
    refused(
        jar("renamed", BANK.replace("\"sum\"", "\"adding\"")), "topology sum", ".renamed(\"sum\")");
    var richer =
        jar(
            "richer",
            BANK.replace("\"sum\")", "\"adding\").renamed(\"sum\")")
                + "def.pstate(\"more\", Schema.map(STRING, LONG));");
    try (var server = start(List.of(richer)).awaitReady()) {
      assertThat(total("totals", "ada")).contains("5");
      pay("ada", 6);
      server.kill();
    }
    try (var server = start(List.of(richer)).awaitReady()) {
      assertThat(total("totals", "ada")).contains("11");
      assertThat(server.terminate()).isZero();
    }
  }

  private static final String SHAPES =
      """
      var paid = def.depot("paid", Paid.class).partitionBy(Paid::who);
      var totals = def.pstate("totals", Schema.map(STRING, LONG));
      var rows = def.pstate("rows", Schema.map(STRING,
          Schema.record(Schema.field("a", LONG), Schema.field("b", LONG))));
      var parts = def.pstate("parts", Schema.map(STRING, Schema.map(STRING, LONG)));
      """
          + FOLD;

  @Test
  void everyOtherFormOfAPstateOrDepotIsRefused() throws Exception {
    try (var server = start(List.of(jar("v1", SHAPES))).awaitReady()) {
      pay("ada", 5);
      server.kill();
    }
    var changes =
        List.of(
            List.of(
                "field(\"a\", LONG), Schema.field(\"b\"", "field(\"b\", LONG), Schema.field(\"a\""),
            List.of("field(\"b\", LONG)", "field(\"b\", LONG), Schema.field(\"c\", LONG)"),
            List.of(", Schema.map(STRING, LONG)));", ", Schema.map(STRING, LONG).subindexed()));"),
            List.of("pstate(\"parts\"", "globalPstate(\"parts\""),
            List.of("partitionBy(Paid::who)", "partitionBy(Paid::cents)"),
            List.of("depot(\"paid\"", "depot(\"payments\""));
    for (var i = 0; i < changes.size(); i++) {
      var changed = SHAPES.replace(changes.get(i).getFirst(), changes.get(i).getLast());
      assertThat(changed).isNotEqualTo(SHAPES);
      refused(jar("changed-" + i, changed), "bank");
    }
    try (var server = start(List.of(jar("v2", SHAPES))).awaitReady()) {
      assertThat(total("totals", "ada")).contains("5");
    }
  }

  /** The fold throws at negative amounts, unless it is mended. */
  private static String careful(String before, String refusal) {
    return """
    var paid = def.depot("paid", Paid.class).partitionBy(Paid::who);
    var other = def.depot("other", Paid.class).partitionBy(Paid::who);
    var totals = def.pstate("totals", Schema.map(STRING, LONG));
    var wrong = def.pstate("wrong", Schema.map(STRING, LONG));
    var sum = def.stream("sum");
    %s
    sum.from(paid).each("add", (event, at) -> {
      %s
      at.write(totals).key(event.who()).increment(event.cents());
    });
    """
        .formatted(before, refusal);
  }

  @Test
  void aStoppedEventGoesOnInItsOwnCodeWhateverIsDeclaredBeforeIt() throws Exception {
    var refusal = "if (event.cents() < 0) throw new IllegalStateException(\"negative\");";
    try (var server = start(List.of(jar("v1", careful("", refusal)))).awaitReady()) {
      pay("ada", 5);
      pay("ada", -2);
      pay("ada", 1);
      server.kill();
    }
    var before =
        "sum.from(other).each((event, at) ->"
            + " at.write(wrong).key(event.who()).increment(event.cents()));";
    try (var server = start(List.of(jar("v2", careful(before, "")))).awaitReady()) {
      assertThat(total("totals", "ada")).contains("5");
      assertThat(ask("TOPOLOGY", "LIST")).contains("bank/sum");
      ask("TOPOLOGY", "RESUME", "bank/sum");
      await().untilAsserted(() -> assertThat(total("totals", "ada")).contains("4"));
      assertThat(total("wrong", "ada")).contains("nil");
      assertThat(server.terminate()).isZero();
    }
  }
}
