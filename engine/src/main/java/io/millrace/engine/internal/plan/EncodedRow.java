package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.KeyCodec;
import io.millrace.engine.internal.codec.RowFormat;
import io.millrace.engine.internal.codec.TextValues;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.table.ByteSlice;
import io.millrace.engine.table.RowReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads columns from key bytes and row bytes where they lie. */
@HotPath(benchmark = "PathBenchmark")
final class EncodedRow extends RowReader {
  private static final byte[] NONE = {};

  private final ColumnSource[] sources;
  private final SubindexTrees parts;
  private final byte[][] keyArray;
  private final int[] keyOffset;
  private final int[] keyLength;
  private final long[] position;
  private byte[] row = NONE;
  private int offset;
  private int end;
  private int start;
  private int limit;

  /** The field that {@link #locate} found last in this row, or null. */
  private ColumnSource.@Nullable Field located;

  EncodedRow(List<ColumnSource> sources, int levels, SubindexTrees parts) {
    this.sources = sources.toArray(ColumnSource[]::new);
    this.parts = parts;
    keyArray = new byte[levels][];
    keyOffset = new int[levels];
    keyLength = new int[levels];
    position = new long[levels];
  }

  void key(int level, byte[] array, int at, int length, long rank) {
    keyArray[level] = array;
    keyOffset[level] = at;
    keyLength[level] = length;
    position[level] = rank;
  }

  void value(byte[] array, int at, int length) {
    row = array;
    offset = at;
    end = at + length;
    located = null;
  }

  /** Finds a field: sets start and limit; false when it is null. */
  private boolean locate(ColumnSource.Field field) {
    if (field == located) {
      return true;
    }
    var path = field.path();
    var from = offset;
    var to = end;
    for (var step : path) {
      RowFormat format = step.format();
      if (format.isNull(row, from, step.field())) {
        return false;
      }
      var base = from;
      from = format.start(row, base, step.field());
      to = format.end(row, base, to, step.field());
    }
    start = from;
    limit = to;
    located = field;
    return true;
  }

  /** Start of a part in its key. */
  private int partStart(ColumnSource.KeyPart part) {
    var level = part.level();
    var at = keyOffset[level];
    return part.part() == 0
        ? at
        : part.codec().partStart(part.part(), keyArray[level], at, at + keyLength[level]);
  }

  @Override
  public boolean isNull(int column) {
    return sources[column] instanceof ColumnSource.Field field && !locate(field);
  }

  @Override
  public long getLong(int column) {
    return switch (sources[column]) {
      case ColumnSource.Field field -> {
        if (!locate(field)) {
          yield 0;
        }
        yield field.schema() == Scalar.INT
            ? RowFormat.intAt(row, start)
            : RowFormat.longAt(row, start);
      }
      case ColumnSource.KeyPart part ->
          part.scalar() == Scalar.INT
              ? KeyCodec.intAt(keyArray[part.level()], partStart(part))
              : KeyCodec.longAt(keyArray[part.level()], partStart(part));
      case ColumnSource.Position(var level) -> position[level];
    };
  }

  @Override
  public double getDouble(int column) {
    return switch (sources[column]) {
      case ColumnSource.Field field ->
          locate(field) ? Double.longBitsToDouble(RowFormat.longAt(row, start)) : 0;
      case ColumnSource.KeyPart part -> KeyCodec.doubleAt(keyArray[part.level()], partStart(part));
      case ColumnSource.Position(var level) -> position[level];
    };
  }

  @Override
  public boolean getBoolean(int column) {
    return switch (sources[column]) {
      case ColumnSource.Field field -> locate(field) && row[start] != 0;
      case ColumnSource.KeyPart part -> keyArray[part.level()][partStart(part)] != 0;
      case ColumnSource.Position _ -> false;
    };
  }

  @Override
  public void getBytes(int column, ByteSlice out) {
    if (sources[column] instanceof ColumnSource.Field field
        && (field.schema() == Scalar.STRING || field.schema() == Scalar.BYTES)) {
      if (locate(field)) {
        out.set(row, start, limit - start);
      } else {
        out.set(NONE, 0, 0);
      }
      return;
    }
    if (sources[column] instanceof ColumnSource.KeyPart part && plain(part)) {
      var at = partStart(part);
      var keyEnd = keyOffset[part.level()] + keyLength[part.level()];
      out.set(keyArray[part.level()], at, keyEnd - at);
      return;
    }
    var bytes =
        switch (get(column)) {
          case byte[] binary -> binary;
          case String text -> text.getBytes(StandardCharsets.UTF_8);
          case null, default -> NONE;
        };
    out.set(bytes, 0, bytes.length);
  }

  /** True when the bytes of the key part are those of the value. */
  private static boolean plain(ColumnSource.KeyPart part) {
    return part.part() == part.codec().parts() - 1
        && (part.scalar() == Scalar.STRING || part.scalar() == Scalar.BYTES);
  }

  @Override
  public @Nullable Object get(int column) {
    return switch (sources[column]) {
      case ColumnSource.Field field -> locate(field) ? fieldValue(field) : null;
      case ColumnSource.KeyPart part -> {
        var array = keyArray[part.level()];
        var at = partStart(part);
        var keyEnd = keyOffset[part.level()] + keyLength[part.level()];
        var codec = part.codec();
        yield carrier(
            codec.part(part.part(), array, at, codec.partEnd(part.part(), array, at, keyEnd)));
      }
      case ColumnSource.Position(var level) -> position[level];
    };
  }

  private Object fieldValue(ColumnSource.Field field) {
    if (field.schema() instanceof Scalar scalar) {
      switch (scalar) {
        case LONG, INSTANT -> {
          return RowFormat.longAt(row, start);
        }
        case STRING -> {
          return new String(row, start, limit - start, StandardCharsets.UTF_8);
        }
        case INT -> {
          return RowFormat.intAt(row, start);
        }
        case DOUBLE, BOOLEAN, BYTES, UUID -> {
          return carrier(field.codec().decodeBody(row, start, limit - start, parts));
        }
        case ANY -> {}
      }
    }
    return TextValues.json(field.codec().decodeBody(row, start, limit - start, parts));
  }

  private static Object carrier(Object value) {
    return switch (value) {
      case Instant instant -> instant.toEpochMilli();
      case java.util.UUID uuid -> uuid.toString();
      default -> value;
    };
  }
}
