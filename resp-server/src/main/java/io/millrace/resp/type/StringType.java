package io.millrace.resp.type;

import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.ReadView;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import io.millrace.resp.keyspace.Database;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.keyspace.ValueType;
import io.millrace.resp.protocol.Numbers;

/** Strings: the value bytes as they are. */
public final class StringType implements ValueType {
  private static final int EMBEDDED = 44;

  @Override
  public String name() {
    return "string";
  }

  @Override
  public int firstKind() {
    return Kinds.STRING;
  }

  @Override
  public String encoding(ReadView view, int pages, Ref value) {
    if (value.kind == Kinds.STRING_RAW) {
      return "raw";
    }
    if (value.kind == Kinds.STRING && Numbers.isLong(value.array, value.offset, value.length)) {
      return "int";
    }
    return value.length <= EMBEDDED ? "embstr" : "raw";
  }

  @Override
  public long size(TaskState task, Database database, Ref value) {
    return 1;
  }

  @Override
  public long digest(TaskState task, Database database, Ref value, long seed) {
    return KeyHash.hash(value.array, value.offset, value.length, seed);
  }
}
