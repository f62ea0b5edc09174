package io.millrace.engine.internal.codec;

import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.state.HotPath;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the fields of an encoded value are. Every stored value starts with a head byte: format
 * version 1 in the low bits, 0x80 when the value is null (nothing follows), 0x40 when the offsets
 * of a record are wide.
 *
 * <p>A record goes on with one null bit per field, then a fixed area with a slot per field in order
 * (fields of fixed width: the bytes themselves; others: the end of the field in the variable area,
 * u16 or, when wide, u32), then the variable area. So any field is found in O(1). A value that is
 * not a record is seen as one field that fills the rest.
 */
@HotPath(benchmark = "PathBenchmark")
public final class RowFormat {
  /** Head byte of a value. */
  static final byte VERSION = 1;

  /** Head bit of a value that is null. */
  static final int NULL = 0x80;

  /** Head bit of a record with 4-byte offsets. */
  static final int WIDE = 0x40;

  private static final int WORD = 2;
  private static final int WIDE_WORD = 4;

  private final int[] width;
  private final int[] narrow;
  private final int[] wide;
  private final int[] previous;
  private final int narrowHeader;
  private final int wideHeader;
  private final boolean record;

  private RowFormat(List<Schema> fields, boolean record) {
    this.record = record;
    var count = fields.size();
    width = new int[count];
    narrow = new int[count];
    wide = new int[count];
    previous = new int[count];
    var at = 1 + (record ? (count + 7) / 8 : 0);
    var wideAt = at;
    var last = -1;
    for (var i = 0; i < count; i++) {
      width[i] = width(fields.get(i));
      narrow[i] = at;
      wide[i] = wideAt;
      previous[i] = last;
      at += width[i] > 0 ? width[i] : WORD;
      wideAt += width[i] > 0 ? width[i] : WIDE_WORD;
      last = width[i] > 0 ? last : i;
    }
    narrowHeader = at;
    wideHeader = wideAt;
  }

  /** The format of values of a schema. */
  public static RowFormat of(Schema schema) {
    if (!(schema instanceof RecordSchema record)) {
      return new RowFormat(List.of(schema), false);
    }
    var fields = new ArrayList<Schema>();
    for (var field : record.fields()) {
      fields.add(field.schema());
    }
    return new RowFormat(fields, true);
  }

  /** Bytes of a value of fixed width, 0 when it varies. */
  static int width(Schema schema) {
    return schema instanceof Scalar scalar
        ? switch (scalar) {
          case LONG, DOUBLE, INSTANT -> 8;
          case INT -> 4;
          case BOOLEAN -> 1;
          case UUID -> 16;
          case STRING, BYTES, ANY -> 0;
        }
        : 0;
  }

  /** A field of type LONG or INSTANT, or the bits of a DOUBLE. */
  public static long longAt(byte[] row, int at) {
    return (long) ByteWriter.LONG_LE.get(row, at);
  }

  /** A field of type INT. */
  public static int intAt(byte[] row, int at) {
    return (int) ByteWriter.INT_LE.get(row, at);
  }

  /** Number of fields. */
  public int fields() {
    return width.length;
  }

  /** True when the field, or the whole value, is null. */
  public boolean isNull(byte[] row, int offset, int field) {
    var head = row[offset];
    return head < 0 || record && (row[offset + 1 + (field >> 3)] & 1 << (field & 7)) != 0;
  }

  /** Index of the first byte of a field that is not null. */
  public int start(byte[] row, int offset, int field) {
    if (!record) {
      return offset + 1;
    }
    var isWide = (row[offset] & WIDE) != 0;
    if (width[field] > 0) {
      return offset + (isWide ? wide[field] : narrow[field]);
    }
    var header = offset + (isWide ? wideHeader : narrowHeader);
    return previous[field] < 0 ? header : header + slot(row, offset, previous[field], isWide);
  }

  /**
   * Index behind the last byte of a field that is not null.
   *
   * @param end index behind the last byte of the row
   */
  public int end(byte[] row, int offset, int end, int field) {
    if (!record) {
      return end;
    }
    var isWide = (row[offset] & WIDE) != 0;
    return width[field] > 0
        ? offset + (isWide ? wide[field] : narrow[field]) + width[field]
        : offset + (isWide ? wideHeader : narrowHeader) + slot(row, offset, field, isWide);
  }

  private int slot(byte[] row, int offset, int field, boolean isWide) {
    return isWide
        ? (int) ByteWriter.INT_LE.get(row, offset + wide[field])
        : (short) ByteWriter.SHORT_LE.get(row, offset + narrow[field]) & 0xFFFF;
  }

  /** Writes one field of a row under construction. */
  interface FieldWriter {
    /** Appends the bytes of a field. */
    void write(int field, ByteWriter out);
  }

  /** Writes a record: the fields that are not null are asked for in order. */
  void write(boolean[] nulls, FieldWriter writer, ByteWriter out) {
    var start = out.size();
    out.reserve(narrowHeader);
    var fixed = new ByteWriter(16);
    for (var i = 0; i < width.length; i++) {
      if (nulls[i]) {
        out.array()[start + 1 + (i >> 3)] |= (byte) (1 << (i & 7));
      } else if (width[i] == 0) {
        writer.write(i, out);
      } else {
        writer.write(i, fixed.clear());
        System.arraycopy(fixed.array(), 0, out.array(), start + narrow[i], width[i]);
      }
      if (width[i] == 0) {
        var end = out.size() - start - narrowHeader;
        if (end > 0xFFFF) {
          out.truncate(start);
          writeWide(nulls, writer, out);
          return;
        }
        ByteWriter.SHORT_LE.set(out.array(), start + narrow[i], (short) end);
      }
    }
    out.array()[start] = VERSION;
  }

  private void writeWide(boolean[] nulls, FieldWriter writer, ByteWriter out) {
    var start = out.size();
    out.reserve(wideHeader);
    var fixed = new ByteWriter(16);
    for (var i = 0; i < width.length; i++) {
      if (nulls[i]) {
        out.array()[start + 1 + (i >> 3)] |= (byte) (1 << (i & 7));
      } else if (width[i] == 0) {
        writer.write(i, out);
      } else {
        writer.write(i, fixed.clear());
        System.arraycopy(fixed.array(), 0, out.array(), start + wide[i], width[i]);
      }
      if (width[i] == 0) {
        ByteWriter.INT_LE.set(out.array(), start + wide[i], out.size() - start - wideHeader);
      }
    }
    out.array()[start] = (byte) (VERSION | WIDE);
  }
}
