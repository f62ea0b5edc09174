package io.millrace.engine.health;

import io.millrace.engine.health.HealthFact.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What is known about the health of a node: every part adds its source, every door reads all. */
public final class HealthFacts {
  private final List<Source> sources = new CopyOnWriteArrayList<>();

  /**
   * A part of the node that tells facts. It is asked by event loops and at any time, also while a
   * fold runs: it must answer at once and must not wait for the execution lock.
   */
  @FunctionalInterface
  public interface Source {
    /** The facts of now, always of the same names. */
    List<HealthFact> facts();
  }

  /** Creates an empty list. */
  public HealthFacts() {}

  /** Adds a source; its facts come after those there are. */
  public void add(Source source) {
    sources.add(source);
  }

  /** All facts, in the order of their sources. */
  public List<HealthFact> all() {
    var all = new ArrayList<HealthFact>();
    sources.forEach(source -> all.addAll(source.facts()));
    return all;
  }

  /** The worst severity of some facts. */
  public static Severity worst(List<HealthFact> facts) {
    var worst = Severity.GOOD;
    for (var fact : facts) {
      if (fact.severity().compareTo(worst) > 0) {
        worst = fact.severity();
      }
    }
    return worst;
  }
}
