package io.millrace.engine.internal.store.hot;

import io.millrace.engine.internal.store.cold.Space;
import io.millrace.engine.state.SpaceOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Spaces and their tables: creation, dropping, and the freeing of what was dropped. */
public final class SpaceRegistry {
  private static final int STEP_SLOTS = 256;

  private final Slabs slabs;
  private final Changes changes;
  private final Views views;
  private final TaskStore[] tasks;
  private final HashTable noTable;

  /** By space id; replaced, never changed, so that other threads may look a space up. */
  private volatile @Nullable Space[] spaces = new @Nullable Space[0];

  private @Nullable HashTable[] tables = new @Nullable HashTable[64];
  private int tableCount = 1;

  /** Table numbers to use again, each with the generation in which it became free. */
  private final Deque<int[]> freeNumbers = new ArrayDeque<>();

  /** Spaces whose range on disk the next checkpoint has to delete. */
  private final List<Space> droppedOnDisk = new ArrayList<>();

  /** Tables whose blocks are to be freed once no view sees them. */
  private final Deque<HashTable> droppedTables = new ArrayDeque<>();

  /** For tasks that are put into their array later. */
  public SpaceRegistry(Slabs slabs, Changes changes, Views views, TaskStore[] tasks) {
    this.slabs = slabs;
    this.changes = changes;
    this.views = views;
    this.tasks = tasks;
    this.noTable = new HashTable(0, 0, new Space(-1, 0, SpaceOrder.HASH), slabs);
  }

  /** A table that is nobody's. */
  public HashTable noTable() {
    return noTable;
  }

  /** The table blocks with this owner belong to. */
  public HashTable table(int number) {
    HashTable table = tables[number];
    if (table == null) {
      throw new IllegalStateException("no such table: number=" + number);
    }
    return table;
  }

  public int tableNumbers() {
    return tableCount;
  }

  public @Nullable HashTable tableOrNull(int number) {
    return tables[number];
  }

  /** A space in use. Needs no lock. */
  public Space space(int id) {
    Space space = spaceOrNull(id);
    if (space == null) {
      throw new IllegalArgumentException("no such space: space=" + id);
    }
    return space;
  }

  /** The space of a number, or null when there is none, or no longer. */
  @Nullable Space spaceOrNull(int id) {
    @Nullable Space[] now = spaces;
    Space space = id >= 0 && id < now.length ? now[id] : null;
    return space != null && space.inUse() ? space : null;
  }

  public int nextSpace() {
    return spaces.length;
  }

  public List<Space> spacesInUse() {
    List<Space> inUse = new ArrayList<>();
    for (Space space : spaces) {
      if (space != null && space.inUse()) {
        inUse.add(space);
      }
    }
    return inUse;
  }

  public Space create(int family, SpaceOrder order) {
    @Nullable Space[] wider = Arrays.copyOf(spaces, spaces.length + 1);
    Space space = new Space(spaces.length, family, order);
    wider[space.id] = space;
    spaces = wider;
    changes.spacesChanged();
    return space;
  }

  /** Takes back the creation of the newest space: its number is free again. */
  public void uncreate(Space space) {
    if (space.id != spaces.length - 1) {
      throw new IllegalStateException("not the newest space: space=" + space.id);
    }
    hide(space);
    dropTables(space);
    spaces = Arrays.copyOf(spaces, space.id);
  }

  public void restore(List<Space> stored, int nextSpace) {
    @Nullable Space[] all = new @Nullable Space[nextSpace];
    for (Space space : stored) {
      space.stored = true;
      all[space.id] = space;
    }
    spaces = all;
  }

  public HashTable newTable(int task, int spaceId) {
    Space space = space(spaceId);
    int[] free = freeNumbers.peekFirst();
    boolean reuse = free != null && free[1] < changes.generation();
    int number = reuse ? freeNumbers.removeFirst()[0] : tableCount++;
    if (number == tables.length) {
      tables = Arrays.copyOf(tables, number * 2);
    }
    HashTable table = new HashTable(number, task, space, slabs);
    tables[number] = table;
    tasks[task].attach(table);
    return table;
  }

  /** Takes a space out of every reader's sight; can be taken back. */
  public void hide(Space space) {
    space.droppedIn = changes.generation();
    changes.spacesChanged();
    for (TaskStore task : tasks) {
      task.detach(space.id);
    }
  }

  public void unhide(Space space) {
    space.droppedIn = Space.IN_USE;
    for (int i = 1; i < tableCount; i++) {
      HashTable table = tables[i];
      if (table != null && table.space == space) {
        tasks[table.task].attach(table);
      }
    }
  }

  /** Gives up a hidden space for good. */
  public void drop(Space space) {
    dropTables(space);
    droppedOnDisk.add(space);
    @Nullable Space[] copy = spaces.clone();
    copy[space.id] = null;
    spaces = copy;
  }

  private void dropTables(Space space) {
    for (int i = 1; i < tableCount; i++) {
      HashTable table = tables[i];
      if (table != null && table.space == space) {
        droppedTables.add(table);
      }
    }
  }

  public List<Space> droppedOnDisk() {
    return List.copyOf(droppedOnDisk);
  }

  /** These spaces are gone from disk. */
  public void deletedOnDisk(List<Space> gone) {
    droppedOnDisk.removeAll(gone);
  }

  /**
   * Frees blocks of dropped tables.
   *
   * @param sealedBelow generation of a running checkpoint's cut, or a generation above all
   * @return true when there is nothing more to free now
   */
  public boolean reclaim(int sealedBelow, long deadlineNanos) {
    int untried = droppedTables.size();
    while (untried > 0) {
      HashTable table = droppedTables.getFirst();
      int droppedIn = table.space.droppedIn;
      if (sealedBelow < droppedIn || views.anySealedBefore(droppedIn)) {
        droppedTables.addLast(droppedTables.removeFirst());
        untried--;
        continue;
      }
      while (!table.freeSome(STEP_SLOTS)) {
        if (System.nanoTime() >= deadlineNanos) {
          return false;
        }
      }
      droppedTables.removeFirst();
      untried--;
      release(table);
    }
    return true;
  }

  private void release(HashTable table) {
    table.release();
    tables[table.number] = null;
    freeNumbers.addLast(new int[] {table.number, changes.generation()});
  }
}
