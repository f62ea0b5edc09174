package io.millrace.engine.internal.store;

/** A probe wanted to change something; it ends here. Carries nothing, so one is enough. */
final class ProbeEnd extends RuntimeException {
  static final ProbeEnd REACHED = new ProbeEnd();

  private static final long serialVersionUID = 1L;

  private ProbeEnd() {
    super(null, null, false, false);
  }
}
