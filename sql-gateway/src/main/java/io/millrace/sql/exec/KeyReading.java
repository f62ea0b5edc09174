package io.millrace.sql.exec;

/** A plan node that may read one key of a table. */
public interface KeyReading {
  /** True when the node asks for one whole key. */
  boolean keyGet();

  /** True when it asks for one whole key and computes nothing on the way. */
  boolean plainKeyGet();

  /** True for a plain key get on a table that finds the key among the live entries. */
  boolean liveKeyGet();
}
