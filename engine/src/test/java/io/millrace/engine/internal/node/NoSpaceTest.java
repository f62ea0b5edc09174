package io.millrace.engine.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.DepotClient;
import io.millrace.engine.depot.DepotReader;
import io.millrace.engine.depot.NoSpaceException;
import io.millrace.engine.internal.client.ModuleClients;
import io.millrace.engine.internal.file.FaultFiles;
import io.millrace.engine.internal.log.FsyncMode;
import io.millrace.engine.internal.log.Journal;
import io.millrace.engine.internal.log.JournalConfig;
import io.millrace.engine.internal.log.JournalDriver;
import io.millrace.engine.internal.log.Quiet;
import io.millrace.engine.internal.store.TieredStore;
import io.millrace.engine.internal.topology.ModuleHost;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node whose journal is on a disk that fills up. */
class NoSpaceTest {
  record Note(String text) {}

  private static final int TASKS = 4;

  static final class Notes implements EngineModule {
    @Override
    public void define(Definition def) {
      def.depot("notes", Note.class);
    }
  }

  @TempDir Path directory;

  private final FaultFiles files = new FaultFiles();
  private final List<Throwable> fatal = new ArrayList<>();
  private @Nullable DepotClient<Object> depot;

  private NodeHost open() throws IOException {
    JournalConfig journal =
        JournalConfig.in(JournalDriver.DIRECTORY)
            .files(files)
            .fsync(FsyncMode.NO)
            .reserveBytes(4_000)
            .withoutThread();
    ModuleHost module = new ModuleHost(new Notes());
    NodeHost host =
        NodeHost.open(
            new NodeHost.Options(
                directory,
                TASKS,
                journal,
                TieredStore::open,
                new NodeHost.Memory(64 << 20, 8 << 20, 64 << 20),
                new NodeHost.Checkpoints(1 << 28, 60_000, false, 0),
                () -> 1_000,
                false,
                fatal::add),
            List.of(module));
    depot =
        new ModuleClients(
                List.of(module),
                host.node(),
                TASKS,
                () -> {
                  throw new AssertionError("nothing is read at a cut here");
                })
            .depot("notes/notes");
    return host;
  }

  private void append(String text) {
    notes().append(new Note(text), AppendAck.APPENDED);
  }

  private DepotClient<Object> notes() {
    return Objects.requireNonNull(depot);
  }

  private static int number(NodeHost host) {
    return Objects.requireNonNull(host.depotId("notes/notes"));
  }

  private static int count(NodeHost host) throws IOException {
    int count = 0;
    for (int partition = 0; partition < TASKS; partition++) {
      try (DepotReader reader = host.depots().read(number(host), partition, 0)) {
        while (reader.next() != null) {
          count++;
        }
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
          append("note " + appended++);
        }
        assertThat(appended).isPositive();
        assertThatThrownBy(() -> append("refused")).isInstanceOf(NoSpaceException.class);
        assertThat(journal.released()).isEqualTo(journal.appended());
        assertThat(count(host)).isEqualTo(appended);
        files.capacity(Long.MAX_VALUE);
        journal.retryFull();
        append("again");
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
          append("note " + i);
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
