package io.millrace.http.exchange;

import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A body in {@code gzip} (one member or several) or {@code deflate}, decoded piece by piece: bytes
 * go in by {@link #feed}, come out by {@link #next} as far as the caller has room, and {@link #end}
 * tells whether it was all of it.
 */
final class Inflating {
  private static final int MAGIC_1 = 0x1F;
  private static final int MAGIC_2 = 0x8B;
  private static final int METHOD = 8;
  private static final int HAS_CHECKSUM = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int RESERVED = 0xE0;
  private static final int HEAD = 10;
  private static final int TRAILER = 8;
  private static final byte[] NOTHING = {};

  /** What the next bytes are. */
  private enum Part {
    HEAD,
    EXTRA_LENGTH,
    EXTRA,
    NAME,
    COMMENT,
    CHECKSUM,
    DATA,
    TRAILER,
    BEHIND
  }

  private final boolean gzip;
  private final Inflater inflater;
  private final CRC32 crc = new CRC32();
  private final int[] few = new int[HEAD];
  private int fewCount;
  private Part part;
  private int flags;
  private int skip;
  private byte[] input = NOTHING;
  private int at;
  private boolean anything;

  private Inflating(boolean gzip) {
    this.gzip = gzip;
    inflater = new Inflater(gzip);
    part = gzip ? Part.HEAD : Part.DATA;
  }

  static Inflating gzip() {
    return new Inflating(true);
  }

  static Inflating deflate() {
    return new Inflating(false);
  }

  /** Takes more of the body; what was fed before must have been decoded. */
  void feed(byte[] bytes) {
    input = at == input.length ? bytes : joined(bytes);
    at = 0;
  }

  private byte[] joined(byte[] bytes) {
    var both = Arrays.copyOfRange(input, at, input.length + bytes.length);
    System.arraycopy(bytes, 0, both, input.length - at, bytes.length);
    return both;
  }

  /**
   * Decodes.
   *
   * @return bytes written to {@code out}, or 0 when more must be fed
   * @throws DataFormatException when the body is not in its encoding
   */
  int next(byte[] out) throws DataFormatException {
    while (at < input.length) {
      if (part != Part.DATA) {
        take(input[at++] & 0xFF);
        continue;
      }
      anything = true;
      inflater.setInput(input, at, input.length - at);
      var count = inflater.inflate(out);
      at = input.length - inflater.getRemaining();
      if (inflater.needsDictionary()) {
        throw new DataFormatException("it needs a dictionary");
      }
      if (gzip) {
        crc.update(out, 0, count);
      }
      if (inflater.finished()) {
        begin(gzip ? Part.TRAILER : Part.BEHIND);
      }
      if (count > 0) {
        return count;
      }
    }
    return pending(out);
  }

  /** What the inflater still holds although its input is used up. */
  private int pending(byte[] out) throws DataFormatException {
    if (part != Part.DATA || !anything) {
      return 0;
    }
    var count = inflater.inflate(out);
    if (gzip) {
      crc.update(out, 0, count);
    }
    if (inflater.finished()) {
      begin(gzip ? Part.TRAILER : Part.BEHIND);
    }
    return count;
  }

  /** True when the body may end here. */
  boolean end() {
    var complete = gzip ? part == Part.HEAD && fewCount == 0 && anything : part == Part.BEHIND;
    close();
    return complete;
  }

  /** Frees what is outside of the heap. */
  void close() {
    inflater.end();
  }

  private void begin(Part next) {
    part = next;
    fewCount = 0;
  }

  private void take(int b) throws DataFormatException {
    switch (part) {
      case HEAD -> head(b);
      case EXTRA_LENGTH -> {
        few[fewCount++] = b;
        if (fewCount == 2) {
          skip = few[0] | few[1] << 8;
          if (skip == 0) {
            optional(HAS_NAME);
          } else {
            begin(Part.EXTRA);
          }
        }
      }
      case EXTRA -> {
        if (--skip == 0) {
          optional(HAS_NAME);
        }
      }
      case NAME -> {
        if (b == 0) {
          optional(HAS_COMMENT);
        }
      }
      case COMMENT -> {
        if (b == 0) {
          optional(HAS_CHECKSUM);
        }
      }
      case CHECKSUM -> {
        if (++fewCount == 2) {
          begin(Part.DATA);
        }
      }
      case TRAILER -> trailer(b);
      case DATA, BEHIND -> throw new DataFormatException("bytes stand behind its end");
    }
  }

  private void head(int b) throws DataFormatException {
    few[fewCount++] = b;
    var wrong =
        switch (fewCount) {
          case 1 -> b != MAGIC_1;
          case 2 -> b != MAGIC_2;
          case 3 -> b != METHOD;
          case 4 -> (b & RESERVED) != 0;
          default -> false;
        };
    if (wrong) {
      throw new DataFormatException("it has no gzip header");
    }
    if (fewCount == HEAD) {
      flags = few[3];
      crc.reset();
      inflater.reset();
      anything = false;
      optional(HAS_EXTRA);
    }
  }

  /** Goes on at an optional part of the header, or at the next one there is. */
  private void optional(int flag) {
    if (flag == HAS_EXTRA && (flags & HAS_EXTRA) != 0) {
      begin(Part.EXTRA_LENGTH);
    } else if (flag != HAS_COMMENT && flag != HAS_CHECKSUM && (flags & HAS_NAME) != 0) {
      begin(Part.NAME);
    } else if (flag != HAS_CHECKSUM && (flags & HAS_COMMENT) != 0) {
      begin(Part.COMMENT);
    } else {
      begin((flags & HAS_CHECKSUM) != 0 ? Part.CHECKSUM : Part.DATA);
    }
  }

  private void trailer(int b) throws DataFormatException {
    few[fewCount++] = b;
    if (fewCount < TRAILER) {
      return;
    }
    var checksum = (long) few[0] | (long) few[1] << 8 | (long) few[2] << 16 | (long) few[3] << 24;
    var size = (long) few[4] | (long) few[5] << 8 | (long) few[6] << 16 | (long) few[7] << 24;
    if (checksum != crc.getValue() || size != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
      throw new DataFormatException("its checksum or its length is wrong");
    }
    begin(Part.HEAD);
  }
}
