package io.millrace.engine.internal.codec;

import io.millrace.engine.pstate.ListSchema;
import io.millrace.engine.pstate.MapSchema;
import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SetSchema;
import io.millrace.engine.state.HotPath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Values of one schema as bytes; see {@link RowFormat} for the outer form. Inside a value, an
 * element is its length plus one (varint; 0 is null) and its bytes; collections are a count and
 * their elements, maps and sets in key order. Numbers are little-endian. A subindexed part is a
 * reference of 8 bytes, given out by {@link Subtrees}.
 */
@HotPath(benchmark = "PathBenchmark")
public abstract sealed class ValueCodec {

  /** Stores and loads the subindexed parts inside a value. */
  public interface Subtrees {
    /** Stores a part that is not null and returns its reference. */
    long store(Schema schema, Object value);

    /** Loads a part whole. */
    Object load(Schema schema, long reference);
  }

  /** For values without subindexed parts. */
  public static final Subtrees NONE =
      new Subtrees() {
        @Override
        public long store(Schema schema, Object value) {
          throw new IllegalStateException("no place for a subindexed part");
        }

        @Override
        public Object load(Schema schema, long reference) {
          throw new IllegalStateException("no place for a subindexed part");
        }
      };

  private ValueCodec() {}

  /** The codec of a schema. */
  public static ValueCodec of(Schema schema) {
    if (schema.isSubindexed()) {
      return new PartCodec(schema);
    }
    return switch (schema) {
      case Scalar scalar -> new ScalarCodec(scalar);
      case MapSchema map -> new MapCodec(map);
      case SetSchema set -> new SetCodec(set);
      case ListSchema list -> new ListCodec(list);
      case RecordSchema record -> new RecordCodec(record);
    };
  }

  /** Appends the bytes of a normalised value, without a head. */
  abstract void body(Object value, ByteWriter out, Subtrees subtrees);

  /** Reads what {@link #body} wrote. */
  abstract Object read(byte[] bytes, int offset, int length, Subtrees subtrees);

  /** Reads a field of a row: what {@link RowFormat} finds. */
  public final Object decodeBody(byte[] bytes, int offset, int length, Subtrees subtrees) {
    return read(bytes, offset, length, subtrees);
  }

  /** True when the body starts with a head of its own. */
  boolean headed() {
    return false;
  }

  /** Appends a normalised value as a row. */
  public final void encode(@Nullable Object value, ByteWriter out, Subtrees subtrees) {
    if (value == null) {
      out.put(RowFormat.VERSION | RowFormat.NULL);
    } else {
      if (!headed()) {
        out.put(RowFormat.VERSION);
      }
      body(value, out, subtrees);
    }
  }

  /** A normalised value without subindexed parts as a row of its own. */
  public final byte[] encode(@Nullable Object value) {
    var out = new ByteWriter(32);
    encode(value, out, NONE);
    return out.toBytes();
  }

  /** Reads a row. */
  public final @Nullable Object decode(byte[] bytes, int offset, int length, Subtrees subtrees) {
    var head = bytes[offset];
    if ((head & 0x3F) != RowFormat.VERSION) {
      throw new MalformedException("stored value has unknown version " + (head & 0x3F));
    }
    if (head < 0) {
      return null;
    }
    return headed()
        ? read(bytes, offset, length, subtrees)
        : read(bytes, offset + 1, length - 1, subtrees);
  }

  /** The reference in the body of a subindexed part. */
  public static long reference(byte[] bytes, int offset) {
    return (long) ByteWriter.LONG_LE.get(bytes, offset);
  }

  /** The row of a subindexed part. */
  public static byte[] referenceRow(long reference) {
    var row = new byte[9];
    row[0] = RowFormat.VERSION;
    ByteWriter.LONG_LE.set(row, 1, reference);
    return row;
  }

  /** Reads a row without subindexed parts. */
  public final @Nullable Object decode(byte[] bytes, int offset, int length) {
    return decode(bytes, offset, length, NONE);
  }

  final void element(@Nullable Object value, ByteWriter out, Subtrees subtrees) {
    if (value == null) {
      out.put(0);
      return;
    }
    var at = out.size();
    out.put(0);
    body(value, out, subtrees);
    closeElement(out, at);
  }

  /** Fills in the length of an element whose first length byte was left out at a position. */
  static void closeElement(ByteWriter out, int at) {
    var length = out.size() - at - 1;
    var mark = length + 1;
    if (mark >= 0x80) {
      var extra = (31 - Integer.numberOfLeadingZeros(mark)) / 7;
      out.insert(at, extra);
      var rest = mark;
      for (var i = 0; i < extra; i++) {
        out.array()[at + i] = (byte) (rest | 0x80);
        rest >>>= 7;
      }
      out.array()[at + extra] = (byte) rest;
    } else {
      out.array()[at] = (byte) mark;
    }
  }

  final @Nullable Object element(ByteReader in, Subtrees subtrees) {
    var mark = in.varint();
    if (mark == 0) {
      return null;
    }
    if (mark - 1 > in.remaining() || mark < 0) {
      throw new MalformedException("element ends behind its value");
    }
    var length = (int) (mark - 1);
    return read(in.array(), in.skip(length), length, subtrees);
  }

  static void key(KeyCodec codec, Object key, ByteWriter out) {
    var at = out.size();
    out.put(0);
    codec.encode(key, out);
    closeElement(out, at);
  }

  static Object key(KeyCodec codec, ByteReader in) {
    var length = (int) in.varint() - 1;
    return codec.decode(in.array(), in.skip(length), length);
  }

  private static final class PartCodec extends ValueCodec {
    private final Schema schema;

    PartCodec(Schema schema) {
      this.schema = schema;
    }

    @Override
    void body(Object value, ByteWriter out, Subtrees subtrees) {
      out.longLe(subtrees.store(schema, value));
    }

    @Override
    Object read(byte[] bytes, int offset, int length, Subtrees subtrees) {
      return subtrees.load(schema, (long) ByteWriter.LONG_LE.get(bytes, offset));
    }
  }

  private static final class ScalarCodec extends ValueCodec {
    private final Scalar scalar;

    ScalarCodec(Scalar scalar) {
      this.scalar = scalar;
    }

    @Override
    void body(Object value, ByteWriter out, Subtrees subtrees) {
      switch (scalar) {
        case LONG -> out.longLe((Long) value);
        case INT -> out.intLe((Integer) value);
        case DOUBLE -> out.longLe(Double.doubleToRawLongBits((Double) value));
        case INSTANT -> out.longLe(((Instant) value).toEpochMilli());
        case BOOLEAN -> out.put((Boolean) value ? 1 : 0);
        case UUID -> {
          var uuid = (UUID) value;
          out.longBe(uuid.getMostSignificantBits());
          out.longBe(uuid.getLeastSignificantBits());
        }
        case STRING -> out.utf8((String) value);
        case BYTES -> out.put((byte[]) value);
        case ANY -> AnyCodec.write(value, out);
      }
    }

    @Override
    Object read(byte[] bytes, int offset, int length, Subtrees subtrees) {
      return switch (scalar) {
        case LONG -> (long) ByteWriter.LONG_LE.get(bytes, offset);
        case INT -> (int) ByteWriter.INT_LE.get(bytes, offset);
        case DOUBLE -> Double.longBitsToDouble((long) ByteWriter.LONG_LE.get(bytes, offset));
        case INSTANT -> Instant.ofEpochMilli((long) ByteWriter.LONG_LE.get(bytes, offset));
        case BOOLEAN -> bytes[offset] != 0;
        case UUID ->
            new UUID(
                (long) ByteWriter.LONG_BE.get(bytes, offset),
                (long) ByteWriter.LONG_BE.get(bytes, offset + 8));
        case STRING -> new String(bytes, offset, length, StandardCharsets.UTF_8);
        case BYTES -> Arrays.copyOfRange(bytes, offset, offset + length);
        case ANY -> AnyCodec.readWhole(bytes, offset, length);
      };
    }
  }

  private static final class MapCodec extends ValueCodec {
    private final MapSchema schema;
    private final KeyCodec keys;
    private final ValueCodec values;

    MapCodec(MapSchema schema) {
      this.schema = schema;
      keys = KeyCodec.of(schema.key());
      values = of(schema.value());
    }

    @Override
    void body(Object value, ByteWriter out, Subtrees subtrees) {
      var map = (Map<?, ?>) value;
      out.varint(map.size());
      for (var entry : map.entrySet()) {
        key(keys, entry.getKey(), out);
        values.element(entry.getValue(), out, subtrees);
      }
    }

    @Override
    Object read(byte[] bytes, int offset, int length, Subtrees subtrees) {
      var in = new ByteReader(bytes, offset, length);
      var count = in.length();
      var map = new TreeMap<Object, @Nullable Object>(KeyOrder.of(schema.key()));
      for (var i = 0; i < count; i++) {
        map.put(key(keys, in), values.element(in, subtrees));
      }
      return Collections.unmodifiableSortedMap(map);
    }
  }

  private static final class SetCodec extends ValueCodec {
    private final SetSchema schema;
    private final KeyCodec elements;

    SetCodec(SetSchema schema) {
      this.schema = schema;
      elements = KeyCodec.of(schema.element());
    }

    @Override
    void body(Object value, ByteWriter out, Subtrees subtrees) {
      var set = (Collection<?>) value;
      out.varint(set.size());
      for (var element : set) {
        key(elements, element, out);
      }
    }

    @Override
    Object read(byte[] bytes, int offset, int length, Subtrees subtrees) {
      var in = new ByteReader(bytes, offset, length);
      var count = in.length();
      var set = new TreeSet<Object>(KeyOrder.of(schema.element()));
      for (var i = 0; i < count; i++) {
        set.add(key(elements, in));
      }
      return Collections.unmodifiableSortedSet(set);
    }
  }

  private static final class ListCodec extends ValueCodec {
    private final ValueCodec elements;

    ListCodec(ListSchema schema) {
      elements = of(schema.element());
    }

    @Override
    void body(Object value, ByteWriter out, Subtrees subtrees) {
      var list = (List<?>) value;
      out.varint(list.size());
      for (var element : list) {
        elements.element(element, out, subtrees);
      }
    }

    @Override
    Object read(byte[] bytes, int offset, int length, Subtrees subtrees) {
      var in = new ByteReader(bytes, offset, length);
      var count = in.length();
      var list = new ArrayList<@Nullable Object>(count);
      for (var i = 0; i < count; i++) {
        list.add(elements.element(in, subtrees));
      }
      return Collections.unmodifiableList(list);
    }
  }

  /** Codec of records; fields can be read and replaced alone. */
  public static final class RecordCodec extends ValueCodec {
    private final RecordLayout shape;
    private final RowFormat format;
    private final ValueCodec[] fields;

    RecordCodec(RecordSchema schema) {
      shape = RecordLayout.of(schema);
      format = RowFormat.of(schema);
      fields =
          schema.fields().stream()
              .map(field -> ValueCodec.of(field.schema()))
              .toArray(ValueCodec[]::new);
    }

    @Override
    boolean headed() {
      return true;
    }

    @Override
    void body(Object value, ByteWriter out, Subtrees subtrees) {
      var values = new @Nullable Object[fields.length];
      var nulls = new boolean[fields.length];
      for (var i = 0; i < fields.length; i++) {
        values[i] = shape.get(value, i);
        nulls[i] = values[i] == null;
      }
      format.write(
          nulls,
          (i, to) -> fields[i].body(java.util.Objects.requireNonNull(values[i]), to, subtrees),
          out);
    }

    @Override
    Object read(byte[] bytes, int offset, int length, Subtrees subtrees) {
      var values = new @Nullable Object[fields.length];
      for (var i = 0; i < fields.length; i++) {
        values[i] = field(bytes, offset, length, i, subtrees);
      }
      return shape.build(values);
    }

    /** Where the fields are. */
    public RowFormat format() {
      return format;
    }

    /** Reads one field of a row. */
    public @Nullable Object field(
        byte[] row, int offset, int length, int field, Subtrees subtrees) {
      if (format.isNull(row, offset, field)) {
        return null;
      }
      var start = format.start(row, offset, field);
      var end = format.end(row, offset, offset + length, field);
      return fields[field].read(row, start, end - start, subtrees);
    }

    /** A row without any field, primitives zero. */
    public byte[] blank() {
      return encode(shape.build(new @Nullable Object[fields.length]));
    }

    /** Writes the row again with one field replaced by a normalised value without parts. */
    public void withField(
        byte[] row, int offset, int length, int field, @Nullable Object value, ByteWriter out) {
      if (value == null) {
        withoutField(row, offset, length, field, out);
        return;
      }
      rewrite(row, offset, length, field, to -> fields[field].body(value, to, NONE), out);
    }

    /** Writes the row again with one field null. */
    public void withoutField(byte[] row, int offset, int length, int field, ByteWriter out) {
      rewrite(row, offset, length, field, null, out);
    }

    /** Writes the row again with one field replaced by a value given as a row of its own. */
    public void withRow(
        byte[] row, int offset, int length, int field, byte[] value, ByteWriter out) {
      if (value[0] < 0) {
        withoutField(row, offset, length, field, out);
        return;
      }
      var head = fields[field].headed() ? 0 : 1;
      rewrite(row, offset, length, field, to -> to.put(value, head, value.length - head), out);
    }

    private void rewrite(
        byte[] row,
        int offset,
        int length,
        int field,
        java.util.function.@Nullable Consumer<ByteWriter> writer,
        ByteWriter out) {
      var nulls = new boolean[fields.length];
      for (var i = 0; i < nulls.length; i++) {
        nulls[i] = i == field ? writer == null : format.isNull(row, offset, i);
      }
      format.write(
          nulls,
          (i, to) -> {
            if (i == field && writer != null) {
              writer.accept(to);
            } else {
              var start = format.start(row, offset, i);
              to.put(row, start, format.end(row, offset, offset + length, i) - start);
            }
          },
          out);
    }
  }
}
