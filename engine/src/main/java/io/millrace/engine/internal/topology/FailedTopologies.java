package io.millrace.engine.internal.topology;

import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.internal.runtime.FoldExecution;
import io.millrace.engine.internal.stage.Meta;
import io.millrace.engine.internal.stage.Stage;
import io.millrace.engine.internal.stage.StageCodec;
import io.millrace.engine.state.TaskState;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which topologies have stopped, for which partitions, and the stages that wait for a resume. */
public final class FailedTopologies {
  private final StageCodec forms;
  private final Map<Key, Stop> stops = new LinkedHashMap<>();

  /** Read without the lock, to spare it when nothing has stopped. */
  private volatile boolean any;

  FailedTopologies(StageCodec forms) {
    this.forms = forms;
  }

  /** What has stopped. */
  public record Key(String stream, String depot, int partition) {}

  /** One stopped topology. */
  public static final class Stop {
    public final Key key;
    final ArrayDeque<Stage> parked = new ArrayDeque<>();
    public StopState state;

    /** The stop as clients see it. */
    public FoldStop shown(String module) {
      return new FoldStop(
          module + "/" + key.stream,
          key.depot,
          key.partition,
          state.offset(),
          state.catchingUp(),
          state.nextOffset(),
          state.catchingUp() ? state.target() : -1,
          state.place(),
          state.task(),
          state.attempts(),
          state.error(),
          state.atMs());
    }

    Stop(Key key, StopState state) {
      this.key = key;
      this.state = state;
    }
  }

  boolean any() {
    return any;
  }

  @Nullable Stop find(Stage stage) {
    return stops.isEmpty()
        ? null
        : find(stage.stream.name, stage.origin.depot(), stage.origin.partition());
  }

  public @Nullable Stop find(String stream, String depot, int partition) {
    return stops.isEmpty() ? null : stops.get(new Key(stream, depot, partition));
  }

  public Collection<Stop> all() {
    return stops.values();
  }

  Stop put(Key key, StopState state, FoldExecution execution, Meta meta) {
    var present = stops.get(key);
    var stop = present == null ? new Stop(key, state) : present;
    change(stop, state, execution, meta);
    stops.put(key, stop);
    any = true;
    return stop;
  }

  void change(Stop stop, StopState state, FoldExecution execution, Meta meta) {
    var key = Meta.key(Meta.STOP, name(stop.key), 0);
    meta.put(execution.task(stop.key.partition), key, state.encode(), 0);
    stop.state = state;
  }

  /** Keeps a stage until the topology is resumed. */
  void park(Stop stop, Stage stage, FoldExecution execution, Meta meta) {
    var bytes = forms.encode(stage);
    var copy = forms.decode(bytes, null);
    copy.sequence = stop.state.parked();
    var key = Meta.key(Meta.PARKED, name(stop.key), copy.sequence);
    meta.put(execution.task(stop.key.partition), key, bytes, 0);
    stop.parked.addLast(copy);
    change(stop, stop.state.parkedUpTo(copy.sequence + 1), execution, meta);
  }

  /** Takes the oldest parked stage. */
  @Nullable Stage unpark(Stop stop, FoldExecution execution, Meta meta) {
    var stage = stop.parked.peekFirst();
    if (stage != null) {
      // First the entry: when it has to be loaded, the record is folded again from the beginning.
      var key = Meta.key(Meta.PARKED, name(stop.key), stage.sequence);
      meta.remove(execution.task(stop.key.partition), key);
      stop.parked.removeFirst();
      stage.sequence = Stage.NOT_STORED;
    }
    return stage;
  }

  /** Forgets the parked stages: their events are in the depot and will be read from there. */
  void dropParked(Stop stop, FoldExecution execution, Meta meta) {
    while (unpark(stop, execution, meta) != null) {
      // Each call removes one entry.
    }
  }

  void remove(Stop stop, FoldExecution execution, Meta meta) {
    meta.remove(execution.task(stop.key.partition), Meta.key(Meta.STOP, name(stop.key), 0));
    stops.remove(stop.key);
    any = !stops.isEmpty();
  }

  /**
   * Reads the entries of the last cut; those of what was given up in the module's absence go.
   *
   * @param placeless takes what waits and finds no place in this version
   */
  void load(FoldExecution execution, Meta meta, Consumer<StageCodec.PlacelessException> placeless) {
    stops.clear();
    for (var task = 0; task < execution.tasks(); task++) {
      var state = execution.task(task);
      forget(state, meta);
      for (var found : meta.scan(state, Meta.STOP)) {
        var key = key(Meta.name(found.key()), task);
        stops.put(key, new Stop(key, StopState.decode(found.value())));
      }
      for (var found : meta.scan(state, Meta.PARKED)) {
        var stop = stops.get(key(Meta.name(found.key()), task));
        try {
          var stage = forms.decode(found.value(), null);
          if (stop != null) {
            stage.sequence = Meta.number(found.key());
            stop.parked.addLast(stage);
          }
        } catch (StageCodec.PlacelessException e) {
          placeless.accept(e);
        }
      }
    }
    any = !stops.isEmpty();
  }

  private void forget(TaskState state, Meta meta) {
    for (var kind : new int[] {Meta.STOP, Meta.PARKED}) {
      for (var found : meta.scan(state, kind)) {
        var name = Meta.name(found.key());
        var slash = name.indexOf('/');
        if (forms.aliases().isGivenUp(name.substring(0, slash), name.substring(slash + 1))) {
          meta.remove(state, found.key());
        }
      }
    }
  }

  /**
   * Forgets stops of a topology, with what is parked there, because it is given up.
   *
   * @param depot only those of this depot; null for all
   */
  void retire(String stream, @Nullable String depot, FoldExecution execution, Meta meta) {
    for (var task = 0; task < execution.tasks(); task++) {
      var state = execution.task(task);
      for (var kind : new int[] {Meta.STOP, Meta.PARKED}) {
        for (var found : meta.scan(state, kind)) {
          var key = key(Meta.name(found.key()), task);
          if (key.stream.equals(stream) && (depot == null || key.depot.equals(depot))) {
            meta.remove(state, found.key());
            stops.remove(key);
          }
        }
      }
    }
    any = !stops.isEmpty();
  }

  /** The part of an entry's key that names a stop; the partition is its task. */
  String name(Key key) {
    var aliases = forms.aliases();
    return aliases.firstStream(key.stream) + "/" + aliases.firstDepot(key.depot);
  }

  private Key key(String name, int task) {
    var slash = name.indexOf('/');
    var aliases = forms.aliases();
    return new Key(
        aliases.streamOf(name.substring(0, slash)),
        aliases.depotOf(name.substring(slash + 1)),
        task);
  }
}
