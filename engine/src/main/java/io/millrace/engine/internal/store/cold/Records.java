package io.millrace.engine.internal.store.cold;

import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.SpaceOrder;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;

/**
 * Copies of entries on their way to RocksDB: filled while the execution lock is held, handed to a
 * write batch without it. Pages hold: family (4), key length (4), value length (4, -1 for a
 * deletion), stored key, stored value.
 */
@HotPath(benchmark = "StoreBenchmark")
public final class Records {
  private static final int PAGE = 128 << 10;
  private static final int HEAD = 12;

  /** Stands where the length of a value does. */
  private static final int DELETION = -1;

  /** Receives the records. */
  public interface Sink {
    /** An entry's present version. */
    void put(int family, ByteBuffer key, ByteBuffer value) throws RocksDBException;

    /** An entry that is gone. */
    void delete(int family, ByteBuffer key) throws RocksDBException;
  }

  private final long seed;
  private final List<ByteBuffer> full = new ArrayList<>();
  private ByteBuffer page = ByteBuffer.allocate(PAGE);
  private int count;

  public Records(long seed) {
    this.seed = seed;
  }

  int count() {
    return count;
  }

  public boolean pageFull() {
    return !full.isEmpty();
  }

  /**
   * Adds the present version of an entry.
   *
   * @param a array that holds its key and, behind that, its value
   * @param expireAtMs its deadline, or 0
   */
  public void put(
      int task,
      Space space,
      byte[] a,
      int keyAt,
      int keyLength,
      int valueLength,
      int kind,
      long expireAtMs) {
    boolean deadline = expireAtMs != 0;
    begin(task, space, a, keyAt, keyLength, (deadline ? 10 : 2) + valueLength);
    page.put((byte) ColdKeys.VALUE_VERSION);
    page.put((byte) (kind | (deadline ? ColdKeys.HAS_DEADLINE : 0)));
    if (deadline) {
      page.putLong(expireAtMs);
    }
    page.put(a, keyAt + keyLength, valueLength);
  }

  /** Adds that an entry is gone. */
  public void delete(int task, Space space, byte[] a, int keyAt, int keyLength) {
    begin(task, space, a, keyAt, keyLength, DELETION);
  }

  private void begin(
      int task, Space space, byte[] a, int keyAt, int keyLength, int coldValueLength) {
    int coldKey = ColdKeys.prefixLength(space.order) + keyLength;
    reserve(HEAD + coldKey + Math.max(0, coldValueLength));
    page.putInt(space.family).putInt(coldKey).putInt(coldValueLength);
    long hash = space.order == SpaceOrder.HASH ? KeyHash.hash(a, keyAt, keyLength, seed) : 0;
    page.position(ColdKeys.putPrefix(page.array(), page.position(), task, space, hash));
    page.put(a, keyAt, keyLength);
    count++;
  }

  private void reserve(int room) {
    if (page.remaining() < room) {
      full.add(page);
      page = ByteBuffer.allocate(Math.max(PAGE, room));
    }
  }

  /** Hands all records over, in order, and forgets them. */
  public void drain(Sink sink, Transfer transfer) throws RocksDBException {
    for (ByteBuffer one : full) {
      transfer.drain(one, sink);
    }
    full.clear();
    transfer.drain(page, sink);
    page.clear();
    if (page.capacity() > PAGE) {
      page = ByteBuffer.allocate(PAGE);
    }
  }

  /** Direct memory that carries one record at a time across the native boundary. */
  public static final class Transfer {
    private static final int KEPT = 256 << 10;

    private ByteBuffer key = ByteBuffer.allocateDirect(1 << 10);
    private ByteBuffer value = ByteBuffer.allocateDirect(8 << 10);

    private void drain(ByteBuffer page, Sink sink) throws RocksDBException {
      page.flip();
      while (page.hasRemaining()) {
        int family = page.getInt();
        int keyLength = page.getInt();
        int valueLength = page.getInt();
        key = fill(key, page, keyLength);
        if (valueLength < 0) {
          sink.delete(family, key);
        } else if (valueLength > KEPT) {
          putLarge(family, page, valueLength, sink);
        } else {
          value = fill(value, page, valueLength);
          sink.put(family, key, value);
        }
      }
    }

    /** The room of a large value goes back at once, not when a collection finds it. */
    private void putLarge(int family, ByteBuffer page, int length, Sink sink)
        throws RocksDBException {
      try (Arena arena = Arena.ofConfined()) {
        ByteBuffer room = arena.allocate(length).asByteBuffer();
        sink.put(family, key, fill(room, page, length));
      }
    }

    private static ByteBuffer fill(ByteBuffer to, ByteBuffer page, int length) {
      ByteBuffer target =
          to.capacity() < length ? ByteBuffer.allocateDirect(length + (length >>> 1)) : to;
      target.clear();
      target.put(page.array(), page.position(), length);
      page.position(page.position() + length);
      return target.flip();
    }
  }
}
