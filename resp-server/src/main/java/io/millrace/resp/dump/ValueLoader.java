package io.millrace.resp.dump;

import io.millrace.resp.protocol.CommandException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Reads dump payloads: every type of value that Redis 5 to 7.2 writes. */
public final class ValueLoader {
  private static final CommandException WRONG_FOOTER =
      CommandException.error("DUMP payload version or checksum are wrong");

  /** What Redis 7.2 writes. */
  private static final int NEWEST = 11;

  private static final int FOOTER = 10;
  private static final int CHECKSUM = 8;
  private static final int PLAIN = 1;
  private static final int PACKED = 2;

  private final PayloadReader in;

  private ValueLoader(PayloadReader in) {
    this.in = in;
  }

  /**
   * Reads a payload.
   *
   * @throws CommandException with Redis's text when it is damaged, too new or no payload at all
   */
  public static Loaded load(byte[] array, int offset, int length, Budget budget) {
    verify(array, offset, length);
    return new ValueLoader(new PayloadReader(array, offset, length - FOOTER, budget)).value();
  }

  private static void verify(byte[] array, int offset, int length) {
    if (length < FOOTER) {
      throw WRONG_FOOTER;
    }
    int at = offset + length - FOOTER;
    int version = array[at] & 0xFF | (array[at + 1] & 0xFF) << 8;
    long crc = Crc64.of(array, offset, length - CHECKSUM);
    for (int i = 0; i < CHECKSUM; i++) {
      if (array[at + 2 + i] != (byte) (crc >>> 8 * i)) {
        throw WRONG_FOOTER;
      }
    }
    if (version > NEWEST) {
      throw WRONG_FOOTER;
    }
  }

  private Loaded value() {
    int type = in.octet();
    return switch (type) {
      case RdbType.STRING -> new Loaded.Text(in.string());
      case RdbType.LIST -> list(strings(1));
      case RdbType.LIST_ZIPLIST -> list(ziplist());
      case RdbType.LIST_QUICKLIST -> list(quicklist());
      case RdbType.LIST_QUICKLIST_2 -> list(quicklist2());
      case RdbType.SET -> set(strings(1));
      case RdbType.SET_INTSET -> set(Packed.intset(in.string(), in.budget()));
      case RdbType.SET_LISTPACK -> set(listpack());
      case RdbType.HASH -> hash(strings(2));
      case RdbType.HASH_ZIPLIST -> hash(ziplist());
      case RdbType.HASH_LISTPACK -> hash(listpack());
      case RdbType.ZSET -> scored(false);
      case RdbType.ZSET_2 -> scored(true);
      case RdbType.ZSET_ZIPLIST -> scored(ziplist());
      case RdbType.ZSET_LISTPACK -> scored(listpack());
      case RdbType.STREAM_LISTPACKS, RdbType.STREAM_LISTPACKS_2, RdbType.STREAM_LISTPACKS_3 ->
          new StreamLoader(in).load(type > RdbType.STREAM_LISTPACKS);
      default -> throw PayloadReader.BAD;
    };
  }

  private List<byte[]> strings(int each) {
    long count = (long) in.elements() * each;
    var strings = new ArrayList<byte[]>();
    for (long i = 0; i < count; i++) {
      strings.add(in.string());
    }
    return strings;
  }

  private List<byte[]> ziplist() {
    return Packed.ziplist(in.string(), in.budget());
  }

  private List<byte[]> listpack() {
    return Packed.listpack(in.string(), in.budget());
  }

  private List<byte[]> quicklist() {
    int nodes = in.elements();
    var all = new ArrayList<byte[]>();
    for (int i = 0; i < nodes; i++) {
      all.addAll(ziplist());
    }
    return all;
  }

  private List<byte[]> quicklist2() {
    int nodes = in.elements();
    var all = new ArrayList<byte[]>();
    for (int i = 0; i < nodes; i++) {
      long container = in.length();
      if (container == PLAIN) {
        all.add(in.string());
      } else if (container == PACKED) {
        all.addAll(listpack());
      } else {
        throw PayloadReader.BAD;
      }
    }
    return all;
  }

  private static Loaded list(List<byte[]> elements) {
    require(!elements.isEmpty());
    return new Loaded.Elements(elements);
  }

  private static Loaded set(List<byte[]> members) {
    require(!members.isEmpty());
    requireDistinct(members, 1);
    return new Loaded.Members(members);
  }

  private static Loaded hash(List<byte[]> pairs) {
    require(!pairs.isEmpty() && pairs.size() % 2 == 0);
    requireDistinct(pairs, 2);
    return new Loaded.Fields(pairs);
  }

  private Loaded scored(boolean binary) {
    int count = in.elements();
    var members = new ArrayList<byte[]>();
    var scores = new ArrayList<Double>();
    for (int i = 0; i < count; i++) {
      members.add(in.string());
      scores.add(binary ? in.binaryScore() : in.textScore());
    }
    return scored(members, scores);
  }

  private static Loaded scored(List<byte[]> pairs) {
    require(pairs.size() % 2 == 0);
    var members = new ArrayList<byte[]>();
    var scores = new ArrayList<Double>();
    for (int i = 0; i < pairs.size(); i += 2) {
      members.add(pairs.get(i));
      var score = pairs.get(i + 1);
      scores.add(PayloadReader.score(score, 0, score.length));
    }
    return scored(members, scores);
  }

  private static Loaded scored(List<byte[]> members, List<Double> scores) {
    require(!members.isEmpty());
    requireDistinct(members, 1);
    return new Loaded.Scored(members, scores.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static void requireDistinct(List<byte[]> strings, int step) {
    var seen = new HashSet<ByteBuffer>();
    for (int i = 0; i < strings.size(); i += step) {
      require(seen.add(ByteBuffer.wrap(strings.get(i))));
    }
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw PayloadReader.BAD;
    }
  }
}
