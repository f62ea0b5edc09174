package io.millrace.engine.internal.store.hot;

import io.millrace.engine.state.HotPath;
import java.util.Arrays;

/**
 * The allocator behind all tables: chunks of equally sized blocks in byte arrays. A handle is chunk
 * number and block number, so any number that was ever a handle can be checked for what it names
 * now. Chunks of a class grow with the bytes the class already holds, which bounds unused room in
 * small stores and the number of arrays in big ones. Blocks above {@link #MAX_CLASS_BYTES} have an
 * array of their own.
 */
@HotPath(benchmark = "StoreBenchmark")
public final class Slabs {
  static final int MAX_CLASS_BYTES = 256 << 10;

  private static final int SLOT_BITS = 15;
  private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
  private static final int MAX_CHUNKS = 1 << (32 - SLOT_BITS);
  private static final int MIN_CHUNK_BYTES = 16 << 10;
  private static final int MAX_CHUNK_BYTES = (2 << 20) - 16;
  private static final int LINEAR_LIMIT = 512;
  private static final int CLASSES = 138;
  private static final int DEDICATED = -1;
  private static final byte[] GONE = new byte[0];

  private byte[][] arrays = new byte[64][];
  private int[] blockBytes = new int[64];
  private int[] capacity = new int[64];
  private int[] live = new int[64];
  private int[] untouched = new int[64];
  private int[] freeHead = new int[64];
  private int[] previous = new int[64];
  private int[] next = new int[64];
  private int[] chunkClass = new int[64];
  private int chunks = 1;
  private int[] freeChunks = new int[16];
  private int freeChunkCount;

  /** Per class: first chunk with room, or 0. */
  private final int[] withRoom = new int[CLASSES];

  private final long[] classBytes = new long[CLASSES];
  private long committed;
  private long liveBytes;
  private long sideBytes;
  private long filterBytes;

  public Slabs() {
    arrays[0] = GONE;
  }

  /** Returns a block of at least {@code bytes}; its content is undefined, its generation 0. */
  int allocate(int bytes) {
    if (bytes > MAX_CLASS_BYTES) {
      return allocateDedicated(bytes);
    }
    int sizeClass = classOf(bytes);
    int chunk = withRoom[sizeClass];
    if (chunk == 0) {
      chunk = newChunk(sizeClass);
    }
    int slot = freeHead[chunk];
    int size = blockBytes[chunk];
    if (slot >= 0) {
      freeHead[chunk] = Block.nextFree(arrays[chunk], slot * size);
    } else {
      slot = untouched[chunk]++;
    }
    if (++live[chunk] == capacity[chunk]) {
      unlink(sizeClass, chunk);
    }
    liveBytes += size;
    return chunk << SLOT_BITS | slot;
  }

  /** Gives a block back. */
  public void free(int handle) {
    int chunk = handle >>> SLOT_BITS;
    int size = blockBytes[chunk];
    liveBytes -= size;
    int sizeClass = chunkClass[chunk];
    if (sizeClass == DEDICATED) {
      release(chunk);
      return;
    }
    int slot = handle & SLOT_MASK;
    Block.markFree(arrays[chunk], slot * size, freeHead[chunk]);
    freeHead[chunk] = slot;
    if (live[chunk]-- == capacity[chunk]) {
      link(sizeClass, chunk);
    } else if (live[chunk] == 0 && (withRoom[sizeClass] != chunk || next[chunk] != 0)) {
      unlink(sizeClass, chunk);
      release(chunk);
    }
  }

  public byte[] array(int handle) {
    return arrays[handle >>> SLOT_BITS];
  }

  public int offset(int handle) {
    return (handle & SLOT_MASK) * blockBytes[handle >>> SLOT_BITS];
  }

  /** Size of the block, slack included. */
  int blockBytes(int handle) {
    return blockBytes[handle >>> SLOT_BITS];
  }

  /** True when the handle names a block that exists and is in use. */
  public boolean isLive(int handle) {
    int chunk = handle >>> SLOT_BITS;
    if (chunk >= chunks || (handle & SLOT_MASK) >= untouched[chunk]) {
      return false;
    }
    return Block.gen(arrays[chunk], (handle & SLOT_MASK) * blockBytes[chunk]) != 0;
  }

  /** Size the allocator would give for a request. */
  static int roundUp(int bytes) {
    if (bytes > MAX_CLASS_BYTES) {
      return bytes + 7 & ~7;
    }
    return classBytes(classOf(bytes));
  }

  /** Bytes of all chunks. */
  public long committedBytes() {
    return committed;
  }

  /** Bytes of blocks in use. */
  public long liveBytes() {
    return liveBytes;
  }

  /** Memory that is not in slabs but counts against the same budget: tables, kept versions. */
  public long sideBytes() {
    return sideBytes;
  }

  /** The part of it that existence filters take. */
  long filterBytes() {
    return filterBytes;
  }

  /** Notes that existence filters grew or shrank. */
  void addFilterBytes(long delta) {
    filterBytes += delta;
    sideBytes += delta;
  }

  /** Notes that such memory grew or shrank. */
  void addSideBytes(long delta) {
    sideBytes += delta;
  }

  /** Number of chunk numbers ever used; valid chunks are below it. */
  int chunkCount() {
    return chunks;
  }

  /** Number of blocks of a chunk that were ever in use. */
  int blocksOf(int chunk) {
    return untouched[chunk];
  }

  /** Number of blocks of a chunk in use now. */
  int liveIn(int chunk) {
    return live[chunk];
  }

  /** Handle of a block by chunk and number. */
  static int handle(int chunk, int slot) {
    return chunk << SLOT_BITS | slot;
  }

  /** Chunk of a handle. */
  static int chunkOf(int handle) {
    return handle >>> SLOT_BITS;
  }

  /**
   * Takes a chunk out of the allocation lists while its blocks are moved away, so that they do not
   * come back to it. Ends by itself when the chunk is empty, otherwise with {@link #reopen}.
   *
   * @return false when the other chunks of the class lack room for its blocks
   */
  boolean close(int chunk) {
    int sizeClass = chunkClass[chunk];
    if (sizeClass == DEDICATED || live[chunk] == 0 || live[chunk] == capacity[chunk]) {
      return false;
    }
    long room = 0;
    for (int c = withRoom[sizeClass]; c != 0 && room < live[chunk]; c = next[c]) {
      room += c == chunk ? 0 : capacity[c] - live[c];
    }
    if (room < live[chunk]) {
      return false;
    }
    moveToEnd(sizeClass, chunk);
    return true;
  }

  private void moveToEnd(int sizeClass, int chunk) {
    unlink(sizeClass, chunk);
    int last = withRoom[sizeClass];
    while (next[last] != 0) {
      last = next[last];
    }
    next[last] = chunk;
    previous[chunk] = last;
    next[chunk] = 0;
  }

  private int allocateDedicated(int bytes) {
    int size = bytes + 7 & ~7;
    int chunk = newChunkNumber();
    fillChunk(chunk, DEDICATED, size, 1);
    untouched[chunk] = 1;
    live[chunk] = 1;
    liveBytes += size;
    return chunk << SLOT_BITS;
  }

  private int newChunk(int sizeClass) {
    int size = classBytes(sizeClass);
    long target = Math.clamp(classBytes[sizeClass] / 8, MIN_CHUNK_BYTES, MAX_CHUNK_BYTES);
    int blocks = (int) Math.clamp(target / size, 1, SLOT_MASK + 1);
    int chunk = newChunkNumber();
    fillChunk(chunk, sizeClass, size, blocks);
    classBytes[sizeClass] += arrays[chunk].length;
    link(sizeClass, chunk);
    return chunk;
  }

  private void fillChunk(int chunk, int sizeClass, int size, int blocks) {
    arrays[chunk] = new byte[size * blocks];
    blockBytes[chunk] = size;
    capacity[chunk] = blocks;
    live[chunk] = 0;
    untouched[chunk] = 0;
    freeHead[chunk] = -1;
    chunkClass[chunk] = sizeClass;
    previous[chunk] = 0;
    next[chunk] = 0;
    committed += (long) size * blocks + 16;
  }

  private void release(int chunk) {
    long bytes = arrays[chunk].length;
    committed -= bytes + 16;
    if (chunkClass[chunk] != DEDICATED) {
      classBytes[chunkClass[chunk]] -= bytes;
    }
    arrays[chunk] = GONE;
    untouched[chunk] = 0;
    live[chunk] = 0;
    if (freeChunkCount == freeChunks.length) {
      freeChunks = Arrays.copyOf(freeChunks, freeChunkCount * 2);
    }
    freeChunks[freeChunkCount++] = chunk;
  }

  private int newChunkNumber() {
    if (freeChunkCount > 0) {
      return freeChunks[--freeChunkCount];
    }
    if (chunks == arrays.length) {
      if (chunks == MAX_CHUNKS) {
        throw new IllegalStateException("hot tier is out of handles: chunks=" + chunks);
      }
      int size = chunks * 2;
      arrays = Arrays.copyOf(arrays, size);
      blockBytes = Arrays.copyOf(blockBytes, size);
      capacity = Arrays.copyOf(capacity, size);
      live = Arrays.copyOf(live, size);
      untouched = Arrays.copyOf(untouched, size);
      freeHead = Arrays.copyOf(freeHead, size);
      previous = Arrays.copyOf(previous, size);
      next = Arrays.copyOf(next, size);
      chunkClass = Arrays.copyOf(chunkClass, size);
    }
    return chunks++;
  }

  private void link(int sizeClass, int chunk) {
    int head = withRoom[sizeClass];
    next[chunk] = head;
    previous[chunk] = 0;
    if (head != 0) {
      previous[head] = chunk;
    }
    withRoom[sizeClass] = chunk;
  }

  private void unlink(int sizeClass, int chunk) {
    int before = previous[chunk];
    int after = next[chunk];
    if (before == 0) {
      withRoom[sizeClass] = after;
    } else {
      next[before] = after;
    }
    if (after != 0) {
      previous[after] = before;
    }
    previous[chunk] = 0;
    next[chunk] = 0;
  }

  /** Steps of 8 bytes up to 512, then eight steps per doubling. */
  private static int classOf(int bytes) {
    if (bytes <= LINEAR_LIMIT) {
      return Math.max(bytes + 7 >>> 3, 3);
    }
    int shift = 28 - Integer.numberOfLeadingZeros(bytes - 1);
    return 64 + (shift - 6) * 8 + (bytes - 1 >>> shift) - 7;
  }

  private static int classBytes(int sizeClass) {
    if (sizeClass <= 64) {
      return sizeClass << 3;
    }
    int step = sizeClass - 65;
    return 9 + (step & 7) << 6 + (step >>> 3);
  }
}
