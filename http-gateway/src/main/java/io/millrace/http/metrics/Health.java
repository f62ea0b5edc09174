package io.millrace.http.metrics;

import io.millrace.http.exchange.Answer;
import java.util.Map;

/**
 * How the node is.
 *
 * @param live false when it must be restarted
 * @param started true once recovery is done
 * @param ready true while requests are served
 * @param detail one line for people
 */
public record Health(boolean live, boolean started, boolean ready, String detail) {
  /** A node that serves. */
  public static Health serving() {
    return new Health(true, true, true, "serving");
  }

  /** A node that recovers. */
  public static Health starting(String detail) {
    return new Health(true, false, false, detail);
  }

  /** The answer of one probe: {@code started}, {@code live} or {@code ready}. */
  public Answer probe(boolean good) {
    return Answer.json(good ? 200 : 503, Map.of("status", good ? "UP" : "DOWN", "detail", detail));
  }
}
