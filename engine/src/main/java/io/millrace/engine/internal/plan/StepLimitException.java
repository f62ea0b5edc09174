package io.millrace.engine.internal.plan;

/**
 * A read has gone over as many elements as it was given: whoever began it reads somewhere else,
 * where nobody waits.
 */
public final class StepLimitException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StepLimitException() {
    super("the read goes over more elements than it was given", null, false, false);
  }
}
