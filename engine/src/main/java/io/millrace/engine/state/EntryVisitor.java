package io.millrace.engine.state;

/** Receives entries during a scan. */
@FunctionalInterface
public interface EntryVisitor {
  /**
   * One entry. The Ref is reused between calls.
   *
   * @return false to end the scan
   */
  boolean visit(Ref entry);
}
