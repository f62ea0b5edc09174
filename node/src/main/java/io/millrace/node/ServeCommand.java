package io.millrace.node;

import io.millrace.node.config.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves until it is told to stop: by a signal, by a client, or by a failure of the engine. */
final class ServeCommand {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  private final IntConsumer halt;
  private final Runnable afterwards;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicBoolean starting = new AtomicBoolean();
  private volatile int exitCode = ExitCode.OK;
  private volatile @Nullable MillraceNode started;

  /** Work to do once the node is ready. */
  interface Task {
    /** Returns true when the node shall end, false when it shall serve. */
    boolean run(MillraceNode node);
  }

  /**
   * Prepares.
   *
   * @param halt ends the process at once, with the exit code the shutdown has come to
   * @param afterwards runs when the node is closed, however that came
   */
  ServeCommand(IntConsumer halt, Runnable afterwards) {
    this.halt = halt;
    this.afterwards = afterwards;
  }

  /** Serves until told to stop. */
  int run(NodeConfig config) {
    return run(config, node -> false);
  }

  /** Does something first, then serves, or ends. */
  int run(NodeConfig config, Task task) {
    NodeLogging.apply(config);
    LOG.info(
        "Millrace {} starting, pid={}, dir={}",
        Version.text(),
        ProcessHandle.current().pid(),
        config.directory());
    if (config.passwordOnCommandLine()) {
      LOG.warn(
          "The password was given on the command line, where every user of the machine sees it: use"
              + " --requirepass-file FILE or MILLRACE_REQUIREPASS");
    }
    var noted = config.withoutEffect();
    if (!noted.isEmpty()) {
      LOG.warn("Known from Redis, without effect here: {}", String.join(", ", noted));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> onSignal(config), "shutdown"));
    MillraceNode node;
    starting.set(true);
    try {
      node = MillraceNode.start(config, this::stop, halt);
      started = node;
    } finally {
      starting.set(false);
    }
    writePid(config);
    HeapRoom.watch();
    LOG.info("{}Ready to accept connections", node.doors());
    try {
      if (!task.run(node)) {
        stopped.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(node, config);
    }
    return exitCode;
  }

  /** A client asked for the end. */
  private void stop(int code) {
    exitCode = code;
    stopped.countDown();
  }

  /** SIGTERM and SIGINT end with what the shutdown came to, not with the number of the signal. */
  private void onSignal(NodeConfig config) {
    if (closed.getCount() == 0) {
      return;
    }
    var node = started;
    if (node == null) {
      if (!starting.get()) {
        return;
      }
      // Recovery changes nothing that the next one does not find again.
      LOG.info("Signal received during the start");
      halt.accept(ExitCode.OK);
      return;
    }
    LOG.info("Signal received, shutting down");
    close(node, config);
    // A client may have asked before: the process ends when that shutdown is done, not in it.
    awaitClosed();
    halt.accept(exitCode);
  }

  private void close(MillraceNode node, NodeConfig config) {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    Thread.ofPlatform().daemon().name("last-resort").start(() -> LastResort.watch(node, halt));
    try {
      node.close();
      LOG.info("Bye");
    } catch (RuntimeException e) {
      LOG.error("The shutdown failed", e);
      exitCode = ExitCode.FAILED;
    }
    try {
      removePid(config);
      afterwards.run();
    } finally {
      closed.countDown();
    }
  }

  private void awaitClosed() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void writePid(NodeConfig config) {
    var file = config.text("pidfile");
    if (!file.isEmpty()) {
      try {
        Files.writeString(Path.of(file), ProcessHandle.current().pid() + "\n");
      } catch (IOException e) {
        LOG.warn("Cannot write the pidfile {}: {}", file, e.toString());
      }
    }
  }

  private static void removePid(NodeConfig config) {
    var file = config.text("pidfile");
    if (!file.isEmpty()) {
      try {
        Files.deleteIfExists(Path.of(file));
      } catch (IOException e) {
        LOG.warn("Cannot remove the pidfile {}: {}", file, e.toString());
      }
    }
  }
}
