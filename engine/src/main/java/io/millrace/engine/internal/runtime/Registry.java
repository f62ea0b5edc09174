package io.millrace.engine.internal.runtime;

import io.millrace.engine.state.EntryVisitor;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.SpaceOrder;
import io.millrace.engine.state.TaskState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of a data directory ({@code sys.meta}): depots and families with their numeric ids,
 * which are never reused, and the next offset of every depot partition.
 *
 * <p>Names are entries of task 0's system space and are assigned by REGISTER records, so they are
 * in the cut and in the journal. Next offsets travel in the cut's runtime part.
 */
final class Registry {
  /** Column family of the system space. */
  static final int SYSTEM_FAMILY = 1;

  /** System space, created first in every directory. */
  static final int SYSTEM_SPACE = 0;

  private static final String DEPOT = "depot";
  private static final String FAMILY = "family";

  /** A registered family. */
  private record Family(int id, int homeSpace, int pageSpace) {}

  private final int tasks;
  private final long hashSeed;
  private final Map<String, Integer> depots = new LinkedHashMap<>();
  private final Map<String, Family> families = new LinkedHashMap<>();
  private final List<HostedModule> hosted;
  private final Map<Integer, HostedModule> byDepot = new HashMap<>();
  private long[][] next = new long[1][];
  private int nextFamily = SYSTEM_FAMILY + 1;

  Registry(List<HostedModule> hosted, int tasks, long hashSeed) {
    this.hosted = hosted;
    this.tasks = tasks;
    this.hashSeed = hashSeed;
    next[SysRecords.DEPOT_ID] = new long[tasks];
  }

  long nextOffset(int depotId, int partition) {
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

  /** Hands a record to whoever folds it. */
  void fold(FoldRecord record, NodeExecution execution) {
    if (record.depotId != SysRecords.DEPOT_ID) {
      HostedModule module = byDepot.get(record.depotId);
      if (module != null) {
        module.fold(record, execution);
      }
      return;
    }
    switch (record.typeId) {
      case SysRecords.REGISTER -> register(record, execution);
      case SysRecords.CLOCK -> {}
      case SysRecords.IDS -> execution.startIds(record);
      case SysRecords.DRAIN -> hosted.forEach(m -> m.drain(record.partition, execution));
      default -> hosted.forEach(m -> m.decide(record, execution));
    }
  }

  /** Reads the names of the last cut and attaches the modules it knows. */
  void load(NodeExecution execution, byte[] runtimeMeta) {
    TaskState state = execution.task(0);
    List<String[]> found = new ArrayList<>();
    EntryVisitor collect =
        ref -> {
          String key = new String(ref.array, ref.keyOffset, ref.keyLength, StandardCharsets.UTF_8);
          String value = new String(ref.array, ref.offset, ref.length, StandardCharsets.UTF_8);
          found.add(new String[] {key, value});
          return true;
        };
    state.scan(SYSTEM_SPACE, 0, -1L, collect);
    found.forEach(entry -> remember(entry[0], entry[1]));
    restoreOffsets(runtimeMeta);
    hosted.stream().filter(this::partlyKnown).forEach(m -> attach(m, execution));
  }

  private void remember(String key, String value) {
    String[] parts = value.split(" ");
    int colon = key.indexOf(':');
    String name = key.substring(colon + 1);
    int id = Integer.parseInt(parts[0]);
    if (key.startsWith(DEPOT)) {
      putDepot(name, id);
    } else if (key.startsWith(FAMILY)) {
      families.put(name, new Family(id, Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
      nextFamily = Math.max(nextFamily, id + 1);
    }
  }

  private void putDepot(String name, int id) {
    depots.put(name, id);
    if (id >= next.length) {
      next = java.util.Arrays.copyOf(next, id + 1);
    }
    if (next[id] == null) {
      next[id] = new long[tasks];
    }
  }

  private void attach(HostedModule module, NodeExecution execution) {
    for (DepotSpec depot : module.depots()) {
      Integer id = depots.get(module.name() + "/" + depot.name());
      if (id != null) {
        byDepot.put(id, module);
      }
    }
    module.attach(new Context(module.name()), execution);
  }

  private boolean partlyKnown(HostedModule module) {
    return module.depots().stream()
            .anyMatch(d -> depots.containsKey(module.name() + "/" + d.name()))
        || module.families().stream().anyMatch(f -> families.containsKey(module.name() + "/" + f));
  }

  /** Bodies of the REGISTER records that are still needed for the hosted modules. */
  List<byte[]> missing() {
    List<byte[]> bodies = new ArrayList<>();
    for (HostedModule module : hosted) {
      int before = bodies.size();
      for (DepotSpec depot : module.depots()) {
        if (!depots.containsKey(module.name() + "/" + depot.name())) {
          bodies.add(body(DEPOT, module.name(), depot.name()));
        }
      }
      for (String family : module.families()) {
        if (!families.containsKey(module.name() + "/" + family)) {
          bodies.add(body(FAMILY, module.name(), family));
        }
      }
      if (bodies.size() > before) {
        bodies.add(body("attach", module.name(), ""));
      }
    }
    return bodies;
  }

  private static byte[] body(String kind, String module, String name) {
    return (kind + "\0" + module + "\0" + name).getBytes(StandardCharsets.UTF_8);
  }

  private void register(FoldRecord record, NodeExecution execution) {
    String body = new String(record.array, record.offset, record.length, StandardCharsets.UTF_8);
    String[] parts = body.split("\0", -1);
    String name = parts[1] + "/" + parts[2];
    switch (parts[0]) {
      case DEPOT -> {
        int id = next.length;
        putDepot(name, id);
        store(execution, DEPOT + ":" + name, Integer.toString(id));
      }
      case FAMILY -> {
        int id = nextFamily++;
        Family family =
            new Family(
                id,
                execution.createSpace(id, SpaceOrder.HASH),
                execution.createSpace(id, SpaceOrder.KEY));
        families.put(name, family);
        store(execution, FAMILY + ":" + name, id + " " + family.homeSpace + " " + family.pageSpace);
      }
      case "attach" ->
          hosted.stream().filter(m -> m.name().equals(parts[1])).forEach(m -> attach(m, execution));
      default -> throw new IllegalStateException("Unknown REGISTER kind: " + parts[0]);
    }
  }

  private void store(NodeExecution execution, String key, String value) {
    byte[] k = key.getBytes(StandardCharsets.UTF_8);
    byte[] v = value.getBytes(StandardCharsets.UTF_8);
    long hash = KeyHash.hash(k, 0, k.length, hashSeed);
    execution.task(0).put(SYSTEM_SPACE, k, 0, k.length, hash, 0, 0, v, 0, v.length, new Ref());
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

  /** Id of a depot by full name {@code module/depot}, or null. */
  @Nullable Integer depotId(String fullName) {
    return depots.get(fullName);
  }

  /** Depot names and ids in order of registration. */
  Map<String, Integer> depots() {
    return java.util.Collections.unmodifiableMap(depots);
  }

  /** The hosted modules, in the order given. */
  List<HostedModule> hosted() {
    return hosted;
  }

  private final class Context implements HostedContext {
    private final String module;

    Context(String module) {
      this.module = module;
    }

    private Family find(String name) {
      Family family = families.get(module + "/" + name);
      if (family == null) {
        throw new IllegalStateException("Not registered yet: family=" + module + "/" + name);
      }
      return family;
    }

    @Override
    public int depotId(String depot) {
      Integer id = depots.get(module + "/" + depot);
      return id == null ? -1 : id;
    }

    @Override
    public boolean knows(String family) {
      return families.containsKey(module + "/" + family);
    }

    @Override
    public int family(String name) {
      return find(name).id();
    }

    @Override
    public int homeSpace(String name) {
      return find(name).homeSpace();
    }

    @Override
    public int pageSpace(String name) {
      return find(name).pageSpace();
    }

    @Override
    public int tasks() {
      return tasks;
    }

    @Override
    public long hashSeed() {
      return hashSeed;
    }
  }
}
