package io.millrace.engine.state;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry that this execution needs is not in memory, maybe one of several ({@link #all}). The
 * execution has changed nothing; the runtime loads the entry on an I/O thread and runs the
 * execution again. Carries no stack trace and no message: it is control flow between the store and
 * the runtime, never shown to a user.
 */
public final class NotResidentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Entries that one exception names at most; what is beyond shows when it is run again. */
  private static final int MOST = 8192;

  private final int taskId;
  private final int space;
  private final transient byte[] key;
  private final long hash;
  private transient @Nullable Map<Entry, NotResidentException> others;

  private record Entry(int taskId, int space, ByteBuffer key) {}

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

  /**
   * Adds an entry that the same execution will miss, unless it is known.
   *
   * @return false when no more can be added
   */
  public boolean add(NotResidentException other) {
    Map<Entry, NotResidentException> more = others;
    if (more == null) {
      // Most often a command has one key, and it is this one.
      if (hash == other.hash && entry().equals(other.entry())) {
        return true;
      }
      more = new LinkedHashMap<>();
      more.put(entry(), this);
      others = more;
    }
    if (more.size() >= MOST) {
      return false;
    }
    more.putIfAbsent(other.entry(), other);
    return true;
  }

  private Entry entry() {
    return new Entry(taskId, space, ByteBuffer.wrap(key));
  }

  /** All entries the execution is known to miss, this one first. */
  public List<NotResidentException> all() {
    Map<Entry, NotResidentException> more = others;
    return more == null ? List.of(this) : List.copyOf(more.values());
  }
}
