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

/** Sorted sets. */
public final class ZSetType implements ValueType {
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final ZSetValue value = new ZSetValue();
  private final ZSetValue target = new ZSetValue();

  /** Creates the type. */
  public ZSetType() {}

  @Override
  public String name() {
    return "zset";
  }

  @Override
  public int firstKind() {
    return Kinds.ZSET;
  }

  @Override
  public String encoding(ReadView view, int pages, Ref entry) {
    return ZSetValue.encoding(entry);
  }

  @Override
  public void free(TaskState task, Database database, Ref entry) {
    value.open(task, database, entry).free();
  }

  @Override
  public void copy(Key from, Key to, long expireAtMs) {
    value.open(from).copyTo(from, to, expireAtMs, target);
  }

  @Override
  public long size(TaskState task, Database database, Ref entry) {
    return value.open(task, database, entry).size();
  }

  @Override
  public long digest(TaskState task, Database database, Ref entry, long seed) {
    long sum = seed;
    Cursor cursor = value.open(task, database, entry).order().cursor();
    for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
      long score = Double.doubleToRawLongBits(ZSetKey.score(cursor));
      long member =
          KeyHash.hash(cursor.array(), ZSetKey.offset(cursor), ZSetKey.length(cursor), seed);
      sum += (member ^ score * MIX) * MIX;
    }
    return sum;
  }
}
