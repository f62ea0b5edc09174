package io.millrace.engine.faults;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.millrace.engine.faults.CallFaults.Plan;
import io.millrace.engine.internal.log.FsyncMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The process in which calls fail: {@code page root first stride [plan...]}. It prints one line for
 * each plan, and one for each wrong answer; the exit code is 0 when there was none.
 */
public final class FailedCallsRun {
  private final CallFaults faults;
  private final Path root;
  private int wrong;

  private FailedCallsRun(CallFaults faults, Path root) {
    this.faults = faults;
    this.root = root;
  }

  public static void main(String[] args) throws IOException {
    ((Logger) LoggerFactory.getLogger("io.millrace")).setLevel(Level.OFF);
    FailedCallsRun run = new FailedCallsRun(CallFaults.attach(Path.of(args[0])), Path.of(args[1]));
    int first = Integer.parseInt(args[2]);
    int stride = Integer.parseInt(args[3]);
    for (Plan plan : Plan.values()) {
      if (args.length == 4 || args[4].equals(plan.name())) {
        run.sweep(plan, first, stride);
      }
    }
    System.out.println("wrong " + run.wrong);
    System.out.flush();
    Runtime.getRuntime().halt(run.wrong == 0 ? 0 : 1);
  }

  private void sweep(Plan plan, int first, int stride) throws IOException {
    int runs = 0;
    int failedStarts = 0;
    int exits = 0;
    int n = first;
    long began = System.nanoTime();
    while (true) {
      FsyncMode mode = n % 2 == 0 ? FsyncMode.ALWAYS : FsyncMode.EVERYSEC;
      delete(root);
      FailingLife life = new FailingLife(root.resolve("data"), mode, n % 3 == 0);
      boolean reached;
      try {
        reached = one(plan, n, life);
        if (outcome != null) {
          exits++;
        }
        if (startFailed) {
          failedStarts++;
        }
      } catch (IOException | RuntimeException e) {
        faults.disarm();
        reached = true;
        wrong++;
        System.out.println("WRONG " + plan + " n=" + n + " " + mode + ": " + e);
        for (StackTraceElement at : e.getStackTrace()) {
          System.out.println("    " + at);
        }
        for (Throwable at = e.getCause(); at != null; at = at.getCause()) {
          System.out.println("  because " + at);
        }
        life.end(false);
      }
      if (!reached) {
        break;
      }
      runs++;
      n += stride;
    }
    System.out.printf(
        "%s: %d runs up to call %d, ended early %d (%d of them starts), %.0f ms a run%n",
        plan, runs, n, exits, failedStarts, (System.nanoTime() - began) / 1e6 / Math.max(1, runs));
  }

  private @Nullable Throwable outcome;
  private boolean startFailed;

  /** One life; false when the n-th call was not reached. */
  private boolean one(Plan plan, int n, FailingLife life) throws IOException {
    faults.arm(plan, n);
    outcome = life.live();
    startFailed = !life.started();
    boolean inOrder = n % 4 < 2 && outcome == null;
    if (inOrder && !plan.noSpace()) {
      life.end(true);
    }
    boolean reached = faults.failed() > 0 || faults.calls() >= n;
    faults.disarm();
    if (outcome != null && plan.harmless()) {
      throw new FailingLife.WrongAnswer("a part that is said ends it", outcome);
    }
    if (plan.noSpace() && life.started()) {
      if (outcome != null) {
        throw new FailingLife.WrongAnswer("a full disk ends it", outcome);
      }
      if (n % 5 != 0) {
        life.goOn();
      }
    }
    life.end(inOrder);
    life.startWhole("after the failure");
    life.anotherRound();
    life.end(n % 3 == 0);
    life.startWhole("after one more round");
    life.end(true);
    return reached;
  }

  static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> found = Files.walk(tree)) {
      for (Path file : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
