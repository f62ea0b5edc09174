package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** DEPOT.APPEND and PSTATE.SELECT: what they do, and what they say to wrong input. */
class ModuleCommandsIT {
  private static final String ISSUED =
      "{\"policyId\":%d,\"happenedAt\":1893456000000,\"firstName\":\"Jim\",\"lastName\":\"No%d\","
          + "\"carrier\":\"C\",\"premiumCents\":100,\"renewsOn\":\"2030-01-01\"}";

  @TempDir Path directory;
  private LocalNode node;
  private Jedis jedis;

  @BeforeEach
  void start() throws Exception {
    node = LocalNode.start(directory);
    jedis = new Jedis("127.0.0.1", node.node().respPort());
  }

  @AfterEach
  void stop() {
    jedis.close();
    node.close();
  }

  /** The reply as text; an error begins with a minus sign. */
  private String ask(String... words) {
    var arguments =
        Arrays.stream(words)
            .skip(1)
            .map(word -> word.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    try {
      return text(jedis.sendCommand(() -> words[0].getBytes(StandardCharsets.UTF_8), arguments));
    } catch (JedisDataException refused) {
      return "-" + refused.getMessage();
    }
  }

  private static String text(Object reply) {
    return switch (reply) {
      case null -> "nil";
      case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
      case List<?> items -> items.stream().map(ModuleCommandsIT::text).toList().toString();
      default -> reply.toString();
    };
  }

  private String append(String... more) {
    var words = new ArrayList<>(List.of("DEPOT.APPEND", "policies/events"));
    words.addAll(List.of(more));
    return ask(words.toArray(String[]::new));
  }

  private static String issued(long id) {
    return ISSUED.formatted(id, id);
  }

  private static String token(String reply) {
    assertThat(reply).startsWith("[mr1.");
    return reply.substring(1, reply.length() - 1);
  }

  @Test
  void anEventThatIsAnsweredIsFolded() {
    token(append("TYPE", "policy_issued", issued(1)));
    assertThat(ask("PSTATE.SELECT", "policies/grid", "[1, \"lastName\"]")).isEqualTo("[No1]");
    assertThat(ask("PSTATE.SELECT", "policies/grid", "[2]")).isEqualTo("[nil]");
    assertThat(ask("PSTATE.SELECT", "policies/book", "[\"C\", \"policies\"]")).isEqualTo("[1]");
  }

  @Test
  void severalEventsAreAppendedTogetherOrNotAtAll() {
    assertThat(append("TYPE", "policy_issued", issued(1), issued(2)).split(", ")).hasSize(2);
    assertThat(append("TYPE", "policy_issued", issued(3), "{\"policyId\":")).startsWith("-SCHEMA");
    assertThat(ask("PSTATE.SELECT", "policies/grid", "[{\"count\": true}]")).isEqualTo("[2]");
  }

  @Test
  void aKeySentTwiceIsOneEvent() {
    var first = token(append("TYPE", "policy_issued", "KEY", "order-1", issued(1)));
    var again = token(append("TYPE", "policy_issued", "KEY", "order-1", issued(1)));
    assertThat(again).isEqualTo(first);
    assertThat(append("TYPE", "policy_issued", "KEY", "k", issued(1), issued(2)))
        .isEqualTo("-ERR an idempotency key names one event only");
  }

  @Test
  void aReadAfterATokenShowsWhatTheTokenNames() {
    for (int id = 1; id <= 50; id++) {
      var token = token(append("ACK", "APPENDED", "TYPE", "policy_issued", issued(id)));
      assertThat(ask("PSTATE.SELECT", "policies/grid", "[{\"count\": true}]", "AFTER", token))
          .isEqualTo("[" + id + "]");
      assertThat(ask("PSTATE.SELECT", "policies/book", "[\"C\", \"policies\"]", "AFTER", token))
          .isEqualTo("[" + id + "]");
    }
  }

  @Test
  void aTokenThatCannotBeSeenIsAClearError() {
    var token = token(append("TYPE", "policy_issued", issued(1)));
    var lost = token.replaceAll(":\\d+$", ":99");
    assertThat(ask("PSTATE.SELECT", "policies/grid", "[1]", "AFTER", lost)).startsWith("-LOST ");
    assertThat(ask("PSTATE.SELECT", "policies/grid", "[1]", "AFTER", "x")).startsWith("-TOKEN ");
    assertThat(ask("PSTATE.SELECT", "policies/grid", "[1]", "AFTER"))
        .isEqualTo("-ERR syntax error");
    assertThat(ask("PSTATE.SELECT", "policies/grid", "[1]", "BEFORE", token))
        .isEqualTo("-ERR syntax error");
  }

  @Test
  void wrongEventsNameWhatIsWrong() {
    assertThat(append("TYPE", "policy_issued", "{broken")).startsWith("-SCHEMA ");
    assertThat(append("TYPE", "policy_issued", "{\"policyId\":\"x\"}")).startsWith("-SCHEMA ");
    assertThat(append("TYPE", "no_such_type", issued(1)))
        .startsWith("-")
        .contains("no_such_type", "policy_issued");
    assertThat(append("ACK", "SOON", issued(1)))
        .isEqualTo("-ERR ACK is one of NONE, APPENDED, FOLDED");
    assertThat(append("TYPE", "policy_issued")).isEqualTo("-ERR no event given");
    assertThat(ask("DEPOT.APPEND", "policies/nothing", "{}"))
        .startsWith("-ERR")
        .contains("policies/nothing", "policies/events");
    assertThat(ask("DEPOT.APPEND", "policies/events"))
        .isEqualTo("-ERR wrong number of arguments for 'depot.append' command");
    assertThat(ask("PSTATE.SELECT", "policies/grid", "[{\"count\": true}]")).isEqualTo("[0]");
  }

  @Test
  void wrongPathsNameWhatIsWrong() {
    assertThat(ask("PSTATE.SELECT", "policies/nothing", "[]"))
        .startsWith("-ERR")
        .contains("policies/nothing", "policies/grid");
    assertThat(ask("PSTATE.SELECT", "policies/grid", "[1")).startsWith("-PATH ");
    assertThat(ask("PSTATE.SELECT", "policies/grid", "[{\"nonsense\": 1}]"))
        .startsWith("-PATH ")
        .contains("nonsense");
    assertThat(ask("PSTATE.SELECT", "policies/grid", "[\"one\"]"))
        .startsWith("-SCHEMA ")
        .contains("expected long, got string");
    assertThat(ask("PSTATE.SELECT", "policies/grid", "[1, \"noField\"]"))
        .startsWith("-")
        .contains("noField");
    assertThat(ask("PSTATE.SELECT", "policies/grid"))
        .isEqualTo("-ERR wrong number of arguments for 'pstate.select' command");
  }

  @Test
  void inATransactionBothAreRefused() {
    assertThat(ask("MULTI")).isEqualTo("OK");
    assertThat(ask("PSTATE.SELECT", "policies/grid", "[1]"))
        .isEqualTo("-ERR Command not allowed inside a transaction");
    assertThat(append("TYPE", "policy_issued", issued(1)))
        .isEqualTo("-ERR Command not allowed inside a transaction");
    assertThat(ask("EXEC")).startsWith("-EXECABORT");
  }
}
