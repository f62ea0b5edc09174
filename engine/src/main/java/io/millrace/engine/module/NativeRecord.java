package io.millrace.engine.module;

/** One journal record as given to {@link NativeModule#replay}. Reused between calls. */
public interface NativeRecord {
  /** Task the record belongs to. */
  int partition();

  /** Stamp of the record, ms since the epoch. */
  long timeMs();

  /** Declared type of the body. */
  int typeId();

  /** End position of the record in the journal. */
  long position();

  /** Array that holds the body. */
  byte[] array();

  /** Index of the first body byte. */
  int offset();

  /** Number of body bytes. */
  int length();
}
