package io.millrace.sql.error;

/** The SQLSTATE codes this door answers with. */
public final class SqlState {
  /** Broken protocol. */
  public static final String PROTOCOL_VIOLATION = "08P01";

  /** Something we do not offer. */
  public static final String FEATURE_NOT_SUPPORTED = "0A000";

  /** A number left its type's range. */
  public static final String NUMERIC_OUT_OF_RANGE = "22003";

  /** Bad date or time text. */
  public static final String INVALID_DATETIME = "22007";

  /** Division by zero. */
  public static final String DIVISION_BY_ZERO = "22012";

  /** A value that the function or clause does not take. */
  public static final String INVALID_PARAMETER = "22023";

  /** A pattern that is no regular expression. */
  public static final String INVALID_REGEX = "2201B";

  /** Text that is no value of the wanted type. */
  public static final String INVALID_TEXT = "22P02";

  /** Bytes that are no value of the wanted type. */
  public static final String INVALID_BINARY = "22P03";

  /** Something to know beside an answer. */
  public static final String WARNING = "01000";

  /** Bytes that are no text. */
  public static final String CHARACTER_NOT_IN_REPERTOIRE = "22021";

  /** A scalar subquery with several rows. */
  public static final String CARDINALITY = "21000";

  /** A value that must be there is missing. */
  public static final String NOT_NULL_VIOLATION = "23502";

  /** A transaction that has failed already. */
  public static final String IN_FAILED_TRANSACTION = "25P02";

  /** Unknown prepared statement. */
  public static final String NO_STATEMENT = "26000";

  /** Wrong password. */
  public static final String INVALID_PASSWORD = "28P01";

  /** Unknown portal. */
  public static final String NO_PORTAL = "34000";

  /** Does not parse. */
  public static final String SYNTAX_ERROR = "42601";

  /** A column must be grouped. */
  public static final String GROUPING_ERROR = "42803";

  /** Types do not fit. */
  public static final String DATATYPE_MISMATCH = "42804";

  /** An operand of the wrong sort, such as a number where an array must be. */
  public static final String WRONG_OBJECT_TYPE = "42809";

  /** Unknown column. */
  public static final String UNDEFINED_COLUMN = "42703";

  /** A name with two meanings. */
  public static final String AMBIGUOUS_COLUMN = "42702";

  /** Unknown function. */
  public static final String UNDEFINED_FUNCTION = "42883";

  /** Unknown table. */
  public static final String UNDEFINED_TABLE = "42P01";

  /** Unknown setting or type. */
  public static final String UNDEFINED_OBJECT = "42704";

  /** Prepared statement exists. */
  public static final String DUPLICATE_STATEMENT = "42P05";

  /** Writes are refused until there is space on the disk. */
  public static final String DISK_FULL = "53100";

  /** Memory limit of a statement. */
  public static final String OUT_OF_MEMORY = "53200";

  /** Too many connections. */
  public static final String TOO_MANY_CONNECTIONS = "53300";

  /** A limit of the server is exceeded. */
  public static final String LIMIT_EXCEEDED = "54000";

  /** A statement beyond what can be handled. */
  public static final String TOO_COMPLEX = "54001";

  /** What is asked for is not there: lost, or behind a topology that has stopped. */
  public static final String NOT_IN_STATE = "55000";

  /** Not while a transaction is under way. */
  public static final String ACTIVE_TRANSACTION = "25001";

  /** A write in a read-only transaction. */
  public static final String READ_ONLY_TRANSACTION = "25006";

  /** A statement that needs a transaction block. */
  public static final String NO_ACTIVE_TRANSACTION = "25P01";

  /** No savepoint of that name. */
  public static final String INVALID_SAVEPOINT = "3B001";

  /** The versions a snapshot needs are gone. */
  public static final String SNAPSHOT_TOO_OLD = "72000";

  /** Canceled by the user or by the time limit. */
  public static final String QUERY_CANCELED = "57014";

  /** The server stops. */
  public static final String ADMIN_SHUTDOWN = "57P01";

  /** A fault of ours. */
  public static final String INTERNAL_ERROR = "XX000";

  private SqlState() {}
}
