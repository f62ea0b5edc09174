package io.millrace.resp.server;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import io.millrace.resp.config.EvictionPolicy;
import io.millrace.resp.keyspace.Database;
import io.millrace.resp.keyspace.ExpiringKeys;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.RecordType;
import io.millrace.resp.protocol.RequestEncoder;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes room when memory is above maxmemory: removes that of a few sampled keys which the policy
 * likes least, as Redis does. Each removal is a record of its own, finished before the command's
 * tasks are looked at; a fold never evicts.
 */
public final class KeyEvictor {
  private static final int MOST_PER_COMMAND = 64;
  private static final int PROBES = 4;
  private static final int PAGES_PER_STEP = 32;
  private static final long MOST_NANOS = 2_000_000;

  private final Server server;
  private final Keyspace keyspace;
  private final Lane lane;
  private final SplittableRandom random = new SplittableRandom();
  private final Ref sampled = new Ref();
  private final ExpiringKeys expiring;
  private final RequestEncoder body = new RequestEncoder();
  private @Nullable Key key;
  private byte @Nullable [] victim;
  private @Nullable Database home;
  private long worth;

  /** Evicts keys under the holds of a lane. */
  public KeyEvictor(Server server, Lane lane) {
    this.server = server;
    this.keyspace = server.keyspace();
    this.lane = lane;
    this.expiring = keyspace.expiry().keys();
  }

  /**
   * True when memory is, or now is, below the limit; also when much had to go and more will with
   * the next commands.
   */
  public boolean makeRoom(Execution execution) {
    if (server.pause().on()) {
      return true;
    }
    long limit = server.settings().maxMemory();
    var policy = server.settings().evictionPolicy();
    for (int i = 0; i < MOST_PER_COMMAND; i++) {
      if (server.engine().usedMemory() <= limit || freedDiscarded(execution, limit)) {
        return true;
      }
      if (policy == EvictionPolicy.NOEVICTION || !evictOne(execution, policy)) {
        return false;
      }
    }
    return true;
  }

  /**
   * What was removed already goes before another key does, as long as it helps: pages on disk are
   * read to be freed, and free no memory.
   */
  private boolean freedDiscarded(Execution execution, long limit) {
    if (!keyspace.hasDiscarded()) {
      return false;
    }
    long deadline = System.nanoTime() + MOST_NANOS;
    long used = server.engine().usedMemory();
    long before;
    do {
      before = used;
      boolean more = freeDiscarded(execution);
      used = server.engine().usedMemory();
      if (used <= limit) {
        return true;
      }
      if (!more) {
        return false;
      }
    } while (used < before && System.nanoTime() < deadline);
    return false;
  }

  private boolean freeDiscarded(Execution execution) {
    lane.next();
    lane.waitForDisk();
    return keyspace.freeDiscarded(execution, PAGES_PER_STEP);
  }

  private boolean evictOne(Execution execution, EvictionPolicy policy) {
    victim = null;
    worth = Long.MAX_VALUE;
    if (policy.onlyExpiring() && expiring.size() == 0) {
      return false;
    }
    if (policy == EvictionPolicy.VOLATILE_TTL) {
      considerNearest(execution);
    }
    if (victim == null) {
      sampleAnywhere(execution, policy);
    }
    // Looking for the nearest deadline may have found the last of them outdated.
    if (victim == null && policy.onlyExpiring() && expiring.size() > 0) {
      sampleExpiring(execution, policy);
    }
    return victim != null && home != null && remove(execution, home, victim);
  }

  /** Samples entries that are in memory, whether or not they have deadlines. */
  private void sampleAnywhere(Execution execution, EvictionPolicy policy) {
    int wanted = policy.takesAny() ? 1 : server.settings().evictionSamples();
    int found = 0;
    for (int i = 0; i < server.settings().evictionSamples() * PROBES && found < wanted; i++) {
      int task = random.nextInt(execution.tasks());
      var database = inhabited(execution.task(task));
      if (database != null
          && execution.task(task).sample(database.entries(), random.nextLong(), sampled)
          && (sampled.expireAtMs != 0 || !policy.onlyExpiring())) {
        found++;
        consider(execution.task(task), database, sampled, policy);
      }
    }
    for (int task = 0; task < execution.tasks() && victim == null; task++) {
      // The sampling may miss what few tasks have few keys.
      var database = inhabited(execution.task(task));
      if (database != null
          && execution.task(task).sample(database.entries(), random.nextLong(), sampled)
          && (sampled.expireAtMs != 0 || !policy.onlyExpiring())) {
        consider(execution.task(task), database, sampled, policy);
      }
    }
  }

  /** One of the databases that have keys on a task. */
  private @Nullable Database inhabited(TaskState task) {
    int first = random.nextInt(Keyspace.DATABASES);
    for (int i = 0; i < Keyspace.DATABASES; i++) {
      var database = keyspace.database((first + i) % Keyspace.DATABASES);
      if (task.count(database.entries()) > 0) {
        return database;
      }
    }
    return null;
  }

  private void considerNearest(Execution execution) {
    if (expiring.nearest(execution, sampled)) {
      considerExpiring(EvictionPolicy.VOLATILE_TTL);
    }
  }

  /** Where keys with deadlines are rare, they are looked for where deadlines are kept. */
  private void sampleExpiring(Execution execution, EvictionPolicy policy) {
    int most = policy.takesAny() ? 1 : server.settings().evictionSamples();
    int found = 0;
    for (int i = 0; i < most * PROBES && found < most; i++) {
      if (expiring.find(execution, random.nextInt(expiring.size()), sampled)) {
        found++;
        considerExpiring(policy);
      }
    }
    if (victim == null) {
      considerNearest(execution);
    }
  }

  private void considerExpiring(EvictionPolicy policy) {
    var task = expiring.task();
    var database = expiring.database();
    if (task != null && database != null) {
      consider(task, database, sampled, policy);
    }
  }

  private void consider(TaskState task, Database database, Ref entry, EvictionPolicy policy) {
    int word = task.lastAccess(entry);
    long value =
        switch (policy) {
          case ALLKEYS_LFU, VOLATILE_LFU -> keyspace.clock().frequency(word);
          case VOLATILE_TTL -> entry.expireAtMs;
          default -> word;
        };
    if (victim == null || value < worth) {
      victim = entry.copyKey();
      home = database;
      worth = value;
    }
  }

  private boolean remove(Execution execution, Database database, byte[] name) {
    lane.next();
    var cursor = key;
    if (cursor == null) {
      cursor = keyspace.cursor(execution);
      key = cursor;
    }
    int taskId = Key.taskOf(name, 0, name.length, execution.tasks());
    cursor.open(database, execution.task(taskId), name, 0, name.length, execution.stampMs());
    if (cursor.delete()) {
      cursor.event(KeyspaceEvents.EVICTED, "evicted");
    }
    body.clear();
    body.raw(database.index());
    body.begin(2);
    body.argument("DEL");
    body.argument(name, 0, name.length);
    execution.append(
        keyspace.depotId(), taskId, RecordType.EVICT, new int[0], body.array(), 0, body.size());
    server.stats().evictedKeys++;
    server.announcer().tell(execution);
    return true;
  }
}
