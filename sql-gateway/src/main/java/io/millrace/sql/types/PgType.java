package io.millrace.sql.types;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL types this door speaks. The Java carrier inside the door follows from the type:
 * Boolean, Integer, Long, Double, BigDecimal, String, byte[]; timestamps are ms since the epoch
 * (Long), dates days since the epoch (Integer), times ms of the day (Integer), arrays their text.
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
  JSONB(3802, "jsonb", "jsonb", -1),
  /** Array of {@link #BOOL}. */
  BOOL_ARRAY(1000, BOOL),
  /** Array of {@link #BYTEA}. */
  BYTEA_ARRAY(1001, BYTEA),
  /** Array of {@link #CHAR}. */
  CHAR_ARRAY(1002, CHAR),
  /** Array of {@link #NAME}. */
  NAME_ARRAY(1003, NAME),
  /** Array of {@link #INT2}. */
  INT2_ARRAY(1005, INT2),
  /** Array of {@link #INT4}. */
  INT4_ARRAY(1007, INT4),
  /** Array of {@link #TEXT}. */
  TEXT_ARRAY(1009, TEXT),
  /** Array of {@link #BPCHAR}. */
  BPCHAR_ARRAY(1014, BPCHAR),
  /** Array of {@link #VARCHAR}. */
  VARCHAR_ARRAY(1015, VARCHAR),
  /** Array of {@link #INT8}. */
  INT8_ARRAY(1016, INT8),
  /** Array of {@link #FLOAT4}. */
  FLOAT4_ARRAY(1021, FLOAT4),
  /** Array of {@link #FLOAT8}. */
  FLOAT8_ARRAY(1022, FLOAT8),
  /** Array of {@link #OID}. */
  OID_ARRAY(1028, OID),
  /** Array of {@link #TIMESTAMP}. */
  TIMESTAMP_ARRAY(1115, TIMESTAMP),
  /** Array of {@link #DATE}. */
  DATE_ARRAY(1182, DATE),
  /** Array of {@link #TIME}. */
  TIME_ARRAY(1183, TIME),
  /** Array of {@link #TIMESTAMPTZ}. */
  TIMESTAMPTZ_ARRAY(1185, TIMESTAMPTZ),
  /** Array of {@link #NUMERIC}. */
  NUMERIC_ARRAY(1231, NUMERIC),
  /** Array of {@link #UUID}. */
  UUID_ARRAY(2951, UUID),
  /** Array of {@link #JSON}. */
  JSON_ARRAY(199, JSON),
  /** Array of {@link #JSONB}. */
  JSONB_ARRAY(3807, JSONB),
  /** Array of {@link #INTERVAL}. */
  INTERVAL_ARRAY(1187, INTERVAL);

  private static final Map<Integer, PgType> BY_OID = new HashMap<>();
  private static final Map<String, PgType> BY_NAME = new HashMap<>();
  private static final Map<PgType, PgType> ARRAYS = new java.util.EnumMap<>(PgType.class);

  static {
    for (var type : values()) {
      BY_OID.put(type.oid, type);
      BY_NAME.put(type.typname, type);
      BY_NAME.put(type.sqlName, type);
      if (type.element != null) {
        ARRAYS.put(type.element, type);
      }
    }
    BY_NAME.put("int", INT4);
    BY_NAME.put("float", FLOAT8);
    BY_NAME.put("decimal", NUMERIC);
  }

  private final int oid;
  private final String typname;
  private final String sqlName;
  private final int length;
  private final @Nullable PgType element;

  PgType(int oid, PgType element) {
    this.oid = oid;
    this.typname = "_" + element.typname;
    this.sqlName = element.sqlName + "[]";
    this.length = -1;
    this.element = element;
  }

  PgType(int oid, String typname, String sqlName, int length) {
    this.element = null;
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

  /** Type of the elements of an array, or null for what is none. */
  public @Nullable PgType element() {
    return element;
  }

  /** The array of this type; of text where there is none. */
  public PgType array() {
    return ARRAYS.getOrDefault(this, TEXT_ARRAY);
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
