package io.millrace.engine.event;

import org.jspecify.annotations.Nullable;

/** Bytes or values offered to a depot that are not an event of a type declared there. */
public final class InvalidEventException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final @Nullable String field;

  /**
   * Creates the exception.
   *
   * @param field dotted path of the field that is wrong, or null when the whole event is
   */
  public InvalidEventException(String message, @Nullable String field) {
    super(message);
    this.field = field;
  }

  /** Dotted path of the field that is wrong, or null when the whole event is. */
  public @Nullable String field() {
    return field;
  }
}
