package io.millrace.engine.internal.topology;

/** Lets tests make pieces fail. */
@FunctionalInterface
public interface PieceFaults {
  /** Called before each attempt of a piece, except while the journal is folded again; may throw. */
  void beforePiece(String topology, String place, int task);
}
