package io.millrace.engine.internal.log;

/** The file was written by a newer version of the program; it is left untouched. */
public final class NewerFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates it for a file that says {@code found} where we read up to {@code known}. */
  public NewerFormatException(String file, int found, int known) {
    super(
        "The file was written by a newer version: file="
            + file
            + " format="
            + found
            + " newest-known="
            + known
            + ". Start that version, or restore a backup made by this one.");
  }
}
