package io.millrace.resp.dump;

import io.millrace.engine.tree.Cursor;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.type.StreamId;
import io.millrace.resp.type.StreamValue;
import java.util.ArrayList;
import java.util.List;

/** Writes streams as listpacks of up to a hundred entries. */
final class StreamDumper {
  private static final int MOST_ENTRIES = 100;
  private static final int MOST_BYTES = 4096;
  private static final int SAME_FIELDS = 2;

  private final ListpackWriter pack = new ListpackWriter();
  private final List<byte[]> packs = new ArrayList<>();
  private final List<StreamId> masters = new ArrayList<>();
  private final List<List<byte[]>> open = new ArrayList<>();
  private final List<StreamId> ids = new ArrayList<>();

  void dump(Key key, PayloadWriter out) {
    var stream = new StreamValue().open(key);
    Cursor cursor = stream.tree().cursor();
    var first = StreamId.MIN;
    long bytes = 0;
    long all = 0;
    for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
      if (ids.size() == MOST_ENTRIES || bytes > MOST_BYTES) {
        close();
        bytes = 0;
      }
      if (masters.isEmpty() && ids.isEmpty()) {
        first = StreamValue.id(cursor);
      }
      ids.add(StreamValue.id(cursor));
      open.add(StreamValue.strings(cursor));
      bytes += cursor.valueLength();
      all += cursor.valueLength();
      out.require(all);
    }
    close();
    out.length(packs.size());
    for (int i = 0; i < packs.size(); i++) {
      out.string(masters.get(i).bytes());
      out.string(packs.get(i));
    }
    out.length(stream.size());
    id(stream.lastId(), out);
    id(first, out);
    id(stream.deletedId(), out);
    out.length(stream.added());
    out.length(0);
  }

  private static void id(StreamId id, PayloadWriter out) {
    out.length(id.ms());
    out.length(id.seq());
  }

  private void close() {
    if (ids.isEmpty()) {
      return;
    }
    pack.clear();
    var names = names(open.get(0));
    pack.add(ids.size());
    pack.add(0);
    pack.add(names.size());
    names.forEach(pack::add);
    pack.add(0);
    var master = ids.get(0);
    for (int i = 0; i < ids.size(); i++) {
      entry(master, names, ids.get(i), open.get(i));
    }
    packs.add(pack.finish());
    masters.add(master);
    ids.clear();
    open.clear();
  }

  private static List<byte[]> names(List<byte[]> strings) {
    var names = new ArrayList<byte[]>();
    for (int i = 0; i < strings.size(); i += 2) {
      names.add(strings.get(i));
    }
    return names;
  }

  private void entry(StreamId master, List<byte[]> names, StreamId id, List<byte[]> strings) {
    boolean same = sameNames(names, strings);
    int before = pack.count();
    pack.add(same ? SAME_FIELDS : 0);
    pack.add(id.ms() - master.ms());
    pack.add(id.seq() - master.seq());
    if (!same) {
      pack.add(strings.size() / 2);
    }
    for (int i = 0; i < strings.size(); i++) {
      if (!same || i % 2 == 1) {
        pack.add(strings.get(i));
      }
    }
    pack.add(pack.count() - before);
  }

  private static boolean sameNames(List<byte[]> names, List<byte[]> strings) {
    if (strings.size() != 2 * names.size()) {
      return false;
    }
    for (int i = 0; i < names.size(); i++) {
      if (!java.util.Arrays.equals(names.get(i), strings.get(2 * i))) {
        return false;
      }
    }
    return true;
  }
}
