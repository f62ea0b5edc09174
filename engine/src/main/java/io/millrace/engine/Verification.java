package io.millrace.engine;

import io.millrace.engine.internal.log.JournalCheck;
import io.millrace.engine.internal.node.NodeHost;
import io.millrace.engine.internal.node.Refold;
import io.millrace.engine.internal.runtime.HostedModule;
import io.millrace.engine.internal.topology.ModuleHost;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.module.NativeModule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a check of a stopped data directory found: its journal read frame by frame, and its state
 * folded again from zero (where the log is complete) and from every checkpoint there is.
 *
 * @param start position of the oldest record
 * @param end position behind the newest record
 * @param epoch number of the newest start
 * @param segments segments of the journal and its archive
 * @param frames intact frames
 * @param tornBytes bytes of an unacknowledged tail, which the next start cuts
 * @param folds the folds, that from zero first
 * @param unfolded modules of the directory that were not named and so could not be folded
 */
public record Verification(
    long start,
    long end,
    long epoch,
    int segments,
    long frames,
    long tornBytes,
    List<Fold> folds,
    List<String> unfolded) {

  /**
   * One fold.
   *
   * @param from what it started from: {@code zero}, {@code checkpoint} (a kept one) or {@code
   *     state} (the newest one)
   * @param position journal position of that
   * @param records records folded
   * @param digest logical hash of the state at the end of the journal
   * @param waiting whether work of the last events waits there: the next start goes on with it at
   *     once, and its state is another one then
   */
  public record Fold(String from, long position, long records, long digest, boolean waiting) {}

  /** True when all folds came to one state. */
  public boolean agree() {
    return folds.stream().mapToLong(Fold::digest).distinct().count() <= 1;
  }

  /** True when work of the last events waits at the end of the journal. */
  public boolean waiting() {
    return folds.stream().anyMatch(Fold::waiting);
  }

  /** True when the log is complete: there is a fold from zero. */
  public boolean complete() {
    return folds.stream().anyMatch(fold -> fold.from().equals("zero"));
  }

  /**
   * Checks a data directory that no process uses; it is not changed.
   *
   * @param natives native modules for one fold, new ones each time
   * @param modules event-sourced modules for one fold
   * @throws IOException when the directory is in use or damaged; the message says which file
   */
  public static Verification run(
      EngineConfig config,
      Supplier<List<? extends NativeModule>> natives,
      Supplier<List<? extends EngineModule>> modules)
      throws IOException {
    Supplier<List<HostedModule>> hosted =
        () -> {
          List<HostedModule> all = new ArrayList<>(NodeHost.natives(natives.get()));
          modules.get().forEach(module -> all.add(new ModuleHost(module)));
          return all;
        };
    Refold.Found found = Refold.run(Engine.options(config, failure -> {}), hosted);
    JournalCheck journal = found.journal();
    List<Fold> folds = new ArrayList<>();
    for (Refold.Fold fold : found.folds()) {
      folds.add(
          new Fold(fold.from(), fold.position(), fold.records(), fold.digest(), fold.waiting()));
    }
    return new Verification(
        journal.start(),
        journal.end(),
        journal.epoch(),
        journal.segments().size(),
        journal.frames(),
        journal.cutBytes(),
        folds,
        found.unfolded());
  }
}
