package io.millrace.resp.keyspace;

/** Types of the records of the keyspace's depot. Numbers are stored: never reuse one. */
public final class RecordType {
  /**
   * One command as received; the database is the low four bits: types 16 to 31. The body is the
   * command's RESP array.
   */
  public static final int COMMAND = 16;

  /** Resolved effects: any number of (database byte, RESP array). */
  public static final int EFFECTS = 2;

  /** Keys removed to make room: a database byte and a DEL. */
  public static final int EVICT = 3;

  /** Time has passed; no body. Lets expired memory be reclaimed on an idle node. */
  public static final int CLOCK = 4;

  private RecordType() {}
}
