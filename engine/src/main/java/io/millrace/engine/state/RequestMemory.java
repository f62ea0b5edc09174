package io.millrace.engine.state;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The memory that requests may hold together, at all doors: what clients are sending, what waits to
 * be executed, and answers that wait for clients to take them. It is taken before the memory is
 * allocated, and what does not fit is refused while everybody else goes on.
 *
 * <p>Small things do not pass here one by one: doors take in pieces of 16 KiB or more. A quarter is
 * kept for pieces of up to 1 MiB, so that a few clients with large values cannot keep all others
 * from sending theirs. Safe for use by any thread.
 */
public final class RequestMemory {
  /** Pieces up to this size may use all of it, in bytes. */
  public static final int SMALL = 1 << 20;

  private static final long BASE = 80L << 20;
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 64;

  private final long limit;
  private final long largest;
  private final AtomicLong used = new AtomicLong();
  private final LongAdder refused = new LongAdder();

  private RequestMemory(long limit, long largest) {
    this.limit = limit;
    this.largest = largest;
  }

  /** The share of a heap of so many bytes: a third of what the node itself leaves. */
  public static RequestMemory ofHeap(long heapBytes) {
    return new RequestMemory(usable(heapBytes) / 3, largestValue(heapBytes));
  }

  /** The share of the heap of this process. */
  public static RequestMemory ofThisProcess() {
    return ofHeap(Runtime.getRuntime().maxMemory());
  }

  /**
   * The largest value that a heap of so many bytes can receive, store and write in a checkpoint
   * beside everything else, in bytes: an eighth of what the node itself leaves.
   */
  public static int largestValue(long heapBytes) {
    return (int) Math.min(usable(heapBytes) / 8, LONGEST_ARRAY);
  }

  private static long usable(long heapBytes) {
    return Math.max(heapBytes - BASE, heapBytes / 4);
  }

  /** Bytes that may be held together. */
  public long limit() {
    return limit;
  }

  /** Bytes of the largest single request or value. */
  public long largest() {
    return largest;
  }

  /** Bytes held now. */
  public long used() {
    return used.get();
  }

  /** How often something was refused. */
  public long refused() {
    return refused.sum();
  }

  /**
   * Takes memory, before it is allocated.
   *
   * @return false when there is not so much; then nothing is taken
   */
  public boolean take(long bytes) {
    long most = bytes > SMALL ? limit - (limit >> 2) : limit;
    if (used.addAndGet(bytes) <= most) {
      return true;
    }
    used.addAndGet(-bytes);
    refused.increment();
    return false;
  }

  /**
   * Takes memory for an array and makes it. Where the heap has no room for it after all, what was
   * taken goes back before the error does.
   *
   * @return null when there is not so much
   */
  public byte @Nullable [] array(int length) {
    if (!take(length)) {
      return null;
    }
    boolean made = false;
    try {
      byte[] array = new byte[length];
      made = true;
      return array;
    } finally {
      if (!made) {
        give(length);
      }
    }
  }

  /** Takes memory that is held already and cannot be refused any more. */
  public void takeAnyway(long bytes) {
    used.addAndGet(bytes);
  }

  /** Gives memory back. */
  public void give(long bytes) {
    used.addAndGet(-bytes);
  }

  /**
   * What one request or connection holds, as it grows and shrinks. The first 64 KiB are free, so
   * that small ones never touch what all share. Used by one thread at a time.
   */
  public static final class Share implements AutoCloseable {
    private static final long FREE = 64 << 10;

    private final RequestMemory memory;
    private long taken;

    /** Holds nothing yet. */
    public Share(RequestMemory memory) {
      this.memory = memory;
    }

    /**
     * Says how much is held in all from now on.
     *
     * @return false when there is not so much; then what was held before still is
     */
    public boolean hold(long bytes) {
      long wanted = bytes <= FREE ? 0 : bytes;
      if (wanted > taken && !memory.take(wanted - taken)) {
        return false;
      }
      if (wanted < taken) {
        memory.give(taken - wanted);
      }
      taken = wanted;
      return true;
    }

    /** Holds nothing any more. */
    @Override
    public void close() {
      hold(0);
    }
  }
}
