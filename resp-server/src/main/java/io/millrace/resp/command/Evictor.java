package io.millrace.resp.command;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.Ref;
import io.millrace.resp.keyspace.Database;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.keyspace.RecordType;
import io.millrace.resp.protocol.RequestEncoder;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes room when memory is above maxmemory: removes the least recently used of a few sampled keys,
 * as Redis does. Each removal is a record of its own, finished before the command's tasks are
 * looked at; a fold never evicts.
 */
final class Evictor {
  private static final int MOST_PER_COMMAND = 64;

  private final Server server;
  private final Keyspace keyspace;
  private final Lane lane;
  private final SplittableRandom random = new SplittableRandom();
  private final Ref sampled = new Ref();
  private final RequestEncoder body = new RequestEncoder();
  private @Nullable Key key;

  Evictor(Server server, Lane lane) {
    this.server = server;
    this.keyspace = server.keyspace();
    this.lane = lane;
  }

  /** True when memory is, or now is, below the limit. */
  boolean makeRoom(Execution execution) {
    long limit = server.settings().maxMemory();
    for (int i = 0; i < MOST_PER_COMMAND; i++) {
      if (server.engine().usedMemory() <= limit) {
        return true;
      }
      if (!server.settings().evicts() || !evictOne(execution)) {
        return false;
      }
    }
    return true;
  }

  private boolean evictOne(Execution execution) {
    byte[] victim = null;
    Database home = null;
    int oldest = Integer.MAX_VALUE;
    int samples = server.settings().evictionSamples();
    for (int i = 0; i < samples * 4 && (victim == null || i < samples); i++) {
      var task = execution.task(random.nextInt(execution.tasks()));
      var database = keyspace.database(random.nextInt(Keyspace.DATABASES));
      if (task.count(database.entries()) == 0) {
        database = keyspace.database(0);
      }
      if (task.sample(database.entries(), random.nextLong(), sampled)) {
        int access = task.lastAccess(sampled);
        if (access < oldest) {
          oldest = access;
          victim = sampled.copyKey();
          home = database;
        }
      }
    }
    return victim != null && home != null && remove(execution, home, victim);
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
    cursor.delete();
    body.clear();
    body.raw(database.index());
    body.begin(2);
    body.argument("DEL");
    body.argument(name, 0, name.length);
    execution.append(
        keyspace.depotId(), taskId, RecordType.EVICT, new int[0], body.array(), 0, body.size());
    server.stats().evictedKeys++;
    return true;
  }
}
