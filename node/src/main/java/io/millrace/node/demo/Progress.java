package io.millrace.node.demo;

import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Progress of a long piece of work: a bar on a terminal, a plain line every few seconds elsewhere.
 * Full is shown only when it is done.
 */
public final class Progress implements AutoCloseable {
  private static final long LINE_NANOS = 3_000_000_000L;

  private final PrintStream out;
  private final String task;
  private final long total;
  private final long startedAt = System.nanoTime();
  private final @Nullable ProgressBar bar;
  private long lastLineAt = startedAt;
  private long lastDone;

  private Progress(PrintStream out, String task, long total, boolean terminal) {
    this.out = out;
    this.task = task;
    this.total = total;
    bar =
        terminal
            ? new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(250)
                .showSpeed()
                .build()
            : null;
  }

  /** Starts; chooses the form by what standard error is. */
  public static Progress start(String task, long total) {
    var console = System.console();
    return new Progress(System.err, task, total, console != null && console.isTerminal());
  }

  static Progress plain(PrintStream out, String task, long total) {
    return new Progress(out, task, total, false);
  }

  /** So much is done by now. */
  public void done(long done) {
    if (bar != null) {
      bar.stepTo(done);
      return;
    }
    var now = System.nanoTime();
    if (now - lastLineAt >= LINE_NANOS) {
      line(done, now);
    }
  }

  private void line(long done, long now) {
    var seconds = (now - startedAt) / 1e9;
    var rate = done / Math.max(seconds, 1e-3);
    var left = rate > 0 ? (total - done) / rate : 0;
    var state = done == lastDone ? "stalled" : String.format(Locale.ROOT, "%.0f s left", left);
    out.printf(Locale.ROOT, "%s: %,d of %,d, %,.0f/s, %s%n", task, done, total, rate, state);
    lastLineAt = now;
    lastDone = done;
  }

  /** How long it has taken, in seconds. */
  public double seconds() {
    return (System.nanoTime() - startedAt) / 1e9;
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
