package io.millrace.engine.internal.depots;

/** What must stay of kept depots whatever their retention says. */
@FunctionalInterface
public interface NeededEvents {
  /** Offset from which on the events of a partition are needed; {@link Long#MAX_VALUE} for none. */
  long from(int depot, int partition);
}
