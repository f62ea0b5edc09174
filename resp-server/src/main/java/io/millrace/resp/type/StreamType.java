package io.millrace.resp.type;

import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.ReadView;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.tree.Cursor;
import io.millrace.resp.keyspace.Database;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.keyspace.ValueType;

/** Streams. */
public final class StreamType implements ValueType {
  private final StreamValue value = new StreamValue();
  private final StreamValue target = new StreamValue();

  /** Creates the type. */
  public StreamType() {}

  @Override
  public String name() {
    return "stream";
  }

  @Override
  public int firstKind() {
    return Kinds.STREAM;
  }

  @Override
  public String encoding(ReadView view, int pages, Ref entry) {
    return "stream";
  }

  @Override
  public void free(TaskState task, Database database, Ref entry) {
    value.value().free(task, database, entry);
  }

  @Override
  public void copy(Key from, Key to, long expireAtMs) {
    TreeValue.copy(value.value(), target.value(), from, to, expireAtMs);
  }

  @Override
  public long size(TaskState task, Database database, Ref entry) {
    return value.open(task, database, entry).size();
  }

  @Override
  public long digest(TaskState task, Database database, Ref entry, long seed) {
    StreamValue stream = value.open(task, database, entry);
    byte[] head = stream.lastId().bytes();
    long sum = KeyHash.hash(head, 0, head.length, seed ^ stream.added());
    head = stream.deletedId().bytes();
    sum = KeyHash.hash(head, 0, head.length, sum);
    Cursor cursor = stream.tree().cursor();
    for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
      sum = KeyHash.hash(cursor.array(), cursor.keyOffset(), cursor.keyLength(), sum);
      sum = KeyHash.hash(cursor.array(), cursor.valueOffset(), cursor.valueLength(), sum);
    }
    return sum;
  }
}
