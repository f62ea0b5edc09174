package io.millrace.benchmarks.side;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Open-loop latency: commands are due at fixed times and latency counts from the intended time, so
 * a server that stalls is charged for every command that had to wait. Half SET, half GET.
 *
 * <p>Usage: {@code OpenLoop <commands per second> <seconds> "<millrace command>"}.
 */
public final class OpenLoop {
  private static final int CONNECTIONS = 8;
  private static final int KEYS = 100_000;
  private static final int BACKLOG = 1 << 16;
  private static final long HIGHEST_US = 60_000_000;

  private OpenLoop() {}

  /** Entry point; see class documentation. */
  public static void main(String[] args) throws Exception {
    int rate = Integer.parseInt(args[0]);
    int seconds = Integer.parseInt(args[1]);
    Path dir = Files.createTempDirectory("millrace-latency");
    try (ServerProcess redis = Peers.redis(dir.resolve("redis"), "0")) {
      report(redis, rate, seconds);
    }
    try (ServerProcess millrace =
        Peers.millrace("millrace", args[2], dir.resolve("millrace"), "0")) {
      report(millrace, rate, seconds);
    }
  }

  private static void report(ServerProcess server, int rate, int seconds) throws Exception {
    run(server.port(), rate, Math.max(5, seconds / 3));
    Histogram latency = run(server.port(), rate, seconds);
    System.out.printf(
        "| %-8s | %d/s | p50 %d us | p99 %d us | p99.9 %d us | max %d us | %d commands |%n",
        server.name(),
        rate,
        latency.getValueAtPercentile(50),
        latency.getValueAtPercentile(99),
        latency.getValueAtPercentile(99.9),
        latency.getMaxValue(),
        latency.getTotalCount());
  }

  /** Runs the load and returns latencies in microseconds from the intended start times. */
  static Histogram run(int port, int rate, int seconds) throws InterruptedException {
    Histogram latency = new ConcurrentHistogram(HIGHEST_US, 3);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      int lane = i;
      threads.add(
          Thread.ofPlatform()
              .start(() -> connection(port, rate / CONNECTIONS, seconds, lane, latency)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return latency;
  }

  private static void connection(
      int port, int perSecond, int seconds, int lane, Histogram latency) {
    BlockingQueue<Long> due = new ArrayBlockingQueue<>(BACKLOG);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      Thread reader = Thread.ofPlatform().start(() -> read(socket, due, latency));
      OutputStream out = socket.getOutputStream();
      SplittableRandom random = new SplittableRandom(lane);
      long start = System.nanoTime();
      long total = (long) perSecond * seconds;
      for (long i = 0; i < total; i++) {
        long intended = start + i * 1_000_000_000L / perSecond;
        for (long left = intended - System.nanoTime(); left > 0; ) {
          LockSupport.parkNanos(left);
          left = intended - System.nanoTime();
        }
        due.put(intended);
        out.write(command(random));
      }
      due.put(-1L);
      reader.join();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] command(SplittableRandom random) {
    String key = String.format("key:%012d", random.nextInt(KEYS));
    String text =
        random.nextBoolean()
            ? "*3\r\n$3\r\nSET\r\n$16\r\n" + key + "\r\n$64\r\n" + "x".repeat(64) + "\r\n"
            : "*2\r\n$3\r\nGET\r\n$16\r\n" + key + "\r\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void read(Socket socket, BlockingQueue<Long> due, Histogram latency) {
    try {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (long intended = due.take(); intended >= 0; intended = due.take()) {
        answer(in);
        latency.recordValue(Math.min(HIGHEST_US, (System.nanoTime() - intended) / 1_000));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(InputStream in) throws IOException {
    int first = in.read();
    int length = 0;
    boolean negative = false;
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("connection closed");
      }
      if (b == '-') {
        negative = true;
      } else if (b != '\r' && first == '$') {
        length = length * 10 + b - '0';
      }
    }
    if (first == '$' && !negative) {
      in.skipNBytes(length + 2);
    }
  }
}
