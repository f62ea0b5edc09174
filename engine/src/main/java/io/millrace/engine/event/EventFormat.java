package io.millrace.engine.event;

/** How the events of a depot are written as bytes. */
public enum EventFormat {
  /** JSON text in UTF-8. */
  JSON,
  /** Compact binary: the components in order, self-describing as far as null and length go. */
  BINARY
}
