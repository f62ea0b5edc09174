package io.millrace.engine.faults;

import io.millrace.engine.depot.DepotClient;
import io.millrace.engine.depot.DepotReader;
import io.millrace.engine.faults.Pairs.Notes;
import io.millrace.engine.internal.client.ModuleClients;
import io.millrace.engine.internal.file.DiskFullException;
import io.millrace.engine.internal.log.DamageException;
import io.millrace.engine.internal.log.FsyncMode;
import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.internal.log.JournalConfig;
import io.millrace.engine.internal.log.JournalSteps;
import io.millrace.engine.internal.node.NodeHost;
import io.millrace.engine.internal.runtime.HostedModule;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.internal.store.cold.StoreDamagedException;
import io.millrace.engine.internal.store.cold.StoreException;
import io.millrace.engine.internal.store.cold.StoreFullException;
import io.millrace.engine.internal.topology.ModuleHost;
import io.millrace.engine.path.Path;
import io.millrace.engine.state.Execution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One directory through a short life in which calls may fail, and the starts behind it. Everything
 * happens on the calling thread, in the order of a node's own threads.
 */
final class FailingLife {
  private static final int TASKS = 2;
  private static final int KEYS = 7;
  private static final int ROUNDS = 3;
  private static final int OPERATIONS = 14;

  /** What was answered wrongly. */
  static final class WrongAnswer extends RuntimeException {
    private static final long serialVersionUID = 1;

    WrongAnswer(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The process would have ended here. */
  private static final class Exit extends Exception {
    private static final long serialVersionUID = 1;

    Exit(Throwable cause) {
      super(cause);
    }
  }

  private final java.nio.file.Path directory;
  private final FsyncMode mode;
  private final boolean archive;
  private final List<Throwable> fatal = new ArrayList<>();

  /** Journal position behind each operation that was executed. */
  private final List<Long> ends = new ArrayList<>();

  private int acknowledged;
  private @Nullable NodeHost host;
  private Pairs pairs = new Pairs();
  private @Nullable ModuleClients modules;

  FailingLife(java.nio.file.Path directory, FsyncMode mode, boolean archive) {
    this.directory = directory;
    this.mode = mode;
    this.archive = archive;
  }

  /** Starts; throws what a start throws. */
  void start() throws IOException {
    fatal.clear();
    pairs = new Pairs();
    JournalConfig journal =
        JournalConfig.in(directory.resolve("journal"))
            .fsync(mode)
            .segmentBytes(1_500)
            .buffer(1 << 14, 1_500)
            .reserveBytes(20_000)
            .withoutThread();
    List<HostedModule> hosted = new ArrayList<>(NodeHost.natives(List.of(pairs)));
    hosted.add(new ModuleHost(new Notes()));
    NodeHost opened =
        NodeHost.open(
            new NodeHost.Options(
                directory,
                TASKS,
                journal,
                TieredStore::open,
                new NodeHost.Memory(20_000, 1 << 20, 1 << 20),
                new NodeHost.Checkpoints(1 << 30, Long.MAX_VALUE, archive, 1),
                () -> 1_700_000_000_000L,
                false,
                fatal::add),
            hosted);
    host = opened;
    modules =
        new ModuleClients(
            hosted,
            opened.node(),
            TASKS,
            () -> {
              throw new UnsupportedOperationException("read with the lock held");
            });
  }

  /** Whether it runs now. */
  boolean started() {
    return host != null;
  }

  private NodeHost host() {
    return Objects.requireNonNull(host, "not started");
  }

  private Journal journal() {
    return host().node().journal();
  }

  /**
   * A start and some rounds of work.
   *
   * @return what ended it early, or null
   */
  @Nullable Throwable live() {
    try {
      start();
    } catch (IOException | UncheckedIOException | StoreException e) {
      notDamage(e);
      return e;
    }
    try {
      for (int round = 0; round < ROUNDS; round++) {
        work();
      }
      return null;
    } catch (Exit e) {
      return e.getCause();
    }
  }

  /** Nothing is damaged: whoever is told so restores a backup. */
  private static void notDamage(Throwable e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof DamageException || at instanceof StoreDamagedException) {
        throw new WrongAnswer("a call that failed is told as damage", e);
      }
    }
  }

  private void work() throws Exit {
    for (int i = 0; i < OPERATIONS; i++) {
      operation();
    }
    read();
    step(() -> journal().syncStep());
    note();
    step(() -> host().depots().copyStep());
    checkpoint();
    step(() -> host().housekeep());
    step(() -> host().depots().tidy());
    step(() -> JournalSteps.retryFull(journal()));
    note();
  }

  /** Something that may fail. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private void step(Step step) throws Exit {
    try {
      step.run();
    } catch (DiskFullException | StoreFullException e) {
      // It is tried again.
      ended();
      return;
    } catch (IOException | UncheckedIOException | StoreException e) {
      notDamage(e);
      throw new Exit(e);
    }
    ended();
  }

  private void ended() throws Exit {
    if (!fatal.isEmpty()) {
      long released = journal().released();
      journal().write();
      journal().syncStep();
      if (journal().failure() != null && journal().released() != released) {
        throw new WrongAnswer("released after the failure", fatal.getFirst());
      }
      throw new Exit(fatal.getFirst());
    }
  }

  private void checkpoint() throws Exit {
    try {
      host().checkpoint();
    } catch (IOException | StoreFullException e) {
      // The background thread says so and tries again.
      notDamage(e);
    } catch (StoreException e) {
      notDamage(e);
      throw new Exit(e);
    }
    ended();
  }

  /** Appends one operation, unless the disk is full. */
  private void operation() throws Exit {
    journal().write();
    if (journal().full()) {
      JournalSteps.retryFull(journal());
      ended();
      if (journal().full()) {
        return;
      }
    }
    int number = ends.size();
    boolean[] changed = {false};
    try {
      long end =
          host()
              .node()
              .run(x -> {
                try {
                  return apply(number, x);
                } finally {
                  changed[0] = x.mutated();
                }
              })
              .position();
      ends.add(end);
    } catch (StoreException e) {
      notDamage(e);
      if (changed[0]) {
        throw new Exit(e);
      }
    }
    ended();
    note();
  }

  private Long apply(int number, Execution x) {
    if (number % 2 == 0) {
      return pairs.put(key(number), value(number), x);
    }
    DepotClient<Object> notes = Objects.requireNonNull(modules).depot("notes/notes");
    var note = new Notes.Note(number, number % KEYS);
    return notes.append(x, notes.prepare(note, null)).position();
  }

  private static String key(int number) {
    return "k" + number % KEYS;
  }

  private static String value(int number) {
    return "v" + number + "x".repeat(number * 37 % 400);
  }

  /** Notes what clients have been told by now. */
  private void note() {
    long released = journal().released();
    while (acknowledged < ends.size() && ends.get(acknowledged) <= released) {
      acknowledged++;
    }
  }

  /** What clients read in the middle of life is what was executed, or an error. */
  private void read() throws Exit {
    try {
      host()
          .node()
          .read(x -> {
            compare(ends.size(), state(x), "in life");
            return 0;
          });
    } catch (StoreException e) {
      notDamage(e);
    }
    ended();
  }

  /** All that can be read, as text. */
  private TreeMap<String, String> state(Execution x) {
    TreeMap<String, String> found = new TreeMap<>();
    for (int key = 0; key < KEYS; key++) {
      String text = pairs.get(x, "k" + key);
      if (text != null) {
        found.put("k" + key, text);
      }
      put(found, "sum" + key, all(x, "notes/sums", Path.key((long) key)));
      put(found, "list" + key, all(x, "notes/lists", Path.key((long) key).all()));
    }
    return found;
  }

  private static void put(TreeMap<String, String> found, String name, List<?> values) {
    // A place that is not there is read as one null.
    if (!values.isEmpty() && values.getFirst() != null) {
      found.put(name, values.toString());
    }
  }

  private List<?> all(Execution x, String pstate, Path path) {
    return Objects.requireNonNull(modules).pstate(pstate).prepare(path).read(x).values();
  }

  /** The same from the operations alone. */
  private static TreeMap<String, String> model(int operations) {
    TreeMap<String, String> model = new TreeMap<>();
    TreeMap<Integer, List<Long>> lists = new TreeMap<>();
    for (int i = 0; i < operations; i++) {
      if (i % 2 == 0) {
        model.put(key(i), value(i));
      } else {
        lists.computeIfAbsent(i % KEYS, k -> new ArrayList<>()).add((long) i);
      }
    }
    lists.forEach((key, list) -> {
      model.put("sum" + key, List.of(list.stream().mapToLong(n -> n).sum()).toString());
      model.put("list" + key, list.toString());
    });
    return model;
  }

  private static void compare(int operations, TreeMap<String, String> found, String when) {
    if (!model(operations).equals(found)) {
      throw new WrongAnswer(
          when + " after " + operations + ": found " + found + " not " + model(operations), null);
    }
  }

  /** Ends the life: as a killed process, or in order. */
  void end(boolean inOrder) {
    NodeHost running = host;
    host = null;
    if (running == null) {
      return;
    }
    try {
      if (inOrder) {
        running.close();
      } else {
        running.abandon();
      }
    } catch (IOException | UncheckedIOException | StoreException e) {
      notDamage(e);
    }
  }

  /** The calls work again: the node of this life must go on if space was all it lacked. */
  void goOn() {
    try {
      long deadline = System.nanoTime() + 5_000_000_000L;
      while (journal().full()) {
        if (System.nanoTime() > deadline) {
          throw new WrongAnswer("still full with space", null);
        }
        // As the thread of the checkpoints does when the last one failed.
        checkpoint();
        JournalSteps.retryFull(journal());
        ended();
      }
      int before = ends.size();
      work();
      if (ends.size() != before + OPERATIONS) {
        throw new WrongAnswer("writes are refused with space", null);
      }
      long cut = host().checkpoint();
      if (cut < ends.getLast() || acknowledged < ends.size()) {
        throw new WrongAnswer("not checkpointed or acknowledged: " + cut + " " + ends, null);
      }
    } catch (Exit | IOException e) {
      throw new WrongAnswer("does not go on with space", e);
    }
  }

  /** The next start is whole: what was acknowledged is there, and nothing is there in part. */
  void startWhole(String when) throws IOException {
    start();
    TreeSet<Long> events = events();
    TreeMap<String, String> found = new TreeMap<>();
    host()
        .node()
        .read(x -> {
          found.putAll(state(x));
          return 0;
        });
    int whole = ends.size();
    while (whole >= acknowledged && !model(whole).equals(found)) {
      whole--;
    }
    if (whole < acknowledged) {
      throw new WrongAnswer(
          when + ": acknowledged " + acknowledged + " of " + ends.size() + ", found " + found,
          null);
    }
    TreeSet<Long> expected = new TreeSet<>();
    for (long i = 1; i < whole; i += 2) {
      expected.add(i);
    }
    if (!events.equals(expected)) {
      throw new WrongAnswer(when + ": depot " + events + " not " + expected, null);
    }
    while (ends.size() > whole) {
      ends.removeLast();
    }
    acknowledged = whole;
  }

  private TreeSet<Long> events() throws IOException {
    TreeSet<Long> ids = new TreeSet<>();
    int depot = Objects.requireNonNull(host().depotId("notes/notes"));
    for (int partition = 0; partition < TASKS; partition++) {
      try (DepotReader reader = host().depots().read(depot, partition, 0)) {
        for (var event = reader.next(); event != null; event = reader.next()) {
          String body = new String(event.body(), java.nio.charset.StandardCharsets.UTF_8);
          String digits = body.replaceAll(".*\"id\":(\\d+).*", "$1");
          if (!ids.add(Long.parseLong(digits))) {
            throw new WrongAnswer("an event is there twice: " + body, null);
          }
        }
      }
    }
    return ids;
  }

  /** One more round, in which nothing fails. */
  void anotherRound() {
    try {
      work();
    } catch (Exit e) {
      throw new WrongAnswer("fails although no call does", e.getCause());
    }
  }
}
