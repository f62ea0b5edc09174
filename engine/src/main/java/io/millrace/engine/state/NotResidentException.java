package io.millrace.engine.state;

/**
 * An entry that this execution needs is not in memory. The execution has changed nothing; the
 * runtime loads the entry on an I/O thread and runs the execution again. Carries no stack trace and
 * no message: it is control flow between the store and the runtime, never shown to a user.
 */
public final class NotResidentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int taskId;
  private final int space;
  private final transient byte[] key;
  private final long hash;

  /** Creates the exception for one entry; the key is kept, not copied. */
  public NotResidentException(int taskId, int space, byte[] key, long hash) {
    super(null, null, false, false);
    this.taskId = taskId;
    this.space = space;
    this.key = key;
    this.hash = hash;
  }

  /** Task of the missing entry. */
  public int taskId() {
    return taskId;
  }

  /** Space of the missing entry. */
  public int space() {
    return space;
  }

  /** Key bytes of the missing entry. */
  public byte[] key() {
    return key;
  }

  /** Hash of the missing entry. */
  public long hash() {
    return hash;
  }
}
