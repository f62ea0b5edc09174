package io.millrace.engine.internal.stage;

import io.millrace.engine.path.Path;
import io.millrace.engine.path.Steps;
import io.millrace.engine.path.Terminal;
import io.millrace.engine.pstate.ListSchema;
import io.millrace.engine.topology.PStateWriter;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A write of a stage; checks that the first key lives where the stage runs. */
final class StageWriter implements PStateWriter {
  private final StageRun run;
  private final PStateAccess access;
  private final FoldCounters counters;
  private Steps path = Path.here();

  StageWriter(StageRun run, PStateAccess access, FoldCounters counters) {
    this.run = run;
    this.access = access;
    this.counters = counters;
  }

  @Override
  public PStateWriter key(Object key) {
    path = path.key(key);
    return this;
  }

  @Override
  public PStateWriter path(Path more) {
    path = path.then(more);
    return this;
  }

  @Override
  public void set(@Nullable Object value) {
    apply(Terminal.set(value));
  }

  @Override
  public void update(UnaryOperator<@Nullable Object> function) {
    apply(Terminal.update(function));
  }

  @Override
  public long increment(long by) {
    var result = new long[1];
    apply(
        Terminal.update(old -> {
          var sum = Math.addExact(old == null ? 0 : ((Number) old).longValue(), by);
          result[0] = sum;
          return sum;
        }));
    return result[0];
  }

  @Override
  public void remove() {
    apply(Terminal.remove());
  }

  @Override
  public void add(Object element) {
    var list = SchemaWalk.at(access.pstate().schema(), path) instanceof ListSchema;
    apply(list ? Terminal.append(element) : Terminal.add(element), element);
  }

  @Override
  public void discard(Object element) {
    run.check();
    TaskRouting.check(access, path, element, run.task(), run.tasks());
    counters.writes++;
    access.transform(run.state(), path.setElem(element), Terminal.remove());
  }

  private void apply(Terminal terminal) {
    apply(terminal, null);
  }

  private void apply(Terminal terminal, @Nullable Object element) {
    run.check();
    TaskRouting.check(access, path, element, run.task(), run.tasks());
    counters.writes++;
    access.transform(run.state(), path, terminal);
  }
}
