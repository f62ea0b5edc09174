package io.millrace.engine.internal.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.engine.internal.codec.ByteReader;
import io.millrace.engine.internal.codec.ByteWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records that a module has not folded, because it was not there when they were folded again, or
 * was there in another version: kept as entries, in the order of the journal, until it is. The
 * journal need not be kept for them, and a checkpoint holds them.
 */
public final class Backlog {
  private static final String KIND = "backlog:";
  private static final int HAS_KEY = 1;
  private static final int HAS_CAUSE = 2;

  private final SystemSpace space;

  /**
   * Modules for which something is kept. A cut taken while the journal was folded may hold it,
   * though that start was then refused, or ended before it said that the module is away or back.
   */
  private final Set<String> modules = new HashSet<>();

  Backlog(SystemSpace space) {
    this.space = space;
  }

  /** Where one record is kept. */
  private record Kept(int task, byte[] key, long position) {}

  /** First bytes of the key of every kept record. */
  static byte[] anyPrefix() {
    return SystemSpace.bytes(KIND);
  }

  private static byte[] prefix(String module) {
    return SystemSpace.bytes(KIND + module + "\0");
  }

  /** Reads for whom the last cut keeps something. */
  void load(NodeExecution execution) {
    for (int task = 0; task < execution.tasks(); task++) {
      for (byte[] key : space.keys(execution.task(task), anyPrefix())) {
        String name = new String(key, KIND.length(), key.length - KIND.length(), UTF_8);
        modules.add(name.substring(0, name.indexOf(0)));
      }
    }
  }

  /** True when something is kept for a module: it folds nothing else before that. */
  boolean has(String module) {
    return modules.contains(module);
  }

  /** Keeps a record for a module. */
  void add(String module, FoldRecord record, NodeExecution execution) {
    modules.add(module);
    byte[] prefix = prefix(module);
    byte[] key = Arrays.copyOf(prefix, prefix.length + Long.BYTES);
    ByteBuffer.wrap(key).putLong(prefix.length, record.position);
    space.put(execution.task(record.partition), key, encode(record));
  }

  /** Number of records kept for a module. */
  public int size(String module, NodeExecution execution) {
    return find(module, execution).size();
  }

  private List<Kept> find(String module, NodeExecution execution) {
    byte[] prefix = prefix(module);
    List<Kept> kept = new ArrayList<>();
    for (int task = 0; task < execution.tasks(); task++) {
      for (byte[] key : space.keys(execution.task(task), prefix)) {
        kept.add(new Kept(task, key, ByteBuffer.wrap(key).getLong(prefix.length)));
      }
    }
    kept.sort(Comparator.comparingLong(Kept::position));
    return kept;
  }

  /** Folds what was kept for a module, oldest first, and forgets it. */
  int fold(HostedModule module, NodeExecution execution) {
    List<Kept> kept = find(module.name(), execution);
    FoldRecord record = new FoldRecord();
    for (Kept one : kept) {
      byte[] value = space.get(execution.task(one.task), one.key);
      if (value == null) {
        throw new IllegalStateException("A kept record has gone: module=" + module.name());
      }
      decode(value, record);
      record.position = one.position;
      execution.foldKept(record, module);
      space.remove(execution.task(one.task), one.key);
    }
    modules.remove(module.name());
    return kept.size();
  }

  /** Forgets what was kept for a module. */
  void drop(String module, NodeExecution execution) {
    for (Kept one : find(module, execution)) {
      space.remove(execution.task(one.task), one.key);
    }
    modules.remove(module);
  }

  private static byte[] encode(FoldRecord record) {
    ByteWriter out = new ByteWriter();
    byte[] key = record.idempotencyKey;
    Cause cause = record.cause;
    out.put((key == null ? 0 : HAS_KEY) | (cause == null ? 0 : HAS_CAUSE));
    out.varint(record.depotId);
    out.varint(record.partition);
    out.varint(record.recordOffset);
    out.varint(record.timeMs);
    out.varint(record.typeId);
    out.varint(record.version);
    if (key != null) {
      out.varint(key.length);
      out.put(key);
    }
    if (cause != null) {
      out.varint(cause.task());
      out.varint(cause.depotId());
      out.varint(cause.offset());
      out.varint(cause.ordinal());
    }
    byte[] head = out.toBytes();
    byte[] all = Arrays.copyOf(head, head.length + record.length);
    System.arraycopy(record.array, record.offset, all, head.length, record.length);
    return all;
  }

  private static void decode(byte[] value, FoldRecord record) {
    ByteReader in = new ByteReader(value, 0, value.length);
    int flags = in.get();
    record.depotId = (int) in.varint();
    record.partition = (int) in.varint();
    record.recordOffset = in.varint();
    record.timeMs = in.varint();
    record.typeId = (int) in.varint();
    record.version = (int) in.varint();
    record.idempotencyKey = (flags & HAS_KEY) == 0 ? null : in.copy(in.length());
    record.cause = (flags & HAS_CAUSE) == 0 ? null : cause(in);
    record.array = value;
    record.offset = in.position();
    record.length = value.length - record.offset;
  }

  private static @Nullable Cause cause(ByteReader in) {
    return new Cause((int) in.varint(), (int) in.varint(), in.varint(), (int) in.varint());
  }
}
