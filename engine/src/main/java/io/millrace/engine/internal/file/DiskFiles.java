package io.millrace.engine.internal.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The real file system: files 0600, directories 0700. */
public final class DiskFiles implements FileLayer {
  /** With less than this free, a failed write is taken for a full disk whatever its message. */
  private static final long NO_SPACE = 64 << 10;

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  @Override
  public FileHandle open(Path file, Mode mode) throws IOException {
    try {
      FileChannel channel =
          switch (mode) {
            case READ -> FileChannel.open(file, StandardOpenOption.READ);
            case WRITE ->
                FileChannel.open(
                    file,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
            case CREATE ->
                FileChannel.open(
                    file,
                    Set.of(
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE_NEW),
                    OWNER_FILE);
          };
      return new Handle(file, channel);
    } catch (IOException e) {
      throw classified(file, e);
    }
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    Path at = directory.toAbsolutePath();
    while (at != null && !Files.isDirectory(at)) {
      missing.push(at);
      at = at.getParent();
    }
    if (at != null) {
      syncExisting(at);
    }
    for (Path made : missing) {
      try {
        Files.createDirectory(made, OWNER_DIRECTORY);
      } catch (IOException e) {
        throw classified(made, e);
      }
      syncParent(made);
    }
  }

  /** Whoever made it may have died before its name was forced. */
  private void syncExisting(Path directory) throws IOException {
    try {
      syncParent(directory);
    } catch (AccessDeniedException e) {
      // The parent is not ours, so its owner made the directory.
      return;
    }
  }

  private void syncParent(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      syncDirectory(parent);
    }
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return names;
  }

  @Override
  public boolean exists(Path file) {
    return Files.exists(file);
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw classified(to, e);
    }
  }

  @Override
  public void link(Path file, Path name) throws IOException {
    if (Files.exists(name)) {
      return;
    }
    try {
      Files.createLink(name, file);
    } catch (IOException e) {
      throw classified(name, e);
    }
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Tells a full disk from every other failure; the message alone depends on the locale. */
  private static IOException classified(Path file, IOException e) {
    boolean named = e instanceof FileSystemException && e.getClass() != FileSystemException.class;
    if (e instanceof DiskFullException || named) {
      // Exists already, does not exist, not permitted: nothing that space would cure.
      return e;
    }
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("no space left")
        || message.contains("quota exceeded")
        || freeSpace(file) < NO_SPACE) {
      return new DiskFullException("No space left: file=" + file, e);
    }
    return e;
  }

  private static long freeSpace(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      return Long.MAX_VALUE;
    }
    try {
      FileStore store = Files.getFileStore(parent);
      return store.getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  /** A channel that keeps its own position, so that a sequential write is one system call. */
  private static final class Handle implements FileHandle {
    private final Path file;
    private final FileChannel channel;
    private long next;

    Handle(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    @Override
    public int read(ByteBuffer dst, long at) throws IOException {
      return channel.read(dst, at);
    }

    @Override
    public long write(ByteBuffer[] sources, int first, int count, long at) throws IOException {
      // An interrupt would close the channel in the middle of the journal.
      boolean interrupted = Thread.interrupted();
      try {
        if (at != next) {
          channel.position(at);
          next = at;
        }
        long written =
            count == 1 ? channel.write(sources[first]) : channel.write(sources, first, count);
        next += written;
        return written;
      } catch (IOException e) {
        next = -1;
        throw classified(file, e);
      } finally {
        restore(interrupted);
      }
    }

    private static void restore(boolean interrupted) {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
      next = -1;
    }

    @Override
    public void sync() throws IOException {
      boolean interrupted = Thread.interrupted();
      try {
        channel.force(false);
      } finally {
        restore(interrupted);
      }
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
