package io.millrace.engine.internal.store.hot;

import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Ref;

/** Applies an undo log: each recorded entry gets its old content back, by ordinary changes. */
public final class Rollback implements UndoLog.Restorer {
  private final long seed;
  private final SpaceRegistry registry;
  private final TaskStore[] tasks;
  private final Ref ref = new Ref();

  public Rollback(long seed, SpaceRegistry registry, TaskStore[] tasks) {
    this.seed = seed;
    this.registry = registry;
    this.tasks = tasks;
  }

  @Override
  public void uncreate(byte[] image, int at) {
    int meta = Block.meta(image, at);
    int keyAt = at + Block.keyAt(meta);
    int keyLength = Block.keyLength(meta);
    HashTable table = registry.table(Block.owner(image, at));
    long hash = KeyHash.hash(image, keyAt, keyLength, seed);
    TaskStore task = tasks[table.task];
    if (task.find(table.space.id, image, keyAt, keyLength, hash, ref)) {
      task.remove(ref);
    }
  }

  @Override
  public void restore(byte[] image, int at) {
    int meta = Block.meta(image, at);
    if ((meta & Block.TOMBSTONE) != 0) {
      uncreate(image, at);
      return;
    }
    int keyAt = at + Block.keyAt(meta);
    int keyLength = Block.keyLength(meta);
    HashTable table = registry.table(Block.owner(image, at));
    TaskStore task = tasks[table.task];
    task.put(
        table.space.id,
        image,
        keyAt,
        keyLength,
        KeyHash.hash(image, keyAt, keyLength, seed),
        Block.kind(meta),
        Block.expireAt(image, at, meta),
        image,
        keyAt + keyLength,
        Block.valueLength(image, at),
        ref);
    task.touch(ref, Block.clock(image, at));
  }
}
