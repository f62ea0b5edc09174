package io.millrace.engine.internal.log;

/**
 * Bytes that were once safely on disk are wrong or gone. Never repaired silently: the message names
 * the file, the byte, the journal position and what to do.
 */
public final class DamageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long byteOffset;
  private final long position;

  /**
   * @param file file, or directory when a whole file is missing
   * @param byteOffset first wrong byte in it
   * @param position journal position (or depot offset) of the first record that cannot be read
   * @param what what is wrong
   * @param advice what the operator should do
   */
  public DamageException(String file, long byteOffset, long position, String what, String advice) {
    super(
        what + ": file=" + file + " byte=" + byteOffset + " position=" + position + ". " + advice);
    this.file = file;
    this.byteOffset = byteOffset;
    this.position = position;
  }

  /** The damaged file. */
  public String file() {
    return file;
  }

  /** First wrong byte. */
  public long byteOffset() {
    return byteOffset;
  }

  /** Journal position of the first record that cannot be read. */
  public long position() {
    return position;
  }
}
