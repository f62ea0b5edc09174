package io.millrace.sql.exec;

/** An operator that can leave out rows without making them. */
public interface Skippable {
  /** Leaves out up to so many of the next rows; returns how many. */
  long skip(long rows);
}
