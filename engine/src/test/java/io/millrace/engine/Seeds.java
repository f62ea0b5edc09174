package io.millrace.engine;

import java.util.SplittableRandom;

/**
 * Seeds of randomised tests.
 *
 * <p>A build uses the same ones every time, so that a red build means a change. {@code
 * -Dmillrace.explore=true} draws new ones; {@code -Dmillrace.seed=S} repeats one.
 */
public final class Seeds {
  private static final StackWalker CALLER =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private Seeds() {}

  /** Returns the seed to use; the test prints it when it fails. */
  public static long next() {
    return next(CALLER.getCallerClass(), 0);
  }

  /** Returns the seed of one repetition of a test. */
  public static long next(int repetition) {
    return next(CALLER.getCallerClass(), repetition);
  }

  private static long next(Class<?> test, int repetition) {
    var repeated = Long.getLong("millrace.seed");
    if (repeated != null) {
      return repeated;
    }
    return Boolean.getBoolean("millrace.explore")
        ? new SplittableRandom().nextLong()
        : new SplittableRandom(test.getName().hashCode() + 31L * repetition).nextLong();
  }
}
