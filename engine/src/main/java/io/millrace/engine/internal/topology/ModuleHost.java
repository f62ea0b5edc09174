package io.millrace.engine.internal.topology;

import io.millrace.engine.depot.Depot;
import io.millrace.engine.depot.TokenException;
import io.millrace.engine.event.InvalidEventException;
import io.millrace.engine.internal.meta.Declaration;
import io.millrace.engine.internal.meta.NameTable;
import io.millrace.engine.internal.runtime.DepotSpec;
import io.millrace.engine.internal.runtime.FoldExecution;
import io.millrace.engine.internal.runtime.FoldRecord;
import io.millrace.engine.internal.runtime.HostedContext;
import io.millrace.engine.internal.runtime.HostedModule;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.runtime.TopologyStatus;
import io.millrace.engine.internal.stage.Aliases;
import io.millrace.engine.internal.stage.AppendOutcome;
import io.millrace.engine.internal.stage.FoldCounters;
import io.millrace.engine.internal.stage.HopValueCodec;
import io.millrace.engine.internal.stage.Meta;
import io.millrace.engine.internal.stage.ModuleParts;
import io.millrace.engine.internal.stage.Origin;
import io.millrace.engine.internal.stage.Stage;
import io.millrace.engine.internal.stage.StageCodec;
import io.millrace.engine.internal.stage.StageFaults;
import io.millrace.engine.internal.stage.StoredPState;
import io.millrace.engine.internal.stage.StreamPlan;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.module.Retired;
import io.millrace.engine.table.Table;
import io.millrace.engine.topology.TopologyClient;
import io.millrace.engine.topology.TopologyStanding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Hosts an event-sourced module: its depots are folded by its topologies into its pstates. */
public final class ModuleHost implements HostedModule {
  private static final int PIECES_PER_RECORD = 1024;

  private final Definition definition;
  private final List<StreamPlan> streams;
  private final ModuleParts parts;
  private final FoldRuntime runtime;
  private final Aliases aliases = new Aliases();
  private final List<StageCodec.PlacelessException> placeless = new ArrayList<>();
  private final String declaration;
  private final Duplicates duplicates;
  private final FoldCounters counters = new FoldCounters();
  private final Map<Integer, Depot<?>> depotsById = new HashMap<>();
  private final Map<String, Integer> depotIds = new HashMap<>();
  private Map<String, long[]> endsAtStart = Map.of();
  private final Map<String, StoredPState> pstates = new LinkedHashMap<>();
  private @Nullable Meta meta;
  private @Nullable AppendOutcome expectedOutcome;
  private @Nullable Object expectedEvent;

  /**
   * How a module is hosted.
   *
   * @param stagesPerRecord how many stages run for one record before the rest has to wait; part of
   *     what determines state, so it must not change for a data directory
   * @param faults tells when a stage shall fail; for tests
   */
  public record Options(int stagesPerRecord, StageFaults faults) {
    /** What is used unless tests say otherwise. */
    public static Options standard() {
      return new Options(PIECES_PER_RECORD, (topology, place, task) -> {});
    }
  }

  /** Hosts a module. */
  public ModuleHost(EngineModule module) {
    this(module, Options.standard());
  }

  /** Hosts a module, with options. */
  public ModuleHost(EngineModule module, Options options) {
    definition = Definition.of(module);
    streams = definition.streams().stream().map(StreamPlan::new).toList();
    declaration = Declaration.of(definition).text();
    parts = new ModuleParts(new StageCodec(new HopValueCodec(definition), aliases, streams));
    for (var stream : definition.streams()) {
      stream.written().forEach(pstate -> parts.owned(pstate, stream.name()));
    }
    runtime =
        new FoldRuntime(
            definition.module(), parts, counters, options.faults, options.stagesPerRecord);
    duplicates = new Duplicates(parts.forms(), runtime, streams);
  }

  @Override
  public String name() {
    return definition.module();
  }

  /** What the module declares. */
  public Definition definition() {
    return definition;
  }

  /** What its folds have done. */
  public FoldCounters counters() {
    return counters;
  }

  /** Adds reads, writes, iterators and steps of its pstates to four cells of an array. */
  public void addIo(long[] sums, int at) {
    for (var pstate : pstates.values()) {
      sums[at] += pstate.io().reads();
      sums[at + 1] += pstate.io().writes();
      sums[at + 2] += pstate.io().iterators();
      sums[at + 3] += pstate.io().steps();
    }
  }

  @Override
  public List<DepotSpec> depots() {
    return definition.depots().stream()
        .map(depot -> new DepotSpec(depot.name(), true, depot.retention()))
        .toList();
  }

  @Override
  public String declaration() {
    return declaration;
  }

  @Override
  public List<String> refusals(String declared) {
    return ModuleVersions.refusals(definition, declared);
  }

  @Override
  public List<String> names(NameTable.Kind kind) {
    return ModuleVersions.names(definition, kind);
  }

  @Override
  public List<String> formerNames(NameTable.Kind kind, String name) {
    return ModuleVersions.formerNames(definition, kind, name);
  }

  @Override
  public String presentName(NameTable.Kind kind, String name) {
    return ModuleVersions.presentName(definition, kind, name);
  }

  @Override
  public Set<Retired> retired() {
    return definition.retired();
  }

  @Override
  public boolean isGivenUp(Retired.Kind kind, String name) {
    return ModuleVersions.isGivenUp(definition, kind, name);
  }

  @Override
  public void retire(Retired retired, FoldExecution execution) {
    if (meta == null) {
      return;
    }
    var name = retired.name();
    var slash = name.indexOf('/');
    switch (retired.kind()) {
      case TOPOLOGY -> runtime.retire(name, null, execution);
      case SOURCE -> runtime.retire(name.substring(0, slash), name.substring(slash + 1), execution);
      case DEPOT, PSTATE -> {}
    }
  }

  @Override
  public List<String> placeless() {
    return placeless.stream()
        .filter(stage -> !isRetired(stage.head()))
        .map(stage ->
            "module "
                + name()
                + ": what waits finds no place: "
                + stage.getMessage()
                + ". Start the former version once and stop it in order (it finishes what waits;"
                + " resume or skip what has stopped), or name the place as before")
        .toList();
  }

  private boolean isRetired(StageCodec.Head stage) {
    var source = stage.stream() + "/" + stage.origin().depot();
    return definition.retired().contains(new Retired(Retired.Kind.TOPOLOGY, stage.stream()))
        || definition.retired().contains(new Retired(Retired.Kind.DEPOT, stage.origin().depot()))
        || definition.retired().contains(new Retired(Retired.Kind.SOURCE, source));
  }

  @Override
  public void attach(HostedContext context, FoldExecution execution) {
    aliases.refresh(context);
    for (var depot : definition.depots()) {
      var id = context.depotId(depot.name());
      if (id >= 0) {
        depotsById.put(id, depot);
        depotIds.put(depot.name(), id);
        parts.put(depot, id);
      }
    }
    for (var pstate : definition.pstates()) {
      if (context.knows(pstate.name()) && !isBound(pstate.name(), context)) {
        var stored = new StoredPState(pstate, context);
        pstates.put(pstate.name(), stored);
        parts.put(stored);
      }
    }
    if (context.knows(ModuleVersions.SYSTEM)) {
      var space = context.homeSpace(ModuleVersions.SYSTEM);
      if (meta == null || meta.space() != space) {
        var system = new Meta(space, context.hashSeed());
        meta = system;
        runtime.load(execution, system, placeless::add);
      }
    }
    streams.forEach(stream -> deploy(stream, context));
  }

  /** False also for a pstate that was given up and is declared again: it has other spaces then. */
  private boolean isBound(String pstate, HostedContext context) {
    var stored = pstates.get(pstate);
    return stored != null && stored.homeSpace() == context.homeSpace(pstate);
  }

  /** A topology folds of a depot what is appended once the directory knows that it reads it. */
  private static void deploy(StreamPlan stream, HostedContext context) {
    for (var depot : stream.sources()) {
      var known =
          context.knowsSource(stream.name, depot)
              || !context.knowsSources() && context.knows(stream.family());
      if (known) {
        stream.deploy(depot, context.began(stream.name, depot));
      }
    }
  }

  private long[] ends(String depot, FoldExecution execution) {
    var id = depotId(depot);
    var ends = new long[execution.tasks()];
    for (var partition = 0; partition < ends.length; partition++) {
      ends[partition] = execution.nextOffset(id, partition);
    }
    return ends;
  }

  @Override
  public void recovered(FoldExecution execution) {
    runtime.recovered();
    endsAtStart = ends(execution);
  }

  /** Where each partition of each depot ends now. */
  public Map<String, long[]> ends(FoldExecution execution) {
    var all = new HashMap<String, long[]>();
    depotIds.keySet().forEach(depot -> all.put(depot, ends(depot, execution)));
    return all;
  }

  /** Where a partition ended when this process had recovered. */
  public long endAtStart(String depot, int partition) {
    var ends = endsAtStart.get(depot);
    return ends == null ? 0 : ends[partition];
  }

  private Meta meta() {
    return Objects.requireNonNull(meta, "the module is not attached");
  }

  /**
   * Says that the next record folded is an append of this process: its event need not be decoded,
   * and what becomes of it is wanted.
   */
  public void expect(Object event, AppendOutcome outcome) {
    expectedEvent = event;
    expectedOutcome = outcome;
  }

  @Override
  public void fold(FoldRecord record, FoldExecution execution) {
    var depot = depotsById.get(record.depotId());
    var event = expectedEvent;
    var outcome = expectedOutcome;
    expectedEvent = null;
    expectedOutcome = null;
    if (depot == null) {
      return;
    }
    var origin =
        new Origin(
            depot.name(),
            record.partition(),
            record.recordOffset(),
            record.timeMs(),
            record.idempotencyKey());
    runtime.begin(record.timeMs(), origin, record.isEmitted());
    if (event == null) {
      event =
          decode(
              depot,
              record.typeId(),
              record.version(),
              record.array(),
              record.offset(),
              record.length());
    }
    counters.records++;
    if (outcome != null) {
      execution.tree().waiter(outcome);
    }
    for (var stream : streams) {
      var root = stream.root(depot.name());
      var began = stream.began(depot.name(), record.partition());
      if (root != null && record.recordOffset() >= began) {
        var stage = new Stage(stream, root, record.partition(), event, origin, outcome);
        runtime.root(stage.in(execution.tree()), execution);
      }
    }
    finish(execution);
  }

  private void finish(FoldExecution execution) {
    runtime.finish(execution);
    duplicates.look(execution, meta(), depotIds);
  }

  private static Object decode(
      Depot<?> depot, int typeId, int version, byte[] body, int offset, int length) {
    try {
      return depot.type(typeId, version).decode(body, offset, length, depot.format());
    } catch (InvalidEventException e) {
      throw new IllegalStateException(
          "an event of the journal cannot be read by this version of the module: " + e.getMessage(),
          e);
    }
  }

  @Override
  public void decide(FoldRecord record, FoldExecution execution) {
    switch (record.typeId()) {
      case Decisions.STOP -> {
        var stop = Decisions.stop(record);
        if (stop.module().equals(name())) {
          runtime.decided(stop);
        }
      }
      case Decisions.PAUSE -> {
        var pause = Decisions.pause(record);
        if (pause.module().equals(name())) {
          runtime.decided(pause);
        }
      }
      case Decisions.RESUME -> {
        var resume = Decisions.resume(record).by(aliases);
        if (resume.module().equals(name())) {
          resume(resume, record, execution);
        }
      }
      case Decisions.CATCH_UP -> {
        var catchUp = Decisions.catchUp(record).by(aliases);
        if (catchUp.module().equals(name())) {
          catchUp(catchUp, record, execution);
        }
      }
      default -> {}
    }
  }

  private void resume(Decisions.Resume resume, FoldRecord record, FoldExecution execution) {
    var depotId = depotIds.get(resume.depot());
    if (depotId != null) {
      runtime.begin(record.timeMs());
      runtime.resume(resume, execution.nextOffset(depotId, resume.partition()), execution);
      finish(execution);
    }
  }

  private void catchUp(Decisions.CatchUp catchUp, FoldRecord record, FoldExecution execution) {
    var stop = runtime.stops().find(catchUp.topology(), catchUp.depot(), catchUp.partition());
    if (stop == null || !stop.state.catchingUp() || stop.state.nextOffset() != catchUp.from()) {
      return;
    }
    runtime.begin(record.timeMs());
    var stream = stream(catchUp.topology());
    var depot = depot(catchUp.depot());
    if (stream == null || depot == null) {
      return;
    }
    var root = Objects.requireNonNull(stream.root(depot.name()));
    for (var i = 0; i < catchUp.events().size(); i++) {
      var missed = catchUp.events().get(i);
      var body = missed.body();
      var event = decode(depot, missed.type(), missed.version(), body, 0, body.length);
      var key = catchUp.key(i);
      var origin =
          new Origin(depot.name(), catchUp.partition(), missed.offset(), missed.timeMs(), key);
      runtime.replan(new Stage(stream, root, catchUp.partition(), event, origin, null));
    }
    runtime.caughtUp(stop, catchUp.next(), execution);
    finish(execution);
  }

  private @Nullable StreamPlan stream(String name) {
    for (var stream : streams) {
      if (stream.name.equals(name)) {
        return stream;
      }
    }
    return null;
  }

  /** A depot by its name inside the module, or null. */
  @Nullable Depot<?> depot(String name) {
    for (var depot : definition.depots()) {
      if (depot.name().equals(name)) {
        return depot;
      }
    }
    return null;
  }

  /** A stored pstate by its name inside the module, or null. */
  public @Nullable StoredPState pstate(String name) {
    return pstates.get(name);
  }

  /** Journal id of a depot. */
  public int depotId(String depot) {
    var id = depotIds.get(depot);
    if (id == null) {
      throw new IllegalStateException("depot " + name() + "/" + depot + " is not registered");
    }
    return id;
  }

  /**
   * True when every topology that reads a depot has folded an event, hops included.
   *
   * @throws TokenException when one has stopped before it
   */
  public boolean isFolded(String depot, int partition, long offset, long end) {
    var folded = true;
    for (var stream : streams) {
      if (stream.root(depot) == null
          || runtime.foldedBelow(stream.name, depot, partition, end) > offset) {
        continue;
      }
      var stop = runtime.stops().find(stream.name, depot, partition);
      if (stop != null && !stop.state.catchingUp()) {
        throw new TokenException(stop.shown(name()));
      }
      folded = false;
    }
    return folded;
  }

  /** True when a stage of an event below these ends, by depot, waits. */
  public boolean waitsBelow(Map<String, long[]> ends) {
    return runtime.waitsBelow(ends);
  }

  /** What is known of an idempotency key, or null. */
  public IdempotencyKeys.@Nullable Known findKey(
      FoldExecution execution, String depot, int partition, byte[] key, long nowMs) {
    return IdempotencyKeys.find(
        execution, meta(), aliases.firstDepot(depot), partition, key, nowMs);
  }

  /** Names of its depots and topologies; used with the lock held. */
  public Aliases aliases() {
    return aliases;
  }

  /** Present name of a depot, by any it has had. */
  public String presentDepot(String anyName) {
    return aliases.depot(anyName);
  }

  /** Appends whose key was known. */
  public Duplicates duplicates() {
    return duplicates;
  }

  /** The stopped or catching-up topologies. */
  public FailedTopologies stops() {
    return runtime.stops();
  }

  @Override
  public boolean waiting() {
    return runtime.isWaiting();
  }

  @Override
  public long neededFrom(int depotId, int partition) {
    var from = Long.MAX_VALUE;
    for (var stop : stops().all()) {
      if (stop.key.partition() == partition && depotId(stop.key.depot()) == depotId) {
        from = Math.min(from, stop.state.firstNeeded());
      }
    }
    return from;
  }

  @Override
  public void housekeep(Node node) {
    if (runtime.stops().any()) {
      CatchingUp.run(this, node);
    }
  }

  /** Dead letters of a topology, oldest first on each task. */
  public List<TopologyClient.DeadLetter> deadLetters(String topology, FoldExecution execution) {
    var letters = new ArrayList<TopologyClient.DeadLetter>();
    for (var task = 0; task < execution.tasks(); task++) {
      for (var found : meta().scan(execution.task(task), Meta.DEAD)) {
        var letter = DeadLetter.decode(found.value());
        if (aliases.streamOf(letter.topology()).equals(topology)) {
          letters.add(letter.shown(Meta.number(found.key()), parts.forms()));
        }
      }
    }
    return letters;
  }

  @Override
  public void drain(int task, FoldExecution execution) {
    if (meta != null) {
      runtime.begin(execution.stampMs());
      finish(execution);
    }
  }

  @Override
  public long digest(int task, long stampMs, FoldExecution execution) {
    var state = execution.task(task);
    var digest = meta == null ? 0 : meta.digest(state, stampMs);
    for (var pstate : pstates.values()) {
      digest = digest * 31 + pstate.digest(state);
    }
    return digest;
  }

  @Override
  public List<Table> tables() {
    var tables = new ArrayList<Table>();
    pstates.values().forEach(pstate -> tables.addAll(pstate.tables()));
    return tables;
  }

  @Override
  public List<TopologyStatus> topologies(FoldExecution execution) {
    return TopologyReport.rows(name(), ends(execution, Integer.MAX_VALUE), stops());
  }

  /** Where its topologies stand, all partitions together. */
  public List<TopologyStanding> standings(FoldExecution execution, int most) {
    return TopologyReport.standings(name(), ends(execution, most), stops());
  }

  private FoldedEnds ends(FoldExecution execution, int most) {
    return FoldedEnds.of(streams, definition.depots(), depotIds, runtime, execution, most);
  }

  /** Depots a topology reads, in the order of the module. */
  public List<String> depotsOf(String topology) {
    var stream = stream(topology);
    return stream == null
        ? List.of()
        : definition.depots().stream()
            .map(Depot::name)
            .filter(depot -> stream.root(depot) != null)
            .toList();
  }

  /** Number of the dead letter that the last skip made; read under the hold of that skip. */
  public long lastDeadLetter() {
    return runtime.lastDeadLetter();
  }
}
