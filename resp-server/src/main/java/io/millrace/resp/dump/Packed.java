package io.millrace.resp.dump;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Elements of the packed forms that lie in one string: listpacks, ziplists and intsets. Each entry
 * is checked, its length backwards included.
 */
final class Packed {
  private static final int LISTPACK_HEADER = 6;
  private static final int ZIPLIST_HEADER = 10;
  private static final int INTSET_HEADER = 8;
  private static final int MANY = 0xFFFF;
  private static final int END = 0xFF;
  private static final int LONG_PREVIOUS = 0xFE;

  private final byte[] array;
  private final Budget budget;
  private final List<byte[]> elements = new ArrayList<>();
  private int at;

  private Packed(byte[] array, Budget budget) {
    this.array = array;
    this.budget = budget;
  }

  static List<byte[]> listpack(byte[] array, Budget budget) {
    return new Packed(array, budget).listpack();
  }

  static List<byte[]> ziplist(byte[] array, Budget budget) {
    return new Packed(array, budget).ziplist();
  }

  static List<byte[]> intset(byte[] array, Budget budget) {
    return new Packed(array, budget).intset();
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw PayloadReader.BAD;
    }
  }

  private int octet() {
    require(at < array.length);
    return array[at++] & 0xFF;
  }

  private long unsigned(int bytes) {
    require(bytes <= array.length - at);
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (array[at++] & 0xFFL) << 8 * i;
    }
    return value;
  }

  private long signed(int bytes) {
    int unused = 64 - 8 * bytes;
    return unsigned(bytes) << unused >> unused;
  }

  private void number(long value) {
    var text = PayloadReader.text(value);
    budget.take(text.length);
    elements.add(text);
  }

  private void string(long length) {
    require(length >= 0 && length <= array.length - at);
    budget.take(length);
    at += (int) length;
    elements.add(Arrays.copyOfRange(array, at - (int) length, at));
  }

  private List<byte[]> listpack() {
    require(array.length > LISTPACK_HEADER && unsigned(4) == array.length);
    long announced = unsigned(2);
    while (array[at] != (byte) END) {
      int start = at;
      listpackEntry();
      backwards(at - start);
      require(at < array.length);
    }
    require(at == array.length - 1);
    require(announced == MANY || announced == elements.size());
    return elements;
  }

  private void listpackEntry() {
    int first = octet();
    if (first < 0x80) {
      number(first);
    } else if (first < 0xC0) {
      string(first & 0x3F);
    } else if (first < 0xE0) {
      int value = (first & 0x1F) << 8 | octet();
      number(value >= 1 << 12 ? value - (1 << 13) : value);
    } else if (first < 0xF0) {
      string((first & 0x0F) << 8 | octet());
    } else {
      switch (first) {
        case 0xF0 -> string(unsigned(4));
        case 0xF1 -> number(signed(2));
        case 0xF2 -> number(signed(3));
        case 0xF3 -> number(signed(4));
        case 0xF4 -> number(signed(8));
        default -> throw PayloadReader.BAD;
      }
    }
  }

  /** The length of the entry before it, seven bits to a byte, to be read from behind. */
  private void backwards(int length) {
    int bytes = ListpackWriter.backwardsBytes(length);
    require(bytes <= array.length - at);
    for (int i = 0; i < bytes; i++) {
      int part = length >>> 7 * (bytes - 1 - i) & 0x7F;
      require((array[at++] & 0xFF) == (i == 0 ? part : part | 0x80));
    }
  }

  private List<byte[]> ziplist() {
    require(array.length > ZIPLIST_HEADER && unsigned(4) == array.length);
    long tail = unsigned(4);
    long announced = unsigned(2);
    int last = at;
    int previous = 0;
    while (array[at] != (byte) END) {
      last = at;
      int before = octet();
      require((before == LONG_PREVIOUS ? unsigned(4) : before) == previous);
      ziplistEntry();
      previous = at - last;
      require(at < array.length);
    }
    require(at == array.length - 1 && tail == last);
    require(announced == MANY || announced == elements.size());
    return elements;
  }

  private void ziplistEntry() {
    int first = octet();
    if (first < 0x40) {
      string(first);
    } else if (first < 0x80) {
      string((first & 0x3F) << 8 | octet());
    } else if (first == 0x80) {
      string(Integer.toUnsignedLong(Integer.reverseBytes((int) unsigned(4))));
    } else {
      switch (first) {
        case 0xC0 -> number(signed(2));
        case 0xD0 -> number(signed(4));
        case 0xE0 -> number(signed(8));
        case 0xF0 -> number(signed(3));
        case 0xFE -> number(signed(1));
        default -> {
          require(first > 0xF0 && first < 0xFE);
          number((first & 0x0F) - 1);
        }
      }
    }
  }

  private List<byte[]> intset() {
    require(array.length > INTSET_HEADER);
    long bytes = unsigned(4);
    long count = unsigned(4);
    require(bytes == 2 || bytes == 4 || bytes == 8);
    require(count > 0 && count * bytes == array.length - INTSET_HEADER);
    for (long i = 0; i < count; i++) {
      number(signed((int) bytes));
    }
    return elements;
  }
}
