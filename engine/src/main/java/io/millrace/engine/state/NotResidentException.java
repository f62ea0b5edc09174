package io.millrace.engine.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry that this execution needs is not in memory, maybe one of several ({@link #all}). The
 * execution has changed nothing; the runtime loads the entry on an I/O thread and runs the
 * execution again. Carries no stack trace and no message: it is control flow between the store and
 * the runtime, never shown to a user.
 */
public final class NotResidentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int taskId;
  private final int space;
  private final transient byte[] key;
  private final long hash;
  private transient @Nullable List<NotResidentException> others;

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

  /** Adds an entry that the same execution will miss, unless it is known. */
  void add(NotResidentException other) {
    if (same(other)) {
      return;
    }
    List<NotResidentException> more = others;
    if (more == null) {
      more = new ArrayList<>();
      others = more;
    }
    for (NotResidentException one : more) {
      if (one.same(other)) {
        return;
      }
    }
    more.add(other);
  }

  private boolean same(NotResidentException other) {
    return hash == other.hash
        && space == other.space
        && taskId == other.taskId
        && Arrays.equals(key, other.key);
  }

  /** All entries the execution is known to miss, this one first. */
  public List<NotResidentException> all() {
    List<NotResidentException> more = others;
    if (more == null) {
      return List.of(this);
    }
    List<NotResidentException> all = new ArrayList<>(more.size() + 1);
    all.add(this);
    all.addAll(more);
    return all;
  }
}
