package io.millrace.engine.internal.runtime;

/** A hosted module, and whether records go to it now or are kept for it. */
final class Hosting {
  final HostedModule module;

  /**
   * True when the directory, as folded so far, knows the module in the version that is hosted, and
   * it has not been away since.
   */
  boolean folds;

  /** True once the module has been told its ids. */
  boolean attached;

  Hosting(HostedModule module) {
    this.module = module;
  }
}
