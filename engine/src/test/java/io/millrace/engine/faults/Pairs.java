package io.millrace.engine.faults;

import static io.millrace.engine.pstate.Scalar.LONG;

import io.millrace.engine.TextModule;
import io.millrace.engine.depot.Retention;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.module.NativeRecord;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.state.Execution;
import java.nio.charset.StandardCharsets;

/** A native module of texts under keys. */
final class Pairs extends TextModule {
  Pairs() {
    super("pairs");
  }

  /** Sets a key and journals it; returns the position its reply waits for. */
  long put(String key, String value, Execution x) {
    set(x, key, value);
    byte[] body = (key + " " + value).getBytes(StandardCharsets.UTF_8);
    return x.append(known().depotId(), task(key), 1, new int[0], body, 0, body.length);
  }

  @Override
  public void replay(NativeRecord record, Execution execution) {
    String body =
        new String(record.array(), record.offset(), record.length(), StandardCharsets.UTF_8);
    int space = body.indexOf(' ');
    set(execution, body.substring(0, space), body.substring(space + 1));
  }

  /** Events that are kept, summed by key, and listed by key in parts of their own. */
  static final class Notes implements EngineModule {
    record Note(long id, long key) {}

    @Override
    public void define(Definition def) {
      var notes = def.depot("notes", Note.class).partitionBy(Note::key).retain(Retention.FOREVER);
      var sums = def.pstate("sums", Schema.map(LONG, LONG));
      var lists = def.pstate("lists", Schema.map(LONG, Schema.list(LONG).subindexed()));
      def.stream("folds")
          .from(notes)
          .each((note, at) -> {
            at.write(sums).key(note.key()).increment(note.id());
            at.write(lists).key(note.key()).add(note.id());
          });
    }
  }
}
