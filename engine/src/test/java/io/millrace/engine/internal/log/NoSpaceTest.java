package io.millrace.engine.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.DepotEvent;
import io.millrace.engine.depot.DepotLog;
import io.millrace.engine.depot.DepotReader;
import io.millrace.engine.depot.EventFormat;
import io.millrace.engine.depot.EventType;
import io.millrace.engine.depot.NoSpaceException;
import io.millrace.engine.internal.runtime.NodeHost;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.internal.topology.ModuleHost;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node whose journal is on a disk that fills up. */
class NoSpaceTest {
  record Note(String text) {}

  private static final EventType<Note> NOTE = EventType.of(Note.class);

  static final class Notes implements EngineModule {
    @Override
    public void define(Definition def) {
      def.depot("notes", Note.class);
    }
  }

  @TempDir Path directory;

  private final FaultFiles files = new FaultFiles();
  private final List<Throwable> fatal = new ArrayList<>();

  private NodeHost open() throws IOException {
    JournalConfig journal =
        JournalConfig.in(JournalDriver.DIRECTORY)
            .files(files)
            .fsync(FsyncMode.NO)
            .reserveBytes(4_000)
            .withoutThread();
    return NodeHost.open(
        new NodeHost.Options(
            directory,
            4,
            journal,
            TieredStore::open,
            new NodeHost.Memory(64 << 20, 8 << 20, 64 << 20),
            new NodeHost.Checkpoints(1 << 28, 60_000, false, 0),
            () -> 1_000,
            false,
            fatal::add),
        List.of(new ModuleHost(new Notes())));
  }

  private static long append(NodeHost host, String text) {
    DepotLog log = host.depotLog();
    byte[] body = NOTE.encode(new Note(text), EventFormat.JSON);
    DepotEvent event = new DepotEvent(NOTE.id(), NOTE.version(), 0, null, body);
    return log.append(number(host), 0, List.of(event), AppendAck.APPENDED).join();
  }

  private static int number(NodeHost host) {
    return Objects.requireNonNull(host.depotId("notes/notes"));
  }

  private static int count(NodeHost host) throws IOException {
    int count = 0;
    try (DepotReader reader = host.depotLog().open(number(host), 0, 0)) {
      while (reader.next() != null) {
        count++;
      }
    }
    return count;
  }

  @Test
  void writesAreRefusedReadsGoOnAndWritesAreTakenAgainByThemselves() throws IOException {
    try (Quiet quiet = new Quiet()) {
      int appended = 0;
      try (NodeHost host = open()) {
        Journal journal = host.node().journal();
        journal.retryFull();
        files.capacity(files.used() + 3_000);
        while (!journal.full()) {
          append(host, "note " + appended++);
        }
        assertThat(appended).isPositive();
        assertThatThrownBy(() -> append(host, "refused"))
            .hasCauseInstanceOf(NoSpaceException.class);
        assertThat(journal.released()).isEqualTo(journal.appended());
        assertThat(count(host)).isEqualTo(appended);
        files.capacity(Long.MAX_VALUE);
        journal.retryFull();
        append(host, "again");
        appended++;
      }
      try (NodeHost host = open()) {
        assertThat(count(host)).isEqualTo(appended);
      }
    }
    assertThat(fatal).isEmpty();
  }

  @Test
  void aStopWithoutRoomForTheCopiesOfDepotsIsAnOrderlyOne() throws IOException {
    try (Quiet quiet = new Quiet()) {
      try (NodeHost host = open()) {
        for (int i = 0; i < 50; i++) {
          append(host, "note " + i);
        }
        files.capacity(files.used());
      }
      files.capacity(Long.MAX_VALUE);
      try (NodeHost host = open()) {
        assertThat(count(host)).isEqualTo(50);
      }
    }
    assertThat(fatal).isEmpty();
  }
}
