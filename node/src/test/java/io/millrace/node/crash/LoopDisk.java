package io.millrace.node.crash;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An ext4 file system in a file, whose power can be cut: it is shut down without flushing its log,
 * so what was not forced is lost as a machine would lose it.
 */
final class LoopDisk implements AutoCloseable {
  private static final long BYTES = 256L << 20;

  /** {@code _IOR('X', 125, __u32)}: EXT4_IOC_SHUTDOWN. */
  private static final long SHUTDOWN = 0x8004587dL;

  /** EXT4_GOING_FLAGS_NOLOGFLUSH. */
  private static final int NO_LOG_FLUSH = 2;

  /** SIGSTOP. */
  private static final int STOP = 19;

  private final Path image;
  private final Path mount;

  /** Why there is none. */
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(String message) {
      super(message);
    }
  }

  private LoopDisk(Path image, Path mount) {
    this.image = image;
    this.mount = mount;
  }

  /** Makes and mounts a disk. */
  static LoopDisk make(Path directory) throws IOException, InterruptedException, Unavailable {
    Path image = directory.resolve("disk.img");
    Path mount = Files.createDirectory(directory.resolve("disk"));
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(BYTES);
    }
    LoopDisk disk = new LoopDisk(image, mount);
    try {
      run("mkfs.ext4", "-q", "-F", image.toString());
      disk.mount();
    } catch (IOException e) {
      throw new Unavailable("a loop-mounted ext4 cannot be had here: " + e.getMessage());
    }
    return disk;
  }

  /** Where it is mounted. */
  Path root() {
    return mount;
  }

  /** Mounts it; the file system recovers by itself. */
  void mount() throws IOException, InterruptedException {
    run("mount", "-o", "loop", image.toString(), mount.toString());
  }

  /** Takes it away; everything must have been closed. */
  void unmount() throws IOException, InterruptedException {
    run("umount", mount.toString());
  }

  /**
   * Cuts the power: nothing more reaches the disk, neither data nor the log of the file system. The
   * process that uses it is stopped before, as a machine stops: a force that is under way when the
   * file system is shut down returns as if it had been done, and must not be acted on.
   */
  void cut(Process user) throws IOException {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor twoNumbers =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    FunctionDescriptor opening =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    FunctionDescriptor control =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
    Linker.Option variadic = Linker.Option.firstVariadicArg(2);
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle kill =
          linker.downcallHandle(linker.defaultLookup().findOrThrow("kill"), twoNumbers);
      MethodHandle open =
          linker.downcallHandle(linker.defaultLookup().findOrThrow("open"), opening, variadic);
      MethodHandle ioctl =
          linker.downcallHandle(linker.defaultLookup().findOrThrow("ioctl"), control, variadic);
      MethodHandle close =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("close"),
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      MemorySegment path = arena.allocateFrom(mount.toString());
      MemorySegment flags = arena.allocateFrom(ValueLayout.JAVA_INT, NO_LOG_FLUSH);
      int descriptor = (int) open.invokeExact(path, 0);
      int stopped = (int) kill.invokeExact((int) user.pid(), STOP);
      awaitStopped(user.pid());
      int answer = (int) ioctl.invokeExact(descriptor, SHUTDOWN, flags);
      int closed = (int) close.invokeExact(descriptor);
      if (descriptor < 0 || stopped < 0 || answer < 0 || closed < 0) {
        throw new IllegalStateException("The file system could not be shut down: " + mount);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Until each thread stands, or waits in the kernel and will stand before it runs again. */
  private static void awaitStopped(long pid) throws IOException {
    boolean running = true;
    while (running) {
      running = false;
      try (DirectoryStream<Path> tasks = Files.newDirectoryStream(tasksOf(pid))) {
        for (Path task : tasks) {
          String stat = Files.readString(task.resolve("stat"));
          char state = stat.charAt(stat.lastIndexOf(')') + 2);
          running |= "TtDZX".indexOf(state) < 0;
        }
      }
    }
  }

  private static Path tasksOf(long pid) {
    return Path.of("/proc", Long.toString(pid), "task");
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    boolean ended = process.waitFor(30, TimeUnit.SECONDS);
    if (!ended || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(List.of(command) + " failed: " + said.strip());
    }
  }

  @Override
  public void close() throws IOException {
    try {
      unmount();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
