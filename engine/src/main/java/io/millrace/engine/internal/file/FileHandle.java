package io.millrace.engine.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link FileLayer}. Reads may run beside a write; writes have one caller. */
public interface FileHandle extends Closeable {
  /** Reads up to {@code dst.remaining()} bytes at {@code at}; -1 at the end of the file. */
  int read(ByteBuffer dst, long at) throws IOException;

  /**
   * Writes {@code count} buffers from index {@code first} one after the other, starting at {@code
   * at}, with one call of the operating system. May write less than all; the buffers' positions say
   * how much.
   *
   * @throws DiskFullException when there is no space
   */
  long write(ByteBuffer[] sources, int first, int count, long at) throws IOException;

  /** Cuts the file. */
  void truncate(long size) throws IOException;

  /** Forces content, and what is needed to find it again, to the disk. */
  void sync() throws IOException;

  /** Size in bytes. */
  long size() throws IOException;

  @Override
  void close() throws IOException;
}
