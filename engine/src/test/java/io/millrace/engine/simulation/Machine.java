package io.millrace.engine.simulation;

import io.millrace.engine.depot.Retention;
import io.millrace.engine.internal.client.ModuleClients;
import io.millrace.engine.internal.file.FaultFiles;
import io.millrace.engine.internal.log.FsyncMode;
import io.millrace.engine.internal.log.JournalConfig;
import io.millrace.engine.internal.node.NodeHost;
import io.millrace.engine.internal.runtime.HostedModule;
import io.millrace.engine.internal.stage.StageFaults;
import io.millrace.engine.internal.store.MemoryDisk;
import io.millrace.engine.internal.topology.ModuleHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Disks and clocks that outlive the node, and the node of the present life. */
final class Machine {
  private static final StageFaults NO_FAULTS = (topology, place, task) -> {};

  /** How the machine is set up, drawn from the seed. */
  record Setup(
      FsyncMode mode,
      int tasks,
      int segmentBytes,
      int hotBytes,
      int stagesPerRecord,
      Retention retention,
      boolean keepJournal) {
    static Setup of(FsyncMode mode, SplittableRandom random) {
      return new Setup(
          mode,
          1 << random.nextInt(3),
          600 + random.nextInt(4000),
          random.nextInt(4) == 0 ? 20_000 : 1 << 20,
          random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 1024,
          random.nextInt(2) == 0 ? Retention.FOREVER : new Retention(0, 0, 8 + random.nextInt(30)),
          random.nextInt(3) == 0);
    }
  }

  final FaultFiles files;
  final MemoryDisk disk;
  final Setup setup;
  final Words words = new Words();
  private final Path directory;
  private final List<Throwable> fatal = new ArrayList<>();
  long nanos = 5_000_000_000L;
  long clockMs = 1_700_000_000_000L;
  private @Nullable NodeHost host;
  private @Nullable ModuleClients modules;

  Machine(Path directory, Setup setup, FaultFiles files) {
    this.directory = directory;
    this.setup = setup;
    this.files = files;
    this.disk = new MemoryDisk(files);
  }

  /** Starts the node; throws what a start throws. */
  void start() throws IOException {
    JournalConfig journal =
        JournalConfig.in(directory.resolve("journal"))
            .files(files)
            .fsync(setup.mode)
            .segmentBytes(setup.segmentBytes)
            .buffer(1 << 14, 1500)
            .reserveBytes(0)
            .nanoClock(() -> nanos)
            .withoutThread();
    List<HostedModule> hosted = new ArrayList<>(NodeHost.natives(List.of(words)));
    hosted.add(
        new ModuleHost(
            new Bank(setup.retention), new ModuleHost.Options(setup.stagesPerRecord, NO_FAULTS)));
    NodeHost opened =
        NodeHost.open(
            new NodeHost.Options(
                directory,
                setup.tasks,
                journal,
                disk.opener(),
                new NodeHost.Memory(setup.hotBytes, 1 << 20, 64 << 20),
                new NodeHost.Checkpoints(1 << 30, Long.MAX_VALUE, setup.keepJournal, 0),
                () -> clockMs,
                false,
                fatal::add),
            hosted);
    host = opened;
    modules =
        new ModuleClients(
            hosted,
            opened.node(),
            setup.tasks,
            () -> {
              throw new UnsupportedOperationException("the simulation reads with the lock held");
            });
  }

  NodeHost host() {
    NodeHost running = host;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }

  ModuleClients modules() {
    ModuleClients known = modules;
    if (known == null) {
      throw new IllegalStateException("not started");
    }
    return known;
  }

  /** The process is gone; with the power, also what no disk was forced to keep. */
  void end(boolean power, SplittableRandom random) throws IOException {
    NodeHost running = host;
    host = null;
    modules = null;
    if (power) {
      files.powerCut(random);
    } else {
      files.kill();
    }
    disk.cut(random);
    if (running != null) {
      running.abandon();
    }
  }

  /** Another machine that has nothing but the journal and the FORMAT file of this one. */
  Machine refold(Path elsewhere) {
    FaultFiles copy = new FaultFiles();
    for (Path path : files.paths()) {
      Path name = directory.relativize(path);
      if (name.startsWith("archive")) {
        copy.put(elsewhere.resolve("journal").resolve(name.getFileName()), files.bytes(path));
      } else if (name.startsWith("journal") || name.toString().equals("FORMAT")) {
        copy.put(elsewhere.resolve(name), files.bytes(path));
      }
    }
    return new Machine(elsewhere, setup, copy);
  }
}
