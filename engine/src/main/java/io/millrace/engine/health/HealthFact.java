package io.millrace.engine.health;

/**
 * One thing about the node that its doors tell: health probes, metrics and INFO show the same list.
 *
 * @param name stable, lower case with underscores; from a small fixed set, because it becomes a
 *     label of metrics
 * @param severity how bad it is now
 * @param text one line for people: what, where, what to do
 * @param value the figure behind it, 0 when there is nothing to report; its unit is part of the
 *     name where it has one ({@code _bytes}, {@code _ms})
 */
public record HealthFact(String name, Severity severity, String text, double value) {

  /** How bad a fact is, in rising order. */
  public enum Severity {
    /** Nothing to do. */
    GOOD,
    /** Somebody should look, but requests are served: readiness holds. */
    WARNING,
    /** Requests cannot be served well: readiness is down, the process shall go on. */
    NOT_READY,
    /** Only a restart helps: liveness is down, too. */
    NOT_LIVE
  }

  /** A fact that is as it should be. */
  public static HealthFact good(String name, String text) {
    return new HealthFact(name, Severity.GOOD, text, 0);
  }

  /** The fact as one line. */
  public String line() {
    return name + " " + severity.name().toLowerCase(java.util.Locale.ROOT) + ": " + text;
  }
}
