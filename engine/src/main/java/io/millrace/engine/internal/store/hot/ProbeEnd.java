package io.millrace.engine.internal.store.hot;

/** A probe wanted to change something; it ends here. Carries nothing, so one is enough. */
public final class ProbeEnd extends RuntimeException {
  static final ProbeEnd REACHED = new ProbeEnd();

  private static final long serialVersionUID = 1L;

  private ProbeEnd() {
    super(null, null, false, false);
  }
}
