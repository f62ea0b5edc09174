package io.millrace.sql.types;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL types this door speaks. The Java carrier inside the door follows from the type:
 * Boolean, Integer, Long, Double, BigDecimal, String, byte[]; timestamps are ms since the epoch
 * (Long), dates days since the epoch (Integer), times ms of the day (Integer).
 */
public enum PgType {
  /** boolean. */
  BOOL(16, "bool", "boolean", 1),
  /** Bytes. */
  BYTEA(17, "bytea", "bytea", -1),
  /** One-byte text of the catalogue. */
  CHAR(18, "char", "\"char\"", 1),
  /** Identifier text. */
  NAME(19, "name", "name", 64),
  /** 64-bit integer. */
  INT8(20, "int8", "bigint", 8),
  /** 16-bit integer. */
  INT2(21, "int2", "smallint", 2),
  /** 32-bit integer. */
  INT4(23, "int4", "integer", 4),
  /** Text. */
  TEXT(25, "text", "text", -1),
  /** Object id. */
  OID(26, "oid", "oid", 4),
  /** JSON text. */
  JSON(114, "json", "json", -1),
  /** Single precision. */
  FLOAT4(700, "float4", "real", 4),
  /** Double precision. */
  FLOAT8(701, "float8", "double precision", 8),
  /** Untyped literal. */
  UNKNOWN(705, "unknown", "unknown", -2),
  /** Padded text. */
  BPCHAR(1042, "bpchar", "character", -1),
  /** Text with a limit. */
  VARCHAR(1043, "varchar", "character varying", -1),
  /** Date. */
  DATE(1082, "date", "date", 4),
  /** Time of day. */
  TIME(1083, "time", "time without time zone", 8),
  /** Date and time. */
  TIMESTAMP(1114, "timestamp", "timestamp without time zone", 8),
  /** Moment. */
  TIMESTAMPTZ(1184, "timestamptz", "timestamp with time zone", 8),
  /** Span of time. */
  INTERVAL(1186, "interval", "interval", 16),
  /** Exact number. */
  NUMERIC(1700, "numeric", "numeric", -1),
  /** UUID. */
  UUID(2950, "uuid", "uuid", 16),
  /** JSON. */
  JSONB(3802, "jsonb", "jsonb", -1);

  private static final Map<Integer, PgType> BY_OID = new HashMap<>();
  private static final Map<String, PgType> BY_NAME = new HashMap<>();

  static {
    for (var type : values()) {
      BY_OID.put(type.oid, type);
      BY_NAME.put(type.typname, type);
      BY_NAME.put(type.sqlName, type);
    }
    BY_NAME.put("int", INT4);
    BY_NAME.put("float", FLOAT8);
    BY_NAME.put("decimal", NUMERIC);
  }

  private final int oid;
  private final String typname;
  private final String sqlName;
  private final int length;

  PgType(int oid, String typname, String sqlName, int length) {
    this.oid = oid;
    this.typname = typname;
    this.sqlName = sqlName;
    this.length = length;
  }

  /** Object id, the same as PostgreSQL's. */
  public int oid() {
    return oid;
  }

  /** Name in pg_type. */
  public String typname() {
    return typname;
  }

  /** Name as {@code format_type} shows it. */
  public String sqlName() {
    return sqlName;
  }

  /** Size in bytes, negative when it varies. */
  public int length() {
    return length;
  }

  /** The type of an object id, or null. */
  public static @Nullable PgType byOid(int oid) {
    return BY_OID.get(oid);
  }

  /** The type of a name, or null. */
  public static @Nullable PgType byName(String name) {
    return BY_NAME.get(name.toLowerCase(Locale.ROOT));
  }
}
