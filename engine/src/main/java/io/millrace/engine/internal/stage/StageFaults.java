package io.millrace.engine.internal.stage;

/** Lets tests make stages fail. */
@FunctionalInterface
public interface StageFaults {
  /** Called before each attempt of a stage, except while the journal is folded again; may throw. */
  void beforeStage(String topology, String place, int task);
}
