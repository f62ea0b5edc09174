package io.millrace.benchmarks.side;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Memory per key, (resident loaded - resident empty) / keys, of Redis and Millrace, all keys hot.
 * Both figures are VmRSS from /proc, both read {@value #SETTLE_SECONDS} seconds after the last
 * reply; Millrace has made a checkpoint in between. Usage: {@code MemoryPerKey <keys> "<millrace
 * command>"}.
 */
public final class MemoryPerKey {
  private static final int BATCH = 500;
  private static final int SETTLE_SECONDS = 15;
  private static final String VALUE = "x".repeat(64);

  private MemoryPerKey() {}

  /** Entry point; see class documentation. */
  public static void main(String[] args) throws Exception {
    long keys = Long.parseLong(args[0]);
    Path dir = Files.createTempDirectory("millrace-memory");
    try (ServerProcess redis = Peers.redis(dir.resolve("redis"), "0-1")) {
      report(redis, keys);
    }
    try (ServerProcess millrace =
        Peers.millrace("millrace", args[1], dir.resolve("millrace"), "0-1")) {
      report(millrace, keys);
    }
  }

  private static void report(ServerProcess server, long keys)
      throws IOException, InterruptedException {
    long empty = server.residentBytes();
    double cpu = server.cpuSeconds();
    load(server.port(), keys);
    if (server.name().equals("millrace")) {
      String saved = server.command("SAVE");
      if (!saved.equals("+OK")) {
        throw new IOException("no checkpoint: " + saved);
      }
    }
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    long loaded = server.residentBytes();
    System.out.printf(
        "| %-8s | %,d keys | empty %d MiB | loaded %d MiB | %.1f bytes per key | %.2f us CPU per"
            + " new key | DBSIZE %s |%n",
        server.name(),
        keys,
        empty >> 20,
        loaded >> 20,
        (loaded - empty) / (double) keys,
        (server.cpuSeconds() - cpu) * 1e6 / keys,
        server.command("DBSIZE"));
  }

  private static void load(int port, long keys) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      for (long from = 0; from < keys; from += BATCH) {
        long to = Math.min(keys, from + BATCH);
        for (long i = from; i < to; i++) {
          String text =
              String.format("*3\r\n$3\r\nSET\r\n$16\r\nkey:%012d\r\n$64\r\n%s\r\n", i, VALUE);
          out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        out.flush();
        in.skipNBytes((to - from) * "+OK\r\n".length());
      }
    }
  }
}
