package io.millrace.engine.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/** Reading and writing small files as a whole. */
public final class WholeFile {
  private WholeFile() {}

  /** All bytes of a file. */
  public static byte[] read(FileLayer files, Path file) throws IOException {
    try (FileHandle handle = files.open(file, FileLayer.Mode.READ)) {
      ByteBuffer all = ByteBuffer.allocate((int) handle.size());
      while (all.hasRemaining() && handle.read(all, all.position()) >= 0) {
        // Until it is whole.
      }
      return Arrays.copyOf(all.array(), all.position());
    }
  }

  /** Creates the file anew with these bytes and forces it; the name is not yet durable. */
  public static void write(FileLayer files, Path file, Iterable<ByteBuffer> pieces)
      throws IOException {
    files.delete(file);
    try (FileHandle handle = files.open(file, FileLayer.Mode.CREATE)) {
      long at = 0;
      for (ByteBuffer piece : pieces) {
        at += append(handle, piece, at);
      }
      handle.sync();
    }
  }

  /** Writes all of {@code piece} at {@code at}; returns its length. */
  public static long append(FileHandle handle, ByteBuffer piece, long at) throws IOException {
    ByteBuffer[] one = {piece};
    long done = 0;
    while (piece.hasRemaining()) {
      long wrote = handle.write(one, 0, 1, at + done);
      if (wrote <= 0) {
        throw new IOException("The disk takes nothing");
      }
      done += wrote;
    }
    return done;
  }
}
