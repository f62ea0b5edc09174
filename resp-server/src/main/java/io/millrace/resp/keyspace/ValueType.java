package io.millrace.resp.keyspace;

import io.millrace.engine.state.ReadView;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;

/**
 * What the keyspace must know of a data type beyond its commands. Register one per type with the
 * keyspace; the index is {@code kind >>> 2}.
 */
public interface ValueType {
  /** Name that TYPE answers. */
  String name();

  /** First kind tag of this type. */
  int firstKind();

  /** Told once which seed hashes in this data directory use. */
  default void attached(long hashSeed) {}

  /**
   * Name that OBJECT ENCODING answers, of live state or of a cut.
   *
   * @param pages space of the pages in that view
   */
  String encoding(ReadView view, int pages, Ref value);

  /**
   * Gives up what the value owns outside its entry (pages). Called before the entry is removed or
   * replaced by another value.
   */
  default void free(TaskState task, Database database, Ref value) {}

  /**
   * Copies a value to a key that does not exist, which may be on another task or database.
   *
   * @param expireAtMs deadline of the copy, or 0
   */
  default void copy(Key from, Key to, long expireAtMs) {
    to.put(from.ref.kind, expireAtMs, from.ref.copyValue(), 0, from.ref.length);
  }

  /** Number of elements, 1 for strings. */
  long size(TaskState task, Database database, Ref value);

  /** Bytes of memory the value occupies, pages included as far as that is known cheaply. */
  default long bytes(TaskState task, Database database, Ref value) {
    return task.footprint(value);
  }

  /** Hash of the logical content: independent of encoding and layout. */
  long digest(TaskState task, Database database, Ref value, long seed);
}
