package io.millrace.engine.module;

import java.io.IOException;

/**
 * A data directory holds something that the modules it is opened with would lose, skip or misread.
 * Nothing has been changed. The message names each such thing, both forms, and the line to write.
 */
public final class ModuleChangeException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with the whole message. */
  public ModuleChangeException(String message) {
    super(message);
  }
}
