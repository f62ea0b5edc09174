package io.millrace.engine.internal.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * All the log asks of a file system. The real one is {@link DiskFiles}; tests put one in its place
 * that loses unsynced sectors, fails the n-th call or is full.
 */
public interface FileLayer {
  /** How {@link #open} opens. */
  enum Mode {
    /** An existing file, for reading. */
    READ,
    /** An existing file, for reading and writing. */
    WRITE,
    /** A file that must not exist yet, readable by its owner only. */
    CREATE
  }

  /** Opens a file. */
  FileHandle open(Path file, Mode mode) throws IOException;

  /** Creates a directory and its parents, readable by the owner only, and makes them durable. */
  void createDirectories(Path directory) throws IOException;

  /** Names in a directory, in no order; empty when it does not exist. */
  List<String> list(Path directory) throws IOException;

  /** Whether the file exists. */
  boolean exists(Path file) throws IOException;

  /** Deletes a file if it exists; durable after {@link #syncDirectory}. */
  void delete(Path file) throws IOException;

  /** Renames a file, replacing the target; durable after {@link #syncDirectory}. */
  void rename(Path from, Path to) throws IOException;

  /**
   * Gives a file a second name on the same file system; nothing when that name is there already.
   * Durable after {@link #syncDirectory}.
   */
  void link(Path file, Path name) throws IOException;

  /** Makes created, renamed and deleted names of a directory durable. */
  void syncDirectory(Path directory) throws IOException;
}
