package io.millrace.engine.internal.node;

import io.millrace.engine.health.DiskStatus;
import io.millrace.engine.health.HealthFact;
import io.millrace.engine.health.HealthFact.Severity;
import io.millrace.engine.internal.log.Journal;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps room for the next checkpoint: writes are refused before it could no longer be written,
 * because only a checkpoint gives the journal's space back. A thread of the background looks; any
 * thread may ask.
 */
final class DiskWatch {
  private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);
  private static final long LEAST = 1 << 20;
  private static final long MOST = 8 << 20;
  private static final long LARGEST_MERGE = 4L << 30;
  private static final long TABLES_NANOS = 50_000_000;
  private static final long SAY_NANOS = 10_000_000_000L;

  /** Part of the file system that is always left. */
  private static final int SHARE = 64;

  private final Path directory;
  private final Journal journal;
  private final Tables tables;

  /** Not before the first look: what a merge at the start takes, the first checkpoint lacks. */
  private boolean merging;

  private long lookedAtTables;
  private long said;
  private volatile boolean tight;
  private volatile long free = Long.MAX_VALUE;
  private volatile long needed;
  private volatile boolean running;
  private volatile long lastMs = System.currentTimeMillis();
  private volatile long failedSinceMs;
  private volatile String failure = "";
  private volatile boolean lackedRoom;
  private @Nullable FileStore store;

  /**
   * A watch that has not looked yet.
   *
   * @param tables what else writes on the disk
   */
  DiskWatch(Path directory, Journal journal, Tables tables) {
    this.directory = directory;
    this.journal = journal;
    this.tables = tables;
  }

  /** What writes on the disk beside the journal. */
  interface Tables {
    /** Bytes that the next checkpoint and the copies of depots may write. */
    long unsaved();

    /** Bytes of the tables there are. */
    default long bytes() {
      return 0;
    }

    /** Whether tables may be merged from now on. */
    default void mayMerge(boolean allowed) {}
  }

  /** Looks at the file system. */
  synchronized void look() {
    try {
      FileStore known = store;
      if (known == null) {
        known = Files.getFileStore(directory);
        store = known;
      }
      long floor = Math.clamp(known.getTotalSpace() / SHARE, LEAST, MOST) + LEAST;
      long bytes = tables.unsaved();
      free = known.getUsableSpace();
      // What a checkpoint under way has written is gone already: it was seen to fit.
      needed = running ? floor : floor + bytes + (bytes >> 1);
    } catch (IOException e) {
      LOG.debug("The free space of {} is not known", directory, e);
      return;
    }
    decide();
    decideMerging();
  }

  /** A merge takes at most as much room as there are tables, or as the largest one takes. */
  private void decideMerging() {
    long now = System.nanoTime();
    if (lookedAtTables != 0 && now - lookedAtTables < TABLES_NANOS) {
      return;
    }
    lookedAtTables = now;
    long room = Math.min(tables.bytes(), LARGEST_MERGE);
    boolean fits = free >= needed + (merging ? room : room + (room >> 2));
    if (fits != merging) {
      merging = fits;
      tables.mayMerge(fits);
      LOG.debug("Tables are {}merged: free={} needed={}", fits ? "" : "not ", free, needed + room);
    }
  }

  private void decide() {
    boolean before = tight;
    boolean enough = free >= (before ? needed + (needed >> 3) : needed);
    boolean now = lackedRoom || !enough;
    if (now != before) {
      tight = now;
      // At the edge it goes to and fro with each checkpoint.
      long nanos = System.nanoTime();
      if (said != 0 && nanos - said < SAY_NANOS) {
        return;
      }
      said = nanos;
      if (now) {
        LOG.warn(
            "Writes are refused: the disk has room for the next checkpoint only, free={} needed={}",
            free,
            needed);
      } else {
        LOG.info("The disk has room again: free={} needed={}", free, needed);
      }
    }
  }

  /** True while writes must be refused so that a checkpoint keeps its room. */
  boolean tight() {
    return tight;
  }

  /** True when the last checkpoint failed for lack of room: one that succeeds must end that. */
  boolean lacksRoom() {
    return lackedRoom;
  }

  /** Whether so many bytes can be taken without touching the room of the next checkpoint. */
  boolean spares(long bytes) {
    return !lackedRoom && free - bytes >= needed;
  }

  /** A checkpoint begins. */
  void begins() {
    running = true;
  }

  /** A checkpoint has become durable. */
  void succeeded() {
    running = false;
    lastMs = System.currentTimeMillis();
    failedSinceMs = 0;
    failure = "";
    lackedRoom = false;
  }

  /** A checkpoint has failed; the last one stands. */
  void failed(Throwable cause, boolean forLackOfRoom) {
    running = false;
    if (failedSinceMs == 0) {
      failedSinceMs = System.currentTimeMillis();
    }
    String message = cause.getMessage();
    failure = message == null ? cause.getClass().getSimpleName() : message;
    lackedRoom = forLackOfRoom;
  }

  /** The figures of now. */
  DiskStatus status() {
    return new DiskStatus(
        tight || journal.full(),
        journal.reserveHeld(),
        free == Long.MAX_VALUE ? 0 : free,
        needed,
        lastMs,
        running,
        failedSinceMs,
        failure);
  }

  /** The same for probes and metrics. */
  List<HealthFact> facts() {
    DiskStatus now = status();
    return List.of(full(now), reserve(now), room(now), checkpoint(now));
  }

  private HealthFact full(DiskStatus now) {
    if (!now.refusing()) {
      return HealthFact.good("disk_full", "the journal has room");
    }
    String what =
        journal.full()
            ? "the disk is full: writes wait or are refused, reads go on"
            : "the disk has room for the next checkpoint only: writes are refused, reads go on";
    return new HealthFact("disk_full", Severity.NOT_READY, what + "; make room in " + directory, 1);
  }

  private static HealthFact reserve(DiskStatus now) {
    return now.reserveHeld()
        ? HealthFact.good("journal_reserve", "the space kept back for the journal is there")
        : new HealthFact(
            "journal_reserve",
            Severity.WARNING,
            "the space kept back for the journal is in use or not taken yet",
            1);
  }

  private HealthFact room(DiskStatus now) {
    String text = now.freeBytes() + " bytes free, a checkpoint may need " + now.neededBytes();
    boolean little = now.freeBytes() > 0 && now.freeBytes() < 2 * now.neededBytes();
    return new HealthFact(
        "disk_free_bytes",
        little ? Severity.WARNING : Severity.GOOD,
        little ? text + "; make room in " + directory : text,
        now.freeBytes());
  }

  private static HealthFact checkpoint(DiskStatus now) {
    if (now.failedSinceMs() == 0) {
      return HealthFact.good("checkpoint_failed", "checkpoints succeed");
    }
    Instant since = Instant.ofEpochMilli(now.failedSinceMs()).truncatedTo(ChronoUnit.SECONDS);
    return new HealthFact(
        "checkpoint_failed",
        Severity.WARNING,
        "checkpoints fail since " + since + ", the journal is kept: " + now.failure(),
        1);
  }
}
