package io.millrace.engine.module;

import java.util.Locale;

/**
 * Something of an earlier version of a module that a later one gives up.
 *
 * @param kind what it is
 * @param name its name inside the module; {@code topology/depot} for a source
 */
public record Retired(Kind kind, String name) {
  /** What can be given up. */
  public enum Kind {
    /** A depot, with its events. */
    DEPOT,
    /** A pstate, with what it holds. */
    PSTATE,
    /** A topology, with what has stopped and what waits in it. */
    TOPOLOGY,
    /** That a topology reads a depot. */
    SOURCE;

    /** As it is written in messages and in the journal. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String toString() {
    return kind.text() + " " + name;
  }
}
