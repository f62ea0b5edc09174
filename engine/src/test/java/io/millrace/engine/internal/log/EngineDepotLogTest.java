package io.millrace.engine.internal.log;

import io.millrace.engine.depot.DepotEvent;
import io.millrace.engine.depot.DepotLog;
import io.millrace.engine.depot.DepotLogContractTest;
import io.millrace.engine.depot.DepotRecord;
import io.millrace.engine.depot.EventFormat;
import io.millrace.engine.depot.EventType;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.testing.TestEngine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The contract of depot logs, held by a whole engine. */
class EngineDepotLogTest extends DepotLogContractTest {
  record Note(String text) {}

  private static final EventType<Note> NOTE = EventType.of(Note.class);

  static final class Notes implements EngineModule {
    @Override
    public void define(Definition def) {
      def.depot("notes", Note.class);
    }
  }

  private @Nullable TestEngine engine;

  @Override
  protected DepotLog create() {
    TestEngine started =
        TestEngine.builder(new Notes())
            .config(c -> c.withKeepJournal(false).withCheckpoints(2_000, 1 << 20, 60_000))
            .start();
    engine = started;
    return log(started);
  }

  private DepotLog log(TestEngine started) {
    depot = started.engine().depotNumber("notes/notes");
    return started.engine().depotLog();
  }

  @Override
  protected DepotLog restart() throws IOException {
    TestEngine running = engine;
    if (running == null) {
      return create();
    }
    running.crash();
    return log(running);
  }

  @Override
  protected void settle() {
    TestEngine running = engine;
    if (running != null) {
      running.housekeep();
      running.checkpoint();
    }
  }

  @Override
  protected DepotEvent event(String text) {
    byte[] body = NOTE.encode(new Note(text), EventFormat.JSON);
    return new DepotEvent(NOTE.id(), NOTE.version(), 0, null, body);
  }

  @Override
  protected String text(DepotRecord record) {
    byte[] body = record.body();
    return NOTE.decode(body, 0, body.length, EventFormat.JSON).text();
  }

  @AfterEach
  void stop() {
    TestEngine running = engine;
    if (running != null) {
      running.close();
    }
  }
}
