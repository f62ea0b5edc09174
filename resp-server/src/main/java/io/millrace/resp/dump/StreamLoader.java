package io.millrace.resp.dump;

import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.Numbers;
import io.millrace.resp.type.StreamId;
import io.millrace.resp.type.StreamValue;
import java.util.ArrayList;
import java.util.List;

/** Reads streams: listpacks of entries, each behind the id that its entries count from. */
final class StreamLoader {
  private static final CommandException GROUPS =
      CommandException.error("the stream has consumer groups, which are not supported");
  private static final int DELETED = 1;
  private static final int SAME_FIELDS = 2;

  private final PayloadReader in;
  private final List<StreamId> ids = new ArrayList<>();
  private final List<byte[]> entries = new ArrayList<>();
  private List<byte[]> words = List.of();
  private int at;

  StreamLoader(PayloadReader in) {
    this.in = in;
  }

  /**
   * Reads a stream.
   *
   * @param counts true from type 2 on: it says what was deleted and how many were added
   */
  Loaded load(boolean counts) {
    int packs = in.elements();
    for (int i = 0; i < packs; i++) {
      var name = in.string();
      require(name.length == StreamId.BYTES);
      words = Packed.listpack(in.string(), in.budget());
      at = 0;
      pack(StreamId.read(name, 0));
    }
    require(in.length() == ids.size());
    var last = id();
    require(ids.isEmpty() || ids.getLast().compareTo(last) <= 0);
    var deleted = StreamId.MIN;
    long added = ids.size();
    if (counts) {
      id();
      deleted = id();
      added = in.length();
      require(added >= 0);
    }
    if (in.length() != 0) {
      throw GROUPS;
    }
    return new Loaded.Stream(ids, entries, last, deleted, added);
  }

  private StreamId id() {
    long ms = in.length();
    return new StreamId(ms, in.length());
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw PayloadReader.BAD;
    }
  }

  private byte[] word() {
    require(at < words.size());
    return words.get(at++);
  }

  private long number() {
    var word = word();
    require(Numbers.isLong(word, 0, word.length));
    return Numbers.parseLong(word, 0, word.length);
  }

  private int count() {
    long count = number();
    require(count >= 0 && count <= words.size() - at);
    return (int) count;
  }

  private void pack(StreamId master) {
    long living = number();
    long dead = number();
    int fields = count();
    var names = words.subList(at, at + fields);
    at += fields;
    require(number() == 0);
    long foundLiving = 0;
    long foundDead = 0;
    while (at < words.size()) {
      if (entry(master, names)) {
        foundLiving++;
      } else {
        foundDead++;
      }
    }
    require(living == foundLiving && dead == foundDead);
  }

  /** Reads an entry; false when it is a deleted one. */
  private boolean entry(StreamId master, List<byte[]> names) {
    int start = at;
    long flags = number();
    long ms = number();
    var id = new StreamId(master.ms() + ms, master.seq() + number());
    boolean same = (flags & SAME_FIELDS) != 0;
    int fields = same ? names.size() : count();
    require((same ? fields : 2L * fields) <= words.size() - at);
    var strings = new ArrayList<byte[]>();
    for (int i = 0; i < fields; i++) {
      strings.add(same ? names.get(i) : word());
      strings.add(word());
    }
    int length = at - start;
    require(number() == length);
    if ((flags & DELETED) != 0) {
      return false;
    }
    require(ids.isEmpty() || id.compareTo(ids.getLast()) > 0);
    require(id.compareTo(StreamId.MIN) > 0);
    ids.add(id);
    // The names of the master entry are repeated in each: count them before they are copied.
    long bytes = 0;
    for (var string : strings) {
      bytes += string.length;
    }
    in.budget().take(bytes);
    entries.add(StreamValue.encode(strings));
    return true;
  }
}
