package io.millrace.engine.internal.store;

import io.millrace.engine.internal.file.FaultFiles;
import io.millrace.engine.internal.store.cold.ColdBatch;
import io.millrace.engine.internal.store.cold.ColdCursor;
import io.millrace.engine.internal.store.cold.ColdKeys;
import io.millrace.engine.internal.store.cold.ColdTier;
import io.millrace.engine.internal.store.cold.Records;
import io.millrace.engine.internal.store.cold.Space;
import io.millrace.engine.internal.store.cold.StoreException;
import io.millrace.engine.internal.store.cut.CutMeta;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A cold tier in memory that outlives the engines opened over it and keeps what RocksDB promises
 * without a log and with atomic flushes: what was flushed stays; of batches that were not, a prefix
 * may have been flushed behind the scenes and the rest is gone, also when only the process dies. A
 * batch is never torn.
 */
public final class MemoryDisk {
  /** One change: a value, or null for a deletion. */
  private record Change(byte[] key, byte @Nullable [] value) {}

  private final FaultFiles files;
  private NavigableMap<byte[], byte[]> durable = new TreeMap<>(Arrays::compareUnsigned);
  private NavigableMap<byte[], byte[]> live = durable;
  private final List<List<Change>> pending = new ArrayList<>();
  private @Nullable Runnable duringFlush;
  private int batches;
  private boolean deaf;
  private boolean torn;

  /** Every {@code n}-th look-up has to ask the disk; 0 for none. */
  private int cold;

  private int lookups;

  /** A cold tier on the same disk as some files: their power failure is its own. */
  public MemoryDisk(FaultFiles files) {
    this.files = files;
  }

  /** Opens stores over this disk. */
  public StoreOpener opener() {
    return (config, lock) -> TieredStore.open(config, lock, new Tier());
  }

  /** Lets every {@code n}-th look-up find its entry on disk only; 0 for none. */
  public void coldEvery(int n) {
    cold = n;
  }

  /** Runs while a batch is being flushed. */
  public void duringFlush(@Nullable Runnable action) {
    duringFlush = action;
  }

  /** From now on the store says that a batch is durable when it is not. */
  public void forgetBatches() {
    deaf = true;
  }

  /** From now on a batch is not whole after a cut. */
  public void tearBatches() {
    torn = true;
  }

  /** Journal position of the durable cut, -1 without one. */
  public long cutPosition() {
    byte[] meta = durable.get(full(0, ColdTier.META_KEY));
    return meta == null ? -1 : CutMeta.decode(meta).position();
  }

  /** Batches made durable by their own flush. */
  public int batches() {
    return batches;
  }

  /** The process or the power is gone: what was not flushed is lost from some batch on. */
  public void cut(RandomGenerator random) {
    int kept = pending.isEmpty() ? 0 : random.nextInt(pending.size() + 1);
    for (List<Change> batch : pending.subList(0, kept)) {
      List<Change> whole = torn ? new ArrayList<>(batch) : batch;
      if (torn) {
        whole.removeIf(change -> random.nextInt(8) == 0);
      }
      durable = with(durable, whole);
    }
    pending.clear();
    live = durable;
    duringFlush = null;
  }

  private static NavigableMap<byte[], byte[]> with(
      NavigableMap<byte[], byte[]> before, List<Change> batch) {
    NavigableMap<byte[], byte[]> after = new TreeMap<>(before);
    for (Change change : batch) {
      if (change.value == null) {
        after.remove(change.key);
      } else {
        after.put(change.key, change.value);
      }
    }
    return after;
  }

  /** A stored key behind its family, so that one map holds all. */
  private static byte[] full(int family, byte[] key) {
    return ByteBuffer.allocate(4 + key.length).putInt(family).put(key).array();
  }

  private record View(NavigableMap<byte[], byte[]> map) implements ColdTier.ColdSnapshot {}

  private final class Tier implements ColdTier {
    private boolean broken;
    private long flushes;

    @Override
    public long flushes() {
      return flushes;
    }

    @Override
    public void saveTo(Path target) {
      throw new UnsupportedOperationException("kept checkpoints need a real disk: " + target);
    }

    @Override
    public byte @Nullable [] getCached(int family, byte[] key) {
      if (cold > 0 && ++lookups % cold == 0) {
        return NOT_CACHED;
      }
      return get(family, key);
    }

    @Override
    public byte @Nullable [] get(int family, byte[] key) {
      return live.get(full(family, key));
    }

    @Override
    public byte @Nullable [] get(int family, byte[] key, ColdSnapshot snapshot) {
      return ((View) snapshot).map.get(full(family, key));
    }

    @Override
    public ColdSnapshot snapshot() {
      return new View(live);
    }

    @Override
    public void release(ColdSnapshot snapshot) {}

    @Override
    public ColdCursor cursor(int task, Space space, @Nullable ColdSnapshot snapshot) {
      NavigableMap<byte[], byte[]> map = snapshot == null ? live : ((View) snapshot).map;
      byte[] end = full(space.family, ColdKeys.bound(task, space.id + 1L));
      return new Cursor(task, space, map.headMap(end, false));
    }

    @Override
    public boolean broken() {
      return broken;
    }

    @Override
    public void reopen(long expectedBytes) {
      pending.clear();
      live = durable;
      broken = false;
    }

    @Override
    public ColdBatch batch(long expectedBytes) {
      return new Batch();
    }

    private void write(List<Change> changes) {
      broken = true;
      try {
        files.call("write of the store");
        pending.add(changes);
        live = with(live, changes);
        Runnable during = duringFlush;
        if (during != null) {
          during.run();
        }
        files.call("sync of the store");
        if (deaf || torn) {
          broken = false;
          return;
        }
      } catch (IOException e) {
        throw new StoreException("cannot write a checkpoint", e);
      }
      durable = live;
      pending.clear();
      batches++;
      broken = false;
    }

    @Override
    public void close() {}

    private final class Batch implements ColdBatch, Records.Sink {
      private final List<Change> changes = new ArrayList<>();
      private final Records.Transfer transfer = new Records.Transfer();
      private long bytes;

      @Override
      public void put(int family, ByteBuffer key, ByteBuffer value) {
        change(family, key, bytes(value));
      }

      @Override
      public void delete(int family, ByteBuffer key) {
        change(family, key, null);
      }

      private void change(int family, ByteBuffer key, byte @Nullable [] value) {
        byte[] name = bytes(key);
        bytes += name.length + (value == null ? 0 : value.length);
        changes.add(new Change(full(family, name), value));
      }

      private static byte[] bytes(ByteBuffer from) {
        byte[] to = new byte[from.remaining()];
        from.get(to);
        return to;
      }

      @Override
      public void add(@Nullable Records copies) {
        try {
          if (copies != null) {
            copies.drain(this, transfer);
          }
        } catch (org.rocksdb.RocksDBException e) {
          throw new StoreException("cannot build a checkpoint", e);
        }
      }

      @Override
      public void deleteSpace(Space space, int tasks) {
        for (int task = 0; task < tasks; task++) {
          byte[] from = full(space.family, ColdKeys.bound(task, space.id));
          byte[] to = full(space.family, ColdKeys.bound(task, space.id + 1L));
          for (byte[] key : live.subMap(from, to).keySet()) {
            changes.add(new Change(key, null));
          }
        }
      }

      @Override
      public void putMeta(byte[] meta) {
        changes.add(new Change(full(0, META_KEY), meta));
      }

      @Override
      public long write() {
        Tier.this.write(changes);
        flushes++;
        return bytes;
      }

      @Override
      public void close() {}
    }
  }

  private static final class Cursor extends ColdCursor {
    private final NavigableMap<byte[], byte[]> map;
    private final int family;

    Cursor(int task, Space space, NavigableMap<byte[], byte[]> map) {
      super(task, space);
      this.map = map;
      family = space.family;
    }

    @Override
    protected void seek(byte[] from) {
      settle(map.ceilingEntry(full(family, from)));
    }

    @Override
    public void next() {
      settle(map.higherEntry(full(family, key())));
    }

    private void settle(Map.@Nullable Entry<byte[], byte[]> entry) {
      if (entry == null) {
        end();
      } else {
        at(Arrays.copyOfRange(entry.getKey(), 4, entry.getKey().length), entry.getValue());
      }
    }

    @Override
    public void close() {}
  }
}
