package io.millrace.engine.internal.file;

import java.io.IOException;

/** A write failed because the disk or a quota is used up; the one failure that is tried again. */
public final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Creates it with a message and the cause. */
  public DiskFullException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Creates it with a message. */
  public DiskFullException(String message) {
    super(message);
  }
}
