package io.millrace.engine.internal.plan;

import io.millrace.engine.path.Path;
import io.millrace.engine.path.PathException;
import io.millrace.engine.path.Terminal;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SchemaException;
import io.millrace.engine.state.ReadView;
import io.millrace.engine.state.TaskState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pstate in the state of tasks: reads and writes paths on one task at a time. A plan is made
 * once by {@link #read}, {@link #readText} or {@link #write}, and run on any task.
 *
 * <p>Where things are: an entry {@code R} of the home space holds the top level (the tree of a map,
 * set or list, or the row of a record or scalar); an entry {@code S} and a number each subindexed
 * part; the pages of all trees are in the page space.
 *
 * <p>A write that throws may have done part of its work: the caller undoes the execution.
 */
public final class PStateStore {
  private final String name;
  private final SchemaNode root;
  private final StoreShape shape;
  private final int home;
  private final int pages;
  private final long seed;
  private final IoCounters io = new IoCounters();
  private final Access live;
  private boolean busy;

  /**
   * Creates the store of a pstate.
   *
   * @param name name for messages, {@code module/pstate}
   * @param schema schema of the whole
   * @param homeSpace space ordered by hash
   * @param pageSpace space ordered by key
   * @param seed hash seed of the data directory
   */
  public PStateStore(String name, Schema schema, int homeSpace, int pageSpace, long seed) {
    this(name, schema, homeSpace, pageSpace, seed, StoreShape.usual());
  }

  /** Creates the store of a pstate with trees of given sizes. */
  public PStateStore(
      String name, Schema schema, int homeSpace, int pageSpace, long seed, StoreShape shape) {
    this.name = name;
    this.root = SchemaNode.root(schema);
    this.shape = shape;
    this.home = homeSpace;
    this.pages = pageSpace;
    this.seed = seed;
    this.live = new Access(this, io);
  }

  /** Trees and executors of one thread. */
  private static final class Access {
    final SubindexTrees parts;
    final PlanReader reader;
    final PlanWriter writer;

    Access(PStateStore store, IoCounters io) {
      parts = new SubindexTrees(store.root, store.shape, store.home, store.pages, store.seed, io);
      reader = new PlanReader(parts);
      writer = new PlanWriter(parts, reader);
    }
  }

  /** Name for messages. */
  public String name() {
    return name;
  }

  /** The schema. */
  public Schema schema() {
    return root.schema;
  }

  SchemaNode root() {
    return root;
  }

  /** Trees for reading at a cut, on a thread of its own. */
  SubindexTrees newParts(ReadView view) {
    var parts = new SubindexTrees(root, shape, home, pages, seed, new IoCounters());
    parts.bind(view);
    return parts;
  }

  /** Counters of everything done on live state. */
  public IoCounters io() {
    return io;
  }

  /**
   * A plan that reads a path.
   *
   * @throws PathException when the path does not fit the schema
   * @throws SchemaException when a value in it does not
   */
  public PathPlan read(Path path) {
    return PathPlan.read(name, root, path);
  }

  /** A plan that reads a path given as text; values are typed by the schema. */
  public PathPlan readText(String text) {
    return PathPlan.readText(name, root, text);
  }

  /** A plan that writes. */
  public PathPlan write(Path path, Terminal terminal) {
    return PathPlan.write(name, root, path, terminal);
  }

  /** Everything a path leads to on a task. */
  public List<@Nullable Object> select(ReadView task, PathPlan plan) {
    var found = new ArrayList<@Nullable Object>();
    select(task, plan, found::add);
    return found;
  }

  /** Passes on what a path leads to on a task, until told to stop. */
  public void select(ReadView task, PathPlan plan, PathSink hits) {
    select(task, plan, Long.MAX_VALUE, hits);
  }

  /**
   * Passes on what a path leads to on a task, as long as it goes over so many elements of trees.
   *
   * @throws StepLimitException when there are more
   */
  public void select(ReadView task, PathPlan plan, long mostSteps, PathSink hits) {
    var shared = task instanceof TaskState && !busy;
    var access = shared ? live : new Access(this, new IoCounters());
    busy |= shared;
    try {
      access.parts.bind(task, mostSteps);
      access.reader.root(root, plan, hits);
    } catch (PathException e) {
      throw e.in(name, plan.toString());
    } catch (SchemaException e) {
      throw e.in(name, plan.toString());
    } finally {
      busy &= !shared;
    }
  }

  /**
   * The one value a path leads to.
   *
   * @throws PathException when there is none, or more than one
   */
  public @Nullable Object selectOne(ReadView task, PathPlan plan) {
    var found = new ArrayList<@Nullable Object>(1);
    select(
        task,
        plan,
        value -> {
          found.add(value);
          return found.size() < 2;
        });
    if (found.size() != 1) {
      throw new PathException(
              found.isEmpty() ? "leads nowhere, expected one value" : "leads to several values")
          .in(name, plan.toString());
    }
    return found.getFirst();
  }

  /**
   * Runs a plan that writes.
   *
   * @throws SchemaException when a computed value does not fit
   * @throws PathException when the path meets a value it cannot work on
   */
  public void write(TaskState task, PathPlan plan) {
    plan.terminal();
    var shared = !busy;
    var access = shared ? live : new Access(this, new IoCounters());
    busy = true;
    try {
      access.parts.bind(task);
      access.writer.root(root, plan);
    } catch (PathException e) {
      throw e.in(name, plan.toString());
    } catch (SchemaException e) {
      throw e.in(name, plan.toString());
    } finally {
      busy &= !shared;
    }
  }

  /** Number of elements at the top level on a task; of a record or scalar, 1 when it is there. */
  public long count(ReadView task) {
    var parts = newParts(task);
    if (!root.tree) {
      return parts.rootRow() == null ? 0 : 1;
    }
    var part = parts.open(root, SubindexTrees.ROOT);
    return part == null ? 0 : part.tree.size();
  }

  /** Hash of the content on a task: independent of pages, part numbers and residency. */
  public long digest(ReadView task) {
    return new Digest(newParts(task)).root(root);
  }
}
