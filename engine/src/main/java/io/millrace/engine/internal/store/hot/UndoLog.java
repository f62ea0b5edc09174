package io.millrace.engine.internal.store.hot;

import io.millrace.engine.state.HotPath;
import java.util.Arrays;

/**
 * What is needed to take back the changes of one execution: an image of each changed entry as it
 * was before its first change, the keys of created entries, and the counters that moved. Everything
 * is kept in reused arrays.
 */
@HotPath(benchmark = "StoreBenchmark")
public final class UndoLog {
  /** Receives what has to be restored, newest first. */
  interface Restorer {
    /** An entry was created; its image has at least the key. */
    void uncreate(byte[] image, int at);

    /** An entry had this content. */
    void restore(byte[] image, int at);
  }

  private static final int FEW = 8;
  private static final int KEEP_BYTES = 1 << 20;

  private boolean active;
  private byte[] images = new byte[4096];
  private int imageBytes;

  /** Image offsets; complemented when the entry was created. */
  private int[] records = new int[64];

  private int recordCount;

  /** Handles whose entries are already recorded: a list while few, else a hash set. */
  private int[] handles = new int[FEW];

  private int handleCount;
  private int[] set = new int[64];
  private boolean hashed;

  private long[] ids = new long[16];
  private int idCount;

  public boolean active() {
    return active;
  }

  public void begin() {
    if (active) {
      throw new IllegalStateException("undo scopes do not nest");
    }
    active = true;
  }

  /** Forgets everything. */
  public void end() {
    active = false;
    imageBytes = 0;
    recordCount = 0;
    idCount = 0;
    handleCount = 0;
    if (hashed) {
      hashed = false;
      if (set.length > 1024) {
        set = new int[64];
      } else {
        Arrays.fill(set, 0);
      }
    }
    if (images.length > KEEP_BYTES) {
      images = new byte[4096];
    }
  }

  /** Keeps the entry as it is, unless it is recorded already. */
  void changing(int handle, byte[] a, int b) {
    if (active && !contains(handle)) {
      record(a, b, Block.size(a, b), false);
      remember(handle);
    }
  }

  /** Notes that an entry did not exist before. */
  void created(int handle, byte[] a, int b) {
    if (active) {
      int meta = Block.meta(a, b);
      record(a, b, Block.keyAt(meta) + Block.keyLength(meta), true);
      remember(handle);
    }
  }

  /** An entry moved to another block. */
  void moved(int from, int to) {
    if (active) {
      forget(from);
      remember(to);
    }
  }

  /** A block was given back. */
  void freed(int handle) {
    if (active) {
      forget(handle);
    }
  }

  /** Keeps a task's counter of pages as it is. */
  void nextId(int task, long value) {
    id(task, value);
  }

  /** Keeps a task's counter of ids that code sees as it is. */
  void newId(int task, long value) {
    id(~task, value);
  }

  private void id(int counter, long value) {
    if (active) {
      if (idCount + 2 > ids.length) {
        ids = Arrays.copyOf(ids, ids.length * 2);
      }
      ids[idCount++] = counter;
      ids[idCount++] = value;
    }
  }

  /** Number of kept counters. */
  public int idRecords() {
    return idCount / 2;
  }

  public int idTask(int record) {
    int counter = (int) ids[record * 2];
    return counter < 0 ? ~counter : counter;
  }

  /** True when the kept counter is the one of {@link #newId}. */
  public boolean isNewId(int record) {
    return ids[record * 2] < 0;
  }

  public long idValue(int record) {
    return ids[record * 2 + 1];
  }

  /** Hands out all records, newest first. The log must not be active. */
  public void rollback(Restorer restorer) {
    active = false;
    for (int i = recordCount - 1; i >= 0; i--) {
      int at = records[i];
      if (at < 0) {
        restorer.uncreate(images, ~at);
      } else {
        restorer.restore(images, at);
      }
    }
  }

  private void record(byte[] a, int b, int length, boolean created) {
    if (images.length - imageBytes < length) {
      long wanted = Math.max(images.length * 2L, imageBytes + (long) length);
      images = Arrays.copyOf(images, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
    }
    if (recordCount == records.length) {
      records = Arrays.copyOf(records, recordCount * 2);
    }
    System.arraycopy(a, b, images, imageBytes, length);
    records[recordCount++] = created ? ~imageBytes : imageBytes;
    imageBytes += length;
  }

  private boolean contains(int handle) {
    if (hashed) {
      int i = slot(handle);
      while (set[i] != 0) {
        if (set[i] == handle) {
          return true;
        }
        i = i + 1 & set.length - 1;
      }
      return false;
    }
    for (int i = 0; i < handleCount; i++) {
      if (handles[i] == handle) {
        return true;
      }
    }
    return false;
  }

  private void remember(int handle) {
    if (!hashed) {
      if (handleCount < FEW) {
        handles[handleCount++] = handle;
        return;
      }
      hashed = true;
      for (int i = 0; i < handleCount; i++) {
        insert(handles[i]);
      }
      handleCount = FEW;
    }
    if (++handleCount * 2 > set.length) {
      int[] old = set;
      set = new int[old.length * 2];
      for (int h : old) {
        if (h != 0) {
          insert(h);
        }
      }
    }
    insert(handle);
  }

  private void insert(int handle) {
    int i = slot(handle);
    while (set[i] != 0) {
      i = i + 1 & set.length - 1;
    }
    set[i] = handle;
  }

  private void forget(int handle) {
    if (!hashed) {
      for (int i = 0; i < handleCount; i++) {
        if (handles[i] == handle) {
          handles[i] = handles[--handleCount];
          return;
        }
      }
      return;
    }
    int i = slot(handle);
    while (set[i] != 0 && set[i] != handle) {
      i = i + 1 & set.length - 1;
    }
    if (set[i] == 0) {
      return;
    }
    handleCount--;
    closeGap(i);
  }

  private void closeGap(int gap) {
    int mask = set.length - 1;
    int hole = gap;
    int i = gap;
    while (true) {
      i = i + 1 & mask;
      int handle = set[i];
      if (handle == 0) {
        break;
      }
      if ((i - slot(handle) & mask) >= (i - hole & mask)) {
        set[hole] = handle;
        hole = i;
      }
    }
    set[hole] = 0;
  }

  private int slot(int handle) {
    return (handle * 0x9E3779B9 >>> 7) & set.length - 1;
  }
}
