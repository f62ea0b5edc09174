package io.millrace.engine.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Files in memory that behave like a disk on a bad day. A power cut keeps, of everything written
 * since the last sync, a random subset of 512-byte sectors, and of names created or deleted since
 * the directory was synced, a random subset; a directory whose own name is lost takes all with it.
 * The n-th changing call can fail or write only a part, or be the one at which the power fails; the
 * disk can be full.
 */
public final class FaultFiles implements FileLayer {
  private static final int SECTOR = 512;

  /** What happens to the chosen call. */
  public enum Fault {
    /** It throws and does nothing. */
    ERROR,
    /** A write does a part and throws; other calls throw. */
    TORN,
    /** A write does a part and says so; other calls work. */
    SHORT,
    /** It says that the disk is full; a write has done a part. */
    FULL
  }

  private static final class Content {
    byte[] live = new byte[0];
    int size;
    byte[] durable = new byte[0];
    final BitSet dirty = new BitSet();

    void reserve(int wanted) {
      if (live.length < wanted) {
        live = Arrays.copyOf(live, Math.max(wanted, live.length * 2));
      }
    }
  }

  private final Map<Path, Content> names = new TreeMap<>();
  private final Map<Path, Content> durableNames = new TreeMap<>();
  private final Set<Path> directories = new TreeSet<>();
  private final Set<Path> durableDirectories = new TreeSet<>();
  private final Set<Path> made = new TreeSet<>();
  private long capacity = Long.MAX_VALUE;
  private int calls;
  private int faultAt = -1;
  private Fault fault = Fault.ERROR;
  private int faults;
  private @Nullable Runnable duringSync;
  private int generation;
  private int deadAt = -1;
  private boolean dead;
  private boolean deafNames;
  private boolean deafContents;

  // --- Switches.

  /** Lets the {@code n}-th changing call from now on fail, once. */
  public synchronized void failCall(int n, Fault kind) {
    calls = 0;
    faultAt = n;
    fault = kind;
  }

  /** The power fails at the {@code n}-th changing call from now on: it and all later ones throw. */
  public synchronized void dieAt(int n) {
    calls = 0;
    deadAt = n;
  }

  /** Whether the call of {@link #dieAt} was reached. */
  public synchronized boolean dead() {
    return dead;
  }

  /** A changing call of something that is no file but stands on the same disk. */
  public synchronized void call(String what) throws IOException {
    faulty(what);
  }

  /** From now on the disk says that names are durable when they are not. */
  public synchronized void forgetNames() {
    deafNames = true;
  }

  /** From now on the disk says that contents are durable when they are not. */
  public synchronized void forgetContents() {
    deafContents = true;
  }

  /** Number of faults that have happened. */
  public synchronized int faults() {
    return faults;
  }

  /** Total bytes that fit. */
  public synchronized void capacity(long bytes) {
    capacity = bytes;
  }

  /** Bytes in use. */
  public synchronized long used() {
    long sum = 0;
    for (Content content : names.values()) {
      sum += content.size;
    }
    return sum;
  }

  /** Runs while a file is being synced; what it writes is not covered by that sync. */
  public synchronized void duringSync(@Nullable Runnable action) {
    duringSync = action;
  }

  /** The process dies: handles are void, the kernel keeps everything. */
  public synchronized void kill() {
    generation++;
    faultAt = -1;
    deadAt = -1;
    dead = false;
    duringSync = null;
  }

  /** The power fails. */
  public synchronized void powerCut(RandomGenerator random) {
    kill();
    Map<Path, Content> after = new TreeMap<>(durableNames);
    for (Path path : names.keySet()) {
      if (durableNames.get(path) != names.get(path) && random.nextBoolean()) {
        after.put(path, names.get(path));
      }
    }
    for (Path path : durableNames.keySet()) {
      if (!names.containsKey(path) && random.nextBoolean()) {
        after.remove(path);
      }
    }
    directories.removeIf(at -> !durableDirectories.contains(at) && random.nextBoolean());
    directories.removeIf(at -> !reachable(at));
    durableDirectories.clear();
    durableDirectories.addAll(directories);
    after.keySet().removeIf(path -> !reachable(path));
    after.values().forEach(content -> tear(content, random));
    names.clear();
    names.putAll(after);
    durableNames.clear();
    durableNames.putAll(after);
  }

  /** Whether all directories above still have their names; one that nobody made always has. */
  private boolean reachable(Path path) {
    for (Path at = path.getParent(); at != null; at = at.getParent()) {
      if (made.contains(at) && !directories.contains(at)) {
        return false;
      }
    }
    return true;
  }

  private static void tear(Content content, RandomGenerator random) {
    int sure = content.durable.length;
    int low = Math.min(sure, content.size);
    int high = Math.max(sure, content.size);
    int size = random.nextInt(3) == 0 ? high : low + random.nextInt(high - low + 1);
    byte[] result = Arrays.copyOf(Arrays.copyOf(content.durable, sure), size);
    for (int s = content.dirty.nextSetBit(0); s >= 0; s = content.dirty.nextSetBit(s + 1)) {
      int from = s * SECTOR;
      int to = Math.min(Math.min(from + SECTOR, size), content.size);
      if (from < to && random.nextBoolean()) {
        System.arraycopy(content.live, from, result, from, to - from);
      }
    }
    content.live = result;
    content.size = size;
    content.durable = result.clone();
    content.dirty.clear();
  }

  /** A copy of a file. */
  public synchronized byte[] bytes(Path file) {
    Content content = found(file);
    return Arrays.copyOf(content.live, content.size);
  }

  /** Replaces a file, durably. */
  public synchronized void put(Path file, byte[] bytes) {
    Content content = new Content();
    content.live = bytes.clone();
    content.size = bytes.length;
    content.durable = bytes.clone();
    names.put(file, content);
    durableNames.put(file, content);
  }

  /** Flips one bit of a file in place. */
  public synchronized void flip(Path file, long bit) {
    found(file).live[(int) (bit >> 3)] ^= (byte) (1 << (bit & 7));
  }

  /** Removes a file as an operator would, durably. */
  public synchronized void remove(Path file) {
    names.remove(file);
    durableNames.remove(file);
  }

  /** A disk as new. */
  public synchronized void clear() {
    names.clear();
    durableNames.clear();
    directories.clear();
    durableDirectories.clear();
    made.clear();
  }

  /** All files, sorted. */
  public synchronized List<Path> paths() {
    return new ArrayList<>(names.keySet());
  }

  // --- File layer.

  private Content found(Path file) {
    Content content = names.get(file);
    if (content == null) {
      throw new IllegalArgumentException("No such file: " + file);
    }
    return content;
  }

  /** True when the call must do only a part; throws when it must do nothing. */
  private boolean faulty(String what) throws IOException {
    calls++;
    if (dead || calls == deadAt) {
      dead = true;
      throw new IOException("injected power failure at " + what);
    }
    if (calls != faultAt) {
      return false;
    }
    faults++;
    boolean write = what.startsWith("write");
    if (fault == Fault.SHORT) {
      return write;
    }
    if (write && fault != Fault.ERROR) {
      return true;
    }
    throw failure(what);
  }

  private IOException failure(String what) {
    return fault == Fault.FULL
        ? new DiskFullException("injected full disk at " + what)
        : new IOException("injected failure at " + what);
  }

  @Override
  public synchronized FileHandle open(Path file, Mode mode) throws IOException {
    Content content = names.get(file);
    if (mode == Mode.CREATE) {
      faulty("create " + file);
      if (content != null) {
        throw new FileAlreadyExistsException(file.toString());
      }
      content = new Content();
      names.put(file, content);
    }
    if (content == null) {
      throw new NoSuchFileException(file.toString());
    }
    return new Handle(content, file, generation);
  }

  @Override
  public synchronized void createDirectories(Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    Path existing = directory;
    while (existing != null && !directories.contains(existing)) {
      missing.push(existing);
      existing = existing.getParent();
    }
    if (existing != null) {
      missing.push(existing);
    }
    for (Path at : missing) {
      if (!directories.contains(at)) {
        faulty("make directory " + at);
        made.add(at);
        directories.add(at);
      }
      faulty("sync directory above " + at);
      durableDirectories.add(at);
    }
  }

  @Override
  public synchronized List<String> list(Path directory) {
    Set<String> found = new TreeSet<>();
    for (Path at : directories) {
      if (directory.equals(at.getParent())) {
        found.add(String.valueOf(at.getFileName()));
      }
    }
    for (Path path : names.keySet()) {
      if (path.startsWith(directory)) {
        found.add(path.getName(directory.getNameCount()).toString());
      }
    }
    return List.copyOf(found);
  }

  @Override
  public synchronized boolean exists(Path file) {
    return names.containsKey(file) || directories.contains(file);
  }

  @Override
  public synchronized void delete(Path file) throws IOException {
    if (names.containsKey(file)) {
      faulty("delete " + file);
      names.remove(file);
    }
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    faulty("rename " + from);
    Content content = found(from);
    names.remove(from);
    names.put(to, content);
  }

  @Override
  public synchronized void link(Path file, Path name) throws IOException {
    faulty("link " + file);
    names.putIfAbsent(name, found(file));
  }

  @Override
  public synchronized void syncDirectory(Path directory) throws IOException {
    faulty("sync directory " + directory);
    if (deafNames) {
      return;
    }
    durableNames.keySet().removeIf(path -> directory.equals(path.getParent()));
    names.forEach((path, content) -> {
      if (directory.equals(path.getParent())) {
        durableNames.put(path, content);
      }
    });
  }

  private final class Handle implements FileHandle {
    private final Content content;
    private final Path file;
    private final int born;
    private boolean closed;

    Handle(Content content, Path file, int born) {
      this.content = content;
      this.file = file;
      this.born = born;
    }

    private void check() throws IOException {
      if (closed || born != generation) {
        throw new IOException("The handle is void: file=" + file);
      }
    }

    @Override
    public int read(ByteBuffer dst, long at) throws IOException {
      synchronized (FaultFiles.this) {
        check();
        int length = (int) Math.min(dst.remaining(), content.size - at);
        if (length <= 0) {
          return -1;
        }
        dst.put(content.live, (int) at, length);
        return length;
      }
    }

    @Override
    public long write(ByteBuffer[] sources, int first, int count, long at) throws IOException {
      synchronized (FaultFiles.this) {
        check();
        long wanted = 0;
        for (int i = first; i < first + count; i++) {
          wanted += sources[i].remaining();
        }
        boolean part = faulty("write " + file);
        long grows = Math.max(0, at + wanted - content.size);
        long fits = grows <= capacity - used() ? wanted : wanted - (grows - (capacity - used()));
        long length = part ? wanted / 2 : Math.max(0, fits);
        if (length == 0 && wanted > 0 && !part) {
          throw new DiskFullException("full: file=" + file);
        }
        put(sources, first, count, (int) at, (int) length);
        if (part && fault != Fault.SHORT) {
          throw failure("write " + file);
        }
        return length;
      }
    }

    private void put(ByteBuffer[] sources, int first, int count, int at, int length) {
      content.reserve(at + length);
      int to = at;
      int rest = length;
      for (int i = first; i < first + count && rest > 0; i++) {
        int n = Math.min(rest, sources[i].remaining());
        sources[i].get(content.live, to, n);
        to += n;
        rest -= n;
      }
      if (length > 0) {
        content.dirty.set(at / SECTOR, (at + length - 1) / SECTOR + 1);
      }
      content.size = Math.max(content.size, at + length);
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (FaultFiles.this) {
        check();
        faulty("truncate " + file);
        if (size < content.size) {
          Arrays.fill(content.live, (int) size, content.size, (byte) 0);
          content.size = (int) size;
        }
      }
    }

    @Override
    public void sync() throws IOException {
      byte[] image;
      Runnable during;
      synchronized (FaultFiles.this) {
        check();
        faulty("sync " + file);
        if (deafContents) {
          return;
        }
        image = Arrays.copyOf(content.live, content.size);
        content.dirty.clear();
        during = duringSync;
      }
      if (during != null) {
        during.run();
      }
      synchronized (FaultFiles.this) {
        // Killed or cut meanwhile: the disk never finished.
        check();
        content.durable = image;
      }
    }

    @Override
    public long size() {
      synchronized (FaultFiles.this) {
        return content.size;
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
