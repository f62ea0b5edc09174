package io.millrace.resp.dump;

import io.millrace.engine.tree.Cursor;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Numbers;
import io.millrace.resp.type.HashType;
import io.millrace.resp.type.ListType;
import io.millrace.resp.type.SetValue;
import io.millrace.resp.type.ZSetKey;
import io.millrace.resp.type.ZSetValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/** Writes the value of a key as a dump payload that Redis 7.0 and newer load. */
public final class ValueDumper {
  private static final int NODE_BYTES = 8192;
  private static final int PACKED = 2;
  private static final int INTSET_HEADER = 8;

  private final PayloadWriter out = new PayloadWriter();

  private ValueDumper() {}

  /** The payload of an existing key. */
  public static byte[] dump(Keyspace keyspace, Key key) {
    return new ValueDumper().payload(keyspace, key);
  }

  private byte[] payload(Keyspace keyspace, Key key) {
    switch (Kinds.type(key.ref.kind) << 2) {
      case Kinds.STRING -> string(key);
      case Kinds.LIST -> list(key);
      case Kinds.SET -> set(key);
      case Kinds.HASH -> hash((HashType) keyspace.type(Kinds.HASH), key);
      case Kinds.ZSET -> zset(key);
      case Kinds.STREAM -> {
        out.octet(RdbType.STREAM_LISTPACKS_2);
        new StreamDumper().dump(key, out);
      }
      default -> throw new IllegalStateException("kind without a payload: " + key.ref.kind);
    }
    return out.finish();
  }

  private void string(Key key) {
    out.octet(RdbType.STRING);
    out.string(key.ref.array, key.ref.offset, key.ref.length);
  }

  private void list(Key key) {
    out.octet(RdbType.LIST_QUICKLIST_2);
    var nodes = new ArrayList<byte[]>();
    var node = new ListpackWriter();
    Cursor cursor = ListType.view().open(key).cursor();
    long bytes = 0;
    for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
      bytes += cursor.valueLength();
      out.require(bytes);
      if (node.count() > 0 && node.bytes() + cursor.valueLength() > NODE_BYTES) {
        nodes.add(node.finish());
        node.clear();
      }
      node.add(cursor.array(), cursor.valueOffset(), cursor.valueLength());
    }
    nodes.add(node.finish());
    out.length(nodes.size());
    for (var packed : nodes) {
      out.length(PACKED);
      out.string(packed);
    }
  }

  private void set(Key key) {
    var set = new SetValue().open(key);
    Cursor cursor = set.tree().cursor();
    if (key.encoding().equals("intset")) {
      out.octet(RdbType.SET_INTSET);
      out.string(intset(cursor, (int) set.size()));
      return;
    }
    out.octet(RdbType.SET);
    out.length(set.size());
    for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
      out.string(cursor.array(), SetValue.offset(cursor), SetValue.length(cursor));
    }
  }

  private static byte[] intset(Cursor cursor, int size) {
    var numbers = new long[size];
    int at = 0;
    for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
      numbers[at++] =
          Numbers.parseLong(cursor.array(), SetValue.offset(cursor), SetValue.length(cursor));
    }
    java.util.Arrays.sort(numbers);
    long low = numbers[0];
    long high = numbers[size - 1];
    int width = low == (short) low && high == (short) high ? 2 : 8;
    if (width == 8 && low == (int) low && high == (int) high) {
      width = 4;
    }
    var bytes = new byte[INTSET_HEADER + size * width];
    little(bytes, 0, width, 4);
    little(bytes, 4, size, 4);
    for (int i = 0; i < size; i++) {
      little(bytes, INTSET_HEADER + i * width, numbers[i], width);
    }
    return bytes;
  }

  private static void little(byte[] into, int at, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      into[at + i] = (byte) (value >>> 8 * i);
    }
  }

  private void hash(HashType hash, Key key) {
    boolean small = key.encoding().equals("listpack");
    var pack = new ListpackWriter();
    hash.open(key);
    Cursor cursor = hash.cursor();
    out.octet(small ? RdbType.HASH_LISTPACK : RdbType.HASH);
    if (!small) {
      out.length(hash.size());
    }
    for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
      int field = cursor.keyOffset() + HashType.PREFIX;
      int fieldLength = cursor.keyLength() - HashType.PREFIX;
      if (small) {
        pack.add(cursor.array(), field, fieldLength);
        pack.add(cursor.array(), cursor.valueOffset(), cursor.valueLength());
      } else {
        out.string(cursor.array(), field, fieldLength);
        out.string(cursor.array(), cursor.valueOffset(), cursor.valueLength());
      }
    }
    if (small) {
      out.string(pack.finish());
    }
  }

  private void zset(Key key) {
    var set = new ZSetValue().open(key);
    Cursor cursor = set.order().cursor();
    if (key.encoding().equals("listpack")) {
      var pack = new ListpackWriter();
      for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
        pack.add(cursor.array(), ZSetKey.offset(cursor), ZSetKey.length(cursor));
        pack.add(Numbers.formatDouble(ZSetKey.score(cursor)).getBytes(StandardCharsets.US_ASCII));
      }
      out.octet(RdbType.ZSET_LISTPACK);
      out.string(pack.finish());
      return;
    }
    out.octet(RdbType.ZSET_2);
    out.length(set.size());
    for (boolean on = cursor.seekLast(); on; on = cursor.previous()) {
      out.string(cursor.array(), ZSetKey.offset(cursor), ZSetKey.length(cursor));
      out.score(ZSetKey.score(cursor));
    }
  }
}
