package io.millrace.http.metrics;

import io.millrace.engine.health.HealthFact;
import io.millrace.engine.health.HealthFact.Severity;
import io.millrace.engine.health.HealthFacts;
import io.millrace.http.exchange.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How the node is.
 *
 * @param live false when it must be restarted
 * @param started true once recovery is done
 * @param ready true while requests are served
 * @param detail one line for people
 * @param facts what the parts of the node tell; the worst of them counts as well
 */
public record Health(
    boolean live, boolean started, boolean ready, String detail, List<HealthFact> facts) {
  /** Without facts. */
  public Health(boolean live, boolean started, boolean ready, String detail) {
    this(live, started, ready, detail, List.of());
  }

  /** A node that serves. */
  public static Health serving() {
    return new Health(true, true, true, "serving");
  }

  /** A node that recovers. */
  public static Health starting(String detail) {
    return new Health(true, false, false, detail);
  }

  /** The same with the facts of now: one that is bad enough takes readiness or liveness away. */
  public Health with(List<HealthFact> present) {
    var worst = HealthFacts.worst(present);
    return new Health(
        live && worst.compareTo(Severity.NOT_LIVE) < 0,
        started,
        ready && worst.compareTo(Severity.NOT_READY) < 0,
        detail,
        List.copyOf(present));
  }

  /** The answer of one probe: {@code started}, {@code live} or {@code ready}. */
  public Answer probe(boolean good) {
    var members = new LinkedHashMap<String, Object>();
    members.put("status", good ? "UP" : "DOWN");
    members.put("detail", detail);
    if (!facts.isEmpty()) {
      members.put("facts", facts.stream().map(Health::json).toList());
    }
    return Answer.json(good ? 200 : 503, members);
  }

  private static Map<String, Object> json(HealthFact fact) {
    var members = new LinkedHashMap<String, Object>();
    members.put("name", fact.name());
    members.put("severity", fact.severity().name().toLowerCase(Locale.ROOT));
    members.put("text", fact.text());
    members.put("value", number(fact.value()));
    return members;
  }

  private static Object number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1L << 53 ? (Object) (long) value : value;
  }
}
