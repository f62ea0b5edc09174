package io.millrace.engine.table;

/** The versions a snapshot needed outgrew their budget and were given up. */
public final class SnapshotTooOldException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public SnapshotTooOldException(long position) {
    super(
        "snapshot too old: writes since position="
            + position
            + " outgrew the memory set aside for snapshots; run the statement again");
  }

  /** Creates the exception for another cause. */
  public SnapshotTooOldException(String cause) {
    super("snapshot lost: " + cause + "; run the statement again");
  }
}
