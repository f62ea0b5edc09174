package io.millrace.resp.type;

import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.ReadView;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.tree.LeafPage;
import io.millrace.resp.keyspace.Database;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.keyspace.ValueType;

/** Sets. */
public final class SetType implements ValueType {
  private final SetValue value = new SetValue();
  private final SetValue target = new SetValue();

  /** Creates the type. */
  public SetType() {}

  @Override
  public String name() {
    return "set";
  }

  @Override
  public int firstKind() {
    return Kinds.SET;
  }

  @Override
  public String encoding(ReadView view, int pages, Ref entry) {
    return SetValue.encoding(entry);
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
    long[] sum = {seed};
    value
        .open(task, database, entry)
        .tree()
        .visitLeaves(leaf -> {
          sum[0] += digest(leaf, seed);
          return true;
        });
    return sum[0];
  }

  private static long digest(LeafPage leaf, long seed) {
    long sum = 0;
    for (int i = 0; i < leaf.count(); i++) {
      leaf.at(i);
      int offset = leaf.keyOffset + SetValue.HASH;
      sum += KeyHash.hash(leaf.array, offset, leaf.keyLength - SetValue.HASH, seed);
    }
    return sum;
  }
}
