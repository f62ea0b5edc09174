package io.millrace.sql.types;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.ZoneId;
import java.util.UUID;

/** Binary form of values. */
public final class PgBinary {
  private static final long EPOCH_2000_MS = 946_684_800_000L;
  private static final int EPOCH_2000_DAYS = 10_957;
  private static final int NEGATIVE = 0x4000;
  private static final BigInteger GROUP = BigInteger.valueOf(10_000);

  private PgBinary() {}

  /** Writes a value that is not null, without its length. */
  public static void write(ByteBuf out, PgType type, Object value, ZoneId zone) {
    if (type.element() != null) {
      PgArray.write(out, type, value.toString(), zone);
      return;
    }
    switch (type) {
      case BOOL -> out.writeByte((Boolean) value ? 1 : 0);
      case INT2 -> out.writeShort(((Number) value).intValue());
      case INT4, OID -> out.writeInt(((Number) value).intValue());
      case INT8 -> out.writeLong(((Number) value).longValue());
      case FLOAT4 -> out.writeFloat(((Number) value).floatValue());
      case FLOAT8 -> out.writeDouble(((Number) value).doubleValue());
      case BYTEA -> out.writeBytes((byte[]) value);
      case TIMESTAMP, TIMESTAMPTZ -> out.writeLong(microseconds(((Number) value).longValue()));
      case DATE -> out.writeInt(((Number) value).intValue() - EPOCH_2000_DAYS);
      case TIME -> out.writeLong(((Number) value).longValue() * 1000);
      case NUMERIC ->
          writeNumeric(
              out, value instanceof BigDecimal exact ? exact : new BigDecimal(value.toString()));
      case JSONB -> {
        out.writeByte(1);
        ByteBufUtil.writeUtf8(out, value.toString());
      }
      case UUID -> {
        var uuid = UUID.fromString(value.toString());
        out.writeLong(uuid.getMostSignificantBits());
        out.writeLong(uuid.getLeastSignificantBits());
      }
      default -> ByteBufUtil.writeUtf8(out, PgText.format(type, value, zone));
    }
  }

  /** Microseconds since 2000; what does not fit is infinitely far away, as PostgreSQL has it. */
  private static long microseconds(long ms) {
    if (ms > Long.MAX_VALUE / 1000) {
      return Long.MAX_VALUE;
    }
    return ms < Long.MIN_VALUE / 1000 + EPOCH_2000_MS
        ? Long.MIN_VALUE
        : (ms - EPOCH_2000_MS) * 1000;
  }

  /** Reads a value that fills the buffer. */
  public static Object read(PgType type, ByteBuf in) {
    if (type.element() != null) {
      return PgArray.read(type, in);
    }
    return switch (type) {
      case BOOL -> sized(in, 1, type).readByte() != 0;
      case INT2 -> (int) sized(in, 2, type).readShort();
      case INT4 -> sized(in, 4, type).readInt();
      case INT8 -> sized(in, 8, type).readLong();
      case OID -> sized(in, 4, type).readUnsignedInt();
      case FLOAT4 -> (double) sized(in, 4, type).readFloat();
      case FLOAT8 -> sized(in, 8, type).readDouble();
      case BYTEA -> ByteBufUtil.getBytes(in);
      case TIMESTAMP, TIMESTAMPTZ ->
          Math.floorDiv(sized(in, 8, type).readLong(), 1000L) + EPOCH_2000_MS;
      case DATE -> days(sized(in, 4, type).readInt());
      case TIME -> (int) (sized(in, 8, type).readLong() / 1000);
      case NUMERIC -> readNumeric(in);
      case JSONB -> {
        if (!in.isReadable() || in.readByte() != 1) {
          throw bad(type);
        }
        yield Utf8.value(in);
      }
      case UUID -> new UUID(sized(in, 16, type).readLong(), in.readLong()).toString();
      default -> Utf8.value(in);
    };
  }

  private static int days(int since2000) {
    if (since2000 > Integer.MAX_VALUE - EPOCH_2000_DAYS) {
      throw new SqlProblem("22008", "date out of range");
    }
    return since2000 + EPOCH_2000_DAYS;
  }

  private static SqlProblem bad(PgType type) {
    return new SqlProblem(
        SqlState.INVALID_BINARY, "incorrect binary data format for type " + type.sqlName());
  }

  private static ByteBuf sized(ByteBuf in, int bytes, PgType type) {
    if (in.readableBytes() != bytes) {
      throw bad(type);
    }
    return in;
  }

  /** Digits to base 10,000, the first one's weight, sign and display scale. */
  private static void writeNumeric(ByteBuf out, BigDecimal value) {
    var scale = Math.max(0, value.scale());
    var fraction = (scale + 3) / 4;
    var digits = value.setScale(fraction * 4).unscaledValue().abs();
    var groups = new java.util.ArrayDeque<Integer>();
    while (digits.signum() != 0) {
      var parts = digits.divideAndRemainder(GROUP);
      groups.addFirst(parts[1].intValue());
      digits = parts[0];
    }
    var weight = groups.size() - fraction - 1;
    while (!groups.isEmpty() && groups.peekLast() == 0) {
      groups.removeLast();
    }
    out.writeShort(groups.size());
    out.writeShort(groups.isEmpty() ? 0 : weight);
    out.writeShort(value.signum() < 0 ? NEGATIVE : 0);
    out.writeShort(scale);
    groups.forEach(out::writeShort);
  }

  private static BigDecimal readNumeric(ByteBuf in) {
    if (in.readableBytes() < 8) {
      throw bad(PgType.NUMERIC);
    }
    var count = in.readUnsignedShort();
    var weight = in.readShort();
    var sign = in.readUnsignedShort();
    var scale = in.readUnsignedShort();
    if (in.readableBytes() != count * 2 || sign != 0 && sign != NEGATIVE || scale > 0x3FFF) {
      // NaN and the infinities have no exact number here, and must not become one.
      throw bad(PgType.NUMERIC);
    }
    var digits = BigInteger.ZERO;
    for (int i = 0; i < count; i++) {
      var group = in.readUnsignedShort();
      if (group >= GROUP.intValue()) {
        throw bad(PgType.NUMERIC);
      }
      digits = digits.multiply(GROUP).add(BigInteger.valueOf(group));
    }
    var value = new BigDecimal(digits, (count - 1 - weight) * 4);
    var scaled = value.setScale(scale, java.math.RoundingMode.HALF_UP);
    return sign == NEGATIVE ? scaled.negate() : scaled;
  }
}
