package io.millrace.engine;

import java.util.SplittableRandom;

/** Seeds of randomised tests: fixed by {@code -Dmillrace.seed}, otherwise new at every run. */
public final class Seeds {
  private Seeds() {}

  /** Returns the seed to use; the test prints it when it fails. */
  public static long next() {
    var fixed = Long.getLong("millrace.seed");
    return fixed != null ? fixed : new SplittableRandom().nextLong();
  }
}
