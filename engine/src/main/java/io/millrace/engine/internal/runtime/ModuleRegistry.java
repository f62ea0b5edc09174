package io.millrace.engine.internal.runtime;

import io.millrace.engine.internal.meta.NameTable;
import io.millrace.engine.internal.meta.NameTable.Kind;
import io.millrace.engine.internal.meta.NameTable.Named;
import io.millrace.engine.module.DefinitionException;
import io.millrace.engine.module.ModuleChangeException;
import io.millrace.engine.state.SpaceOrder;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a data directory knows ({@code sys.meta}): names with their numeric ids, the declaration of
 * each module, which modules are away, and the next offset of every depot partition; and who folds
 * what (ADR 0004).
 *
 * <p>Everything but the offsets is entries of task 0's system space, made by REGISTER records, so
 * it is in the cut and in the journal. Next offsets travel in the cut's runtime part. A record that
 * nobody folds now is kept for its module in the {@link Backlog}.
 */
public final class ModuleRegistry {
  private static final String DECLARATION = "module:";
  private static final String AWAY = "away:";
  private static final String IDS = "ids";
  private static final String BEGAN = "began:";

  private final int tasks;
  private final long hashSeed;
  private final NameTable names = new NameTable();
  private final SystemSpace space;
  private final Backlog backlog;
  private final List<HostedModule> hosted;
  private final Map<String, Hosting> hostings = new LinkedHashMap<>();
  private final Map<Integer, Hosting> byDepot = new HashMap<>();
  private final Map<String, String> declarations = new LinkedHashMap<>();
  private final Map<String, long[]> began = new HashMap<>();
  private final Set<String> away = new LinkedHashSet<>();

  /** Modules whose records are kept for them; empty while everybody folds. */
  private final Set<String> behind = new LinkedHashSet<>();

  private boolean retiredNow;
  private long[][] next = new long[1][];
  private int nextFamily = SystemSpace.FAMILY + 1;
  private long @Nullable [] moduleIds;

  public ModuleRegistry(List<HostedModule> hosted, int tasks, long hashSeed) {
    this.hosted = hosted;
    this.tasks = tasks;
    this.hashSeed = hashSeed;
    space = new SystemSpace(hashSeed);
    backlog = new Backlog(space);
    next[SysRecords.DEPOT_ID] = new long[tasks];
    checkNames(hosted);
    hosted.forEach(module -> hostings.put(module.name(), new Hosting(module)));
  }

  /**
   * Refuses modules that could not be told apart.
   *
   * @throws DefinitionException when two have one name
   */
  public static void checkNames(List<HostedModule> modules) {
    Set<String> taken = new LinkedHashSet<>();
    for (HostedModule module : modules) {
      if (!taken.add(module.name())) {
        throw new DefinitionException(
            "two modules are named " + module.name() + "; override name() in one of them");
      }
    }
  }

  public long nextOffset(int depotId, int partition) {
    return next[depotId][partition];
  }

  long takeOffset(int depotId, int partition) {
    return next[depotId][partition]++;
  }

  void replayed(int depotId, int partition, long offset) {
    if (depotId >= next.length) {
      throw new IllegalStateException(
          "The journal has a record of an unregistered depot: depotId=" + depotId);
    }
    next[depotId][partition] = offset + 1;
  }

  /** Hands a record to whoever folds it, or keeps it for them. */
  void fold(FoldRecord record, NodeExecution execution) {
    if (record.depotId != SysRecords.DEPOT_ID) {
      Hosting hosting = byDepot.get(record.depotId);
      if (hosting != null && hosting.folds) {
        hosting.module.fold(record, execution);
      } else {
        keep(record, execution);
      }
      return;
    }
    switch (record.typeId) {
      case SysRecords.REGISTER -> register(record, execution);
      case SysRecords.CLOCK -> {}
      case SysRecords.IDS -> execution.startIds(record);
      case SysRecords.MODULE_IDS -> startModuleIds(record, execution);
      default -> {
        for (Hosting hosting : hostings.values()) {
          if (hosting.folds) {
            hand(record, hosting.module, execution);
          }
        }
        behind.forEach(module -> backlog.add(module, record, execution));
      }
    }
  }

  /** Hands a record to a module: one of its depots, or one of {@code sys} that concerns all. */
  static void hand(FoldRecord record, HostedModule module, NodeExecution execution) {
    if (record.depotId != SysRecords.DEPOT_ID) {
      module.fold(record, execution);
    } else if (record.typeId == SysRecords.DRAIN) {
      module.drain(record.partition, execution);
    } else {
      module.decide(record, execution);
    }
  }

  private void keep(FoldRecord record, NodeExecution execution) {
    Named depot = names.ofId(Kind.DEPOT, record.depotId);
    if (depot == null || depot.retired()) {
      return;
    }
    // Also of a module that is away: its last folds may have emitted what is appended only now.
    String module = depot.module();
    if (behind.contains(module) || away.contains(module)) {
      backlog.add(module, record, execution);
    }
  }

  /** Reads the names of the last cut and attaches the modules it knows. */
  void load(NodeExecution execution, byte[] runtimeMeta) {
    for (SystemSpace.Entry entry : space.allBut(execution.task(0), Backlog.anyPrefix())) {
      String key = entry.keyText();
      if (key.startsWith(DECLARATION)) {
        declarations.put(key.substring(DECLARATION.length()), entry.valueText());
      } else if (key.startsWith(AWAY)) {
        away.add(key.substring(AWAY.length()));
      } else if (key.startsWith(BEGAN)) {
        began.put(key.substring(BEGAN.length()), longs(entry.value(), 0));
      } else if (key.equals(IDS)) {
        moduleIds = longs(entry.value(), 0);
      } else {
        Named named = names.load(key, entry.valueText());
        if (named != null) {
          remember(named);
        }
      }
    }
    restoreOffsets(runtimeMeta);
    backlog.load(execution);
    refresh();
    List<String> refusals = new ArrayList<>();
    for (HostedModule module : hosted) {
      if (folds(module.name()) && names.modules().contains(module.name())) {
        attach(hosting(module.name()), execution);
        refusals.addAll(module.placeless());
      }
    }
    refuse(refusals);
  }

  /**
   * The journal has been folded: refuses modules that are not compatible with what the directory
   * knows now. Those of another version have folded nothing yet.
   */
  void check(NodeExecution execution) {
    List<String> refusals = new ArrayList<>();
    for (Hosting hosting : hostings.values()) {
      HostedModule module = hosting.module;
      List<String> differences = refusals(module);
      refusals.addAll(differences);
      boolean known = names.modules().contains(module.name());
      if (known && differences.isEmpty() && !hosting.attached) {
        attach(hosting, execution);
        refusals.addAll(module.placeless());
      }
    }
    refuse(refusals);
  }

  private List<String> refusals(HostedModule module) {
    String declared = declarations.get(module.name());
    return declared == null || isDeclared(module) ? List.of() : module.refusals(declared);
  }

  /** Ends a start that would lose, skip or misread something; nothing has been journaled yet. */
  static void refuse(List<String> refusals) {
    if (!refusals.isEmpty()) {
      throw new UncheckedIOException(
          new ModuleChangeException(
              "The data directory holds what these modules would lose or misread; nothing was"
                  + " changed.\n  "
                  + String.join("\n  ", refusals)));
    }
  }

  private void remember(Named named) {
    if (named.kind() == Kind.DEPOT) {
      room(named.id());
    } else if (named.kind() == Kind.FAMILY) {
      nextFamily = Math.max(nextFamily, named.id() + 1);
    }
  }

  private void room(int depotId) {
    if (depotId >= next.length) {
      next = Arrays.copyOf(next, depotId + 1);
    }
    if (next[depotId] == null) {
      next[depotId] = new long[tasks];
    }
  }

  private void attach(Hosting hosting, NodeExecution execution) {
    HostedModule module = hosting.module;
    HostedContext context = new NamedContext(this, module);
    for (DepotSpec depot : module.depots()) {
      int id = context.depotId(depot.name());
      if (id >= 0) {
        byDepot.put(id, hosting);
      }
    }
    module.attach(context, execution);
    hosting.attached = true;
  }

  private Hosting hosting(String module) {
    Hosting hosting = hostings.get(module);
    if (hosting == null) {
      throw new IllegalStateException("No such module is hosted: " + module);
    }
    return hosting;
  }

  /** Who folds now follows from the declarations and from who is away. */
  private void refresh() {
    for (Hosting hosting : hostings.values()) {
      String name = hosting.module.name();
      hosting.folds = !away.contains(name) && !backlog.has(name) && isDeclared(hosting.module);
    }
    behind.clear();
    for (String module : names.modules()) {
      Hosting hosting = hostings.get(module);
      if (!away.contains(module) && (hosting == null || !hosting.folds)) {
        behind.add(module);
      }
    }
  }

  /** True for the version that the directory knows; one of before declarations knows none. */
  private boolean isDeclared(HostedModule module) {
    String declared = declarations.get(module.name());
    return declared == null || declared.equals(module.declaration());
  }

  /** Folds a REGISTER record; see {@link Registration}. */
  private void register(FoldRecord record, NodeExecution execution) {
    Registration said = Registration.decode(record);
    switch (said.kind()) {
      case "depot", "family", "source" -> name(said, execution);
      case Registration.RENAME -> rename(said, execution);
      case Registration.RETIRE -> new Retirement(this, execution).retire(said);
      case Registration.DECLARE -> declare(said, execution);
      case Registration.ATTACH -> {
        Hosting hosting = hostings.get(said.module());
        // Another version finds its own names only once it is declared.
        if (hosting != null && hosting.folds) {
          attach(hosting, execution);
        }
      }
      case Registration.LEAVE -> {
        away.add(said.module());
        space.put(execution.task(0), AWAY + said.module(), Long.toString(record.position));
      }
      case Registration.RETURN -> comeBack(said.module(), execution);
      default -> throw new IllegalStateException("Unknown REGISTER kind: " + said.kind());
    }
    refresh();
  }

  private void name(Registration said, NodeExecution execution) {
    Kind kind = Kind.of(said.kind());
    Named named =
        switch (kind) {
          case DEPOT -> names.make(kind, said.module(), said.name(), next.length, 0, 0);
          case FAMILY -> {
            int id = nextFamily++;
            int home = execution.createSpace(id, SpaceOrder.HASH);
            int pages = execution.createSpace(id, SpaceOrder.KEY);
            yield names.make(kind, said.module(), said.name(), id, home, pages);
          }
          case SOURCE -> names.make(kind, said.module(), said.name(), 0, 0, 0);
          case null -> throw new IllegalStateException("Unknown kind of name: " + said.kind());
        };
    put(named, execution);
    remember(named);
    if (kind == Kind.SOURCE && !said.detail().equals(Registration.SINCE_EVER)) {
      begin(named, execution);
    }
  }

  /** A topology folds of a depot what comes from now on. */
  private void begin(Named source, NodeExecution execution) {
    String depot = source.currentName().substring(source.currentName().indexOf('/') + 1);
    Named read = names.find(Kind.DEPOT, source.module(), depot);
    if (read == null) {
      throw new IllegalStateException("A source of no depot: " + source.qualifiedName());
    }
    long[] ends = next[read.id()].clone();
    began.put(source.key(), ends);
    ByteBuffer value = ByteBuffer.allocate(ends.length * Long.BYTES);
    value.asLongBuffer().put(ends);
    space.put(execution.task(0), SystemSpace.bytes(BEGAN + source.key()), value.array());
  }

  /** Offsets from which a source is read; empty when from the beginning. */
  long[] began(Named source) {
    long[] ends = began.get(source.key());
    return ends == null ? new long[0] : ends;
  }

  void put(Named named, NodeExecution execution) {
    names.put(named);
    space.put(execution.task(0), named.key(), named.value());
  }

  void remove(Named named, NodeExecution execution) {
    names.remove(named);
    space.remove(execution.task(0), named.key());
    space.remove(execution.task(0), BEGAN + named.key());
    began.remove(named.key());
  }

  /** Something is given up; its number stays taken. */
  void retired(Named named, NodeExecution execution) {
    Named gone = named.retire();
    put(gone, execution);
    if (gone.kind() == Kind.DEPOT) {
      byDepot.remove(gone.id());
      retiredNow = true;
    }
  }

  private void rename(Registration said, NodeExecution execution) {
    Kind kind = Kind.of(said.detail());
    Named named = kind == null ? null : names.findByAnyName(kind, said.module(), said.name());
    if (named != null) {
      put(named.renamed(said.newName()), execution);
    }
  }

  /** What the directory knows under a former name of something, or null. */
  @Nullable Named former(HostedModule module, Kind kind, String name) {
    for (String former : module.formerNames(kind, name)) {
      Named named = names.find(kind, module.name(), former);
      if (named != null) {
        return named;
      }
    }
    return null;
  }

  private void declare(Registration said, NodeExecution execution) {
    declarations.put(said.module(), said.name());
    space.put(execution.task(0), DECLARATION + said.module(), said.name());
  }

  /** A module is back, or is there in another version: it folds what was kept for it. */
  private void comeBack(String module, NodeExecution execution) {
    if (away.remove(module)) {
      space.remove(execution.task(0), AWAY + module);
    }
    Hosting hosting = hostings.get(module);
    if (hosting != null && isDeclared(hosting.module)) {
      attach(hosting, execution);
      int folded = backlog.fold(hosting.module, execution);
      execution.sayWhatWasKept();
      if (folded > 0) {
        Deployment.LOG.info("module {} has folded {} records kept for it", module, folded);
      }
    }
  }

  /** Forgets that a module was ever declared; its names are gone already. */
  void forget(String module, NodeExecution execution) {
    declarations.remove(module);
    away.remove(module);
    space.remove(execution.task(0), DECLARATION + module);
    space.remove(execution.task(0), AWAY + module);
    backlog.drop(module, execution);
    space.put(execution.task(0), "gone:" + module, "");
  }

  /** True when a module was given up some time, so that giving it up again is no mistake. */
  boolean gone(String module, NodeExecution execution) {
    return space.get(execution.task(0), SystemSpace.bytes("gone:" + module)) != null;
  }

  private void startModuleIds(FoldRecord record, NodeExecution execution) {
    byte[] body = Arrays.copyOfRange(record.array, record.offset, record.offset + record.length);
    moduleIds = longs(body, 0);
    space.put(execution.task(0), IDS.getBytes(StandardCharsets.UTF_8), body);
  }

  private static long[] longs(byte[] bytes, int offset) {
    long[] all = new long[(bytes.length - offset) / Long.BYTES];
    ByteBuffer.wrap(bytes, offset, all.length * Long.BYTES).asLongBuffer().get(all);
    return all;
  }

  /** First id that modules count from on a task; -1 while they share one counter. */
  long firstModuleId(int task) {
    long[] first = moduleIds;
    return first == null ? -1 : first[task];
  }

  /** Next offsets in binary form, for the cut. */
  byte[] offsets() {
    ByteBuffer out = ByteBuffer.allocate(8 + next.length * tasks * Long.BYTES);
    out.putInt(next.length).putInt(tasks);
    for (long[] depot : next) {
      for (int p = 0; p < tasks; p++) {
        out.putLong(depot[p]);
      }
    }
    return out.array();
  }

  private void restoreOffsets(byte[] meta) {
    if (meta.length == 0) {
      return;
    }
    ByteBuffer in = ByteBuffer.wrap(meta);
    int count = in.getInt();
    int partitions = in.getInt();
    for (int d = 0; d < count; d++) {
      for (int p = 0; p < partitions; p++) {
        long offset = in.getLong();
        if (d < next.length) {
          next[d][p] = offset;
        }
      }
    }
  }

  /** Id of a depot in use by full name {@code module/depot}, or null. */
  public @Nullable Integer depotId(String fullName) {
    int slash = fullName.indexOf('/');
    Named depot =
        slash < 0
            ? null
            : names.find(Kind.DEPOT, fullName.substring(0, slash), fullName.substring(slash + 1));
    return depot == null ? null : depot.id();
  }

  /** Names and ids of the depots in use, in order of registration. */
  public Map<String, Integer> depots() {
    Map<String, Integer> depots = new LinkedHashMap<>();
    names.all().stream()
        .filter(named -> named.kind() == Kind.DEPOT && !named.retired())
        .sorted((a, b) -> Integer.compare(a.id(), b.id()))
        .forEach(named -> depots.put(named.qualifiedName(), named.id()));
    return depots;
  }

  /** The hosted modules, in the order given. */
  public List<HostedModule> hosted() {
    return hosted;
  }

  /** True when a module is hosted and folds its records. */
  boolean folds(String module) {
    Hosting hosting = hostings.get(module);
    return hosting != null && hosting.folds;
  }

  public boolean isHosted(String module) {
    return hostings.containsKey(module);
  }

  boolean isAway(String module) {
    return away.contains(module);
  }

  /** Modules of the directory that are not hosted. */
  public List<String> absent() {
    return names.modules().stream().filter(module -> !hostings.containsKey(module)).toList();
  }

  /** What the directory was told a module declares, or null. */
  @Nullable String declaration(String module) {
    return declarations.get(module);
  }

  public NameTable names() {
    return names;
  }

  public Backlog backlog() {
    return backlog;
  }

  /** True when a depot was given up by a record since the last cut. */
  public boolean retiredNow() {
    return retiredNow;
  }

  /** Ids of depots that have been given up. */
  public List<Integer> retiredDepots() {
    return names.all().stream()
        .filter(named -> named.kind() == Kind.DEPOT && named.retired())
        .map(Named::id)
        .toList();
  }

  /** Ids of kept depots in use of modules that are not hosted. */
  public List<Integer> absentKeptDepots() {
    List<Integer> ids = new ArrayList<>();
    for (String module : absent()) {
      if (!NativeHosted.declares(declarations.get(module))) {
        names.of(Kind.DEPOT, module).forEach(depot -> ids.add(depot.id()));
      }
    }
    return ids;
  }

  int tasks() {
    return tasks;
  }

  long hashSeed() {
    return hashSeed;
  }
}
