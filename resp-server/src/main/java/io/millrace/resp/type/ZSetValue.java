package io.millrace.resp.type;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.ReadView;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.tree.Cursor;
import io.millrace.engine.tree.LeafPage;
import io.millrace.engine.tree.Misses;
import io.millrace.engine.tree.PageTree;
import io.millrace.engine.tree.TreeShape;
import io.millrace.resp.keyspace.Database;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Kinds;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sorted set in a key's value, as a reusable view. While small it is one leaf in order of score
 * and member, and members are looked for one by one. Beyond Redis's own limits for that form it is
 * two trees: members to scores, ordered by 32 bits of the member's hash, and the same order tree as
 * before.
 *
 * <p>Header: version and form. Behind it the order tree (small), or the descriptors of the member
 * tree and of the order tree.
 */
@HotPath(benchmark = "KeyspaceBenchmark")
public final class ZSetValue {
  /** Form of one leaf, named listpack. */
  private static final byte SMALL = 0;

  /** Form of two trees, named skiplist. */
  private static final byte LARGE = 1;

  /** Added to a form that settings name otherwise: the layout must not depend on them. */
  private static final byte OTHER_NAME = 2;

  private static final TreeShape SMALL_SHAPE = TreeShape.keyed(4096, 32768, 65535);
  private static final TreeShape PAGED = TreeShape.keyed(4096, 0, 0);
  private static final int HEADER = 2;
  private static final int FORM = 1;
  private static final int SMALL_MOST = 128;
  private static final int SMALL_LONGEST = 64;
  private static final byte[] NEW = {1, SMALL};
  private static final byte[] NEGATIVE_ZERO = {1};

  private @Nullable PageTree small;
  private @Nullable PageTree members;
  private @Nullable PageTree ordered;
  private PageTree order = new PageTree(SMALL_SHAPE);
  private @Nullable TaskState task;
  private @Nullable Database database;
  private Ref ref = new Ref();
  private long seed;
  private boolean large;
  private double score;
  private final ZSetKey name = new ZSetKey();
  private final Misses misses = new Misses();
  private final byte[] raw = new byte[ZSetKey.SCORE];

  /** Creates a view of nothing. */
  public ZSetValue() {}

  /** Views an existing sorted set. */
  public ZSetValue open(Key key) {
    return open(key.task(), key.database(), key.ref);
  }

  /** Views the sorted set in a found entry. */
  public ZSetValue open(TaskState in, Database db, Ref entry) {
    task = in;
    database = db;
    ref = entry;
    if (small == null) {
      seed = db.hashSeed();
      small = new PageTree(SMALL_SHAPE);
      members = new PageTree(PAGED);
      ordered = new PageTree(PAGED);
    }
    large = !isSmall(entry);
    bind();
    return this;
  }

  private void bind() {
    var in = Objects.requireNonNull(task);
    int pages = Objects.requireNonNull(database).pages();
    if (large) {
      members().bind(in, pages, ref, HEADER);
      order = Objects.requireNonNull(ordered);
      order.bind(in, pages, ref, HEADER + PageTree.DESCRIPTOR_BYTES);
    } else {
      order = Objects.requireNonNull(small);
      order.bind(in, pages, ref, HEADER);
    }
  }

  private PageTree members() {
    return Objects.requireNonNull(members);
  }

  /** Views the sorted set of a key, which is made when there is none. */
  public ZSetValue openOrCreate(Key key) {
    if (!key.found()) {
      key.put(Kinds.ZSET, 0, NEW, 0, NEW.length);
    }
    return open(key);
  }

  /** Ends a change: the key of an empty sorted set is removed. */
  public void changed(Key key) {
    if (size() == 0) {
      key.deleteAloud();
    } else {
      key.changed();
    }
  }

  /** The tree in order of score and member of a value at a cut. */
  public static PageTree at(ReadView view, int pages, Ref entry) {
    var small = isSmall(entry);
    var tree = new PageTree(small ? SMALL_SHAPE : PAGED);
    tree.bind(view, pages, entry, small ? HEADER : HEADER + PageTree.DESCRIPTOR_BYTES);
    return tree;
  }

  /** Number of members. */
  public long size() {
    return large ? members().size() : order.size();
  }

  /** The tree in order of score and member. */
  public PageTree order() {
    return order;
  }

  /** Looks a member up; when there, {@link #score} has its score. */
  public boolean find(byte[] array, int offset, int length) {
    if (!large) {
      return findSmall(array, offset, length);
    }
    int size = name.ofMember(array, offset, length, seed);
    if (!members().find(name.bytes(), 0, size)) {
      return false;
    }
    score = ZSetKey.readScore(members().array(), members().valueOffset());
    return true;
  }

  private boolean findSmall(byte[] array, int offset, int length) {
    Cursor cursor = order.cursor();
    if (!cursor.seekFirst()) {
      return false;
    }
    LeafPage leaf = cursor.leaf();
    for (int i = 0; i < leaf.count(); i++) {
      leaf.at(i);
      int from = leaf.keyOffset + ZSetKey.SCORE;
      if (leaf.keyLength - ZSetKey.SCORE == length
          && Arrays.equals(leaf.array, from, from + length, array, offset, offset + length)) {
        cursor.seekRank(i);
        score = ZSetKey.score(cursor);
        return true;
      }
    }
    return false;
  }

  /** True when it is worth to {@link #expect} members before several are changed. */
  public boolean mostlyCold() {
    return large && order.mostlyCold();
  }

  /**
   * Notes the pages of a member that are not in memory: where it is, and where it will be when it
   * is given a score.
   */
  public void expect(byte[] array, int offset, int length, double newScore) {
    expect(array, offset, length);
    int size = name.ofOrder(newScore, array, offset, length);
    misses.expect(order, name.bytes(), 0, size);
  }

  /** Notes the pages a member is in that are not in memory. */
  public void expect(byte[] array, int offset, int length) {
    int size = name.ofMember(array, offset, length, seed);
    if (misses.expect(members(), name.bytes(), 0, size)) {
      double old = ZSetKey.readScore(members().array(), members().valueOffset());
      size = name.ofOrder(old, array, offset, length);
      misses.expect(order, name.bytes(), 0, size);
    }
  }

  /** Ends expecting: what was not in memory is loaded first. */
  public void endExpecting() {
    misses.end();
  }

  /** Score of the member found last. */
  public double score() {
    return score;
  }

  /** Sets what {@link #score()} answers, after a member was given a score. */
  public void score(double newScore) {
    score = newScore;
  }

  /** Number of members before one that was just found. */
  public long rankOfFound(byte[] array, int offset, int length) {
    int size = name.ofOrder(score, array, offset, length);
    return order.rank(name.bytes(), 0, size);
  }

  /** Adds a member that was just looked for and not found. */
  public void add(byte[] array, int offset, int length, double newScore) {
    add(array, offset, length, newScore, large);
  }

  /** Adds a member that is known not to be there, without having been looked for. */
  public void addNew(byte[] array, int offset, int length, double newScore) {
    add(array, offset, length, newScore, false);
  }

  /**
   * Says what will be added. A set that will be large is so from the beginning and keeps negative
   * zeros, as in Redis, which makes the results of set algebra in its large form.
   */
  public void expect(long members, int longestBytes) {
    if (!large && (size() + members > SMALL_MOST || longestBytes > SMALL_LONGEST)) {
      convert();
    }
  }

  /** The member tree comes first: it stands in front. */
  private void add(byte[] array, int offset, int length, double newScore, boolean located) {
    if (!large && (size() >= SMALL_MOST || length > SMALL_LONGEST)) {
      convert();
    }
    var limits = Objects.requireNonNull(database).limits();
    if (size() >= limits.zsetEntries() || length > limits.zsetValue()) {
      form(large ? LARGE : SMALL | OTHER_NAME);
    }
    if (large) {
      int size = name.ofMember(array, offset, length, seed);
      ZSetKey.writeScore(raw, newScore);
      if (located) {
        members().insertNotFound(name.bytes(), 0, size, raw, 0, ZSetKey.SCORE);
      } else {
        members().put(name.bytes(), 0, size, raw, 0, ZSetKey.SCORE);
      }
    }
    putOrdered(array, offset, length, newScore);
  }

  private void form(int form) {
    if (ref.array[ref.offset + FORM] != form) {
      Objects.requireNonNull(task).edit(ref);
      ref.array[ref.offset + FORM] = (byte) form;
    }
  }

  /** Gives a member that was just found another score. */
  public void update(byte[] array, int offset, int length, double newScore) {
    int size = name.ofOrder(score, array, offset, length);
    if (large && order.size() == 1) {
      // The order tree may not become empty while the other one has a member.
      putOrdered(array, offset, length, newScore);
      size = name.ofOrder(score, array, offset, length);
      order.remove(name.bytes(), 0, size);
    } else {
      order.remove(name.bytes(), 0, size);
      putOrdered(array, offset, length, newScore);
    }
    if (large) {
      ZSetKey.writeScore(raw, newScore);
      members().setFound(raw, 0, ZSetKey.SCORE);
    }
  }

  private void putOrdered(byte[] array, int offset, int length, double newScore) {
    int size = name.ofOrder(newScore, array, offset, length);
    // As in Redis, where the small form keeps whole numbers as such.
    boolean negativeZero = large && newScore == 0 && 1 / newScore < 0;
    order.put(name.bytes(), 0, size, NEGATIVE_ZERO, 0, negativeZero ? 1 : 0);
  }

  /** Removes a member; false when it is not there. */
  public boolean remove(byte[] array, int offset, int length) {
    if (!find(array, offset, length)) {
      return false;
    }
    if (!large) {
      order.removeFound();
      return true;
    }
    int size = name.ofOrder(score, array, offset, length);
    order.remove(name.bytes(), 0, size);
    members().removeFound();
    return true;
  }

  /** Removes the members of ranks [from, to). */
  public void removeRange(long from, long to) {
    if (!large) {
      order.removeRange(from, to);
      return;
    }
    Cursor cursor = order.newCursor();
    while (to - from > 0) {
      cursor.seekRank(to - 1);
      var member =
          Arrays.copyOfRange(
              cursor.array(), ZSetKey.offset(cursor), cursor.keyOffset() + cursor.keyLength());
      remove(member, 0, member.length);
      to--;
    }
  }

  /** Number of members with scores below one, or at it when inclusive. */
  public long rank(double at, boolean inclusive) {
    int size = name.ofBound(at, inclusive);
    return order.rank(name.bytes(), 0, size);
  }

  /** Number of members before one, or up to it when inclusive, where all scores are the same. */
  public long lexRank(byte[] array, int offset, int length, boolean inclusive) {
    if (!order.findAt(0)) {
      return 0;
    }
    int size = name.ofOrder(ZSetKey.score(order.cursor()), array, offset, length);
    return order.rank(name.bytes(), 0, size, inclusive);
  }

  private void convert() {
    var in = Objects.requireNonNull(task);
    var elements = new LeafPage();
    byte[] copy = ref.copyValue();
    elements.wrap(copy, HEADER, copy.length - HEADER, true);
    boolean listpack = encoding(ref).equals("listpack");
    in.resize(ref, HEADER);
    ref.array[ref.offset + FORM] = (byte) (listpack ? LARGE | OTHER_NAME : LARGE);
    PageTree byMember = members();
    byMember.bind(in, Objects.requireNonNull(database).pages(), ref, HEADER);
    for (int i = 0; i < elements.count(); i++) {
      elements.at(i);
      int size =
          name.ofMember(
              copy, elements.keyOffset + ZSetKey.SCORE, elements.keyLength - ZSetKey.SCORE, seed);
      double value = ZSetKey.score(copy, elements.keyOffset, elements.valueLength);
      ZSetKey.writeScore(raw, value);
      byMember.put(name.bytes(), 0, size, raw, 0, ZSetKey.SCORE);
    }
    large = true;
    bind();
    for (int i = 0; i < elements.count(); i++) {
      elements.at(i);
      order.put(
          copy,
          elements.keyOffset,
          elements.keyLength,
          copy,
          elements.valueOffset,
          elements.valueLength);
    }
  }

  /** True when the value has the small form. */
  static boolean isSmall(Ref entry) {
    return (entry.array[entry.offset + FORM] & LARGE) == 0;
  }

  /** Name that OBJECT ENCODING answers. */
  static String encoding(Ref entry) {
    byte form = entry.array[entry.offset + FORM];
    return form == SMALL || form == (LARGE | OTHER_NAME) ? "listpack" : "skiplist";
  }

  /** The member tree of the large form: keys are hash and member. */
  public PageTree byMember() {
    return members();
  }

  /** True in the small form, which has no member tree. */
  public boolean isSmall() {
    return !large;
  }

  void free() {
    if (large) {
      var in = Objects.requireNonNull(task);
      var from = Objects.requireNonNull(database);
      from.discard(in, order);
      from.discard(in, members());
    }
  }

  /** Copies to a key that does not exist. */
  void copyTo(Key source, Key target, long expireAtMs, ZSetValue view) {
    if (!large) {
      target.put(source.ref.kind, expireAtMs, source.ref.copyValue(), 0, source.ref.length);
      return;
    }
    var header = new byte[] {1, source.ref.array[source.ref.offset + FORM]};
    target.put(source.ref.kind, expireAtMs, header, 0, HEADER);
    view.open(target);
    members().copyTo(view.members());
    view.bind();
    order.copyTo(view.order);
  }
}
