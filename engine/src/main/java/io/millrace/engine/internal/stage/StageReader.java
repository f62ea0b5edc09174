package io.millrace.engine.internal.stage;

import io.millrace.engine.path.Path;
import io.millrace.engine.path.Steps;
import io.millrace.engine.topology.PStateReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A read of a stage; checks that the first key lives where the stage runs. */
final class StageReader implements PStateReader {
  private final StageRun run;
  private final PStateAccess access;
  private final FoldCounters counters;
  private Steps path = Path.here();

  StageReader(StageRun run, PStateAccess access, FoldCounters counters) {
    this.run = run;
    this.access = access;
    this.counters = counters;
  }

  @Override
  public PStateReader key(Object key) {
    path = path.key(key);
    return this;
  }

  @Override
  public PStateReader path(Path more) {
    path = path.then(more);
    return this;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> @Nullable T get() {
    var found = select();
    if (found.size() > 1) {
      throw new IllegalStateException(
          access.pstate()
              + " path="
              + path.text()
              + " leads to "
              + found.size()
              + " values; use select()");
    }
    return found.isEmpty() ? null : (T) found.getFirst();
  }

  @Override
  public <T> T orElse(T absent) {
    T found = get();
    return found == null ? absent : found;
  }

  @Override
  public boolean contains(Object element) {
    run.check();
    TaskRouting.check(access, path, element, run.task(), run.tasks());
    counters.reads++;
    return Boolean.TRUE.equals(access.select(run.state(), path.contains(element)).getFirst());
  }

  @Override
  public List<@Nullable Object> select() {
    run.check();
    TaskRouting.check(access, path, null, run.task(), run.tasks());
    counters.reads++;
    return access.select(run.state(), path);
  }
}
