package io.millrace.benchmarks.side;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs tests of {@code redis-benchmark} against {@code redis-server} and Millrace in alternating
 * rounds and prints the ratio table of DESIGN 11: throughput, and server CPU per command as the
 * operating system counts it (a ratio above 1 means Millrace needs less CPU).
 *
 * <p>Usage: {@code SideBySide --launch "<millrace command>" [--tests set,get] [--pipelines 1,16]
 * [--rounds 5] [--requests 1000000] [--clients 50] [--size 64] [--keys 100000] [--cores 0]
 * [--client-cores 1] [--against "<command>"]}. In the launch command {@code {port}} and {@code
 * {dir}} are replaced. The peer is {@code redis-server}, or what {@code --against} starts: an
 * earlier Millrace shows what a change costs.
 */
public final class SideBySide {
  private static final int WARM_ROUNDS = 2;

  private final Map<String, String> options;
  private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

  /** One run of one test against one server. */
  private record Sample(double perSecond, double cpuMicros, double bytes) {}

  private SideBySide(Map<String, String> options) {
    this.options = options;
  }

  /** Entry point; see class documentation. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("tests", "set,get,incr");
    options.put("pipelines", "1,16");
    options.put("rounds", "5");
    options.put("requests", "500000");
    options.put("clients", "50");
    options.put("size", "64");
    options.put("keys", "100000");
    options.put("cores", "0");
    options.put("client-cores", "1");
    for (int i = 0; i + 1 < args.length; i += 2) {
      options.put(args[i].replaceFirst("^--", ""), args[i + 1]);
    }
    if (!options.containsKey("launch")) {
      System.err.println("--launch \"command with {port} and {dir}\" is needed");
      Runtime.getRuntime().halt(2);
    }
    new SideBySide(options).run();
  }

  private String option(String name) {
    return Objects.requireNonNull(options.get(name), name);
  }

  private void run() throws IOException, InterruptedException {
    Path dir = Files.createTempDirectory("millrace-side");
    try (ServerProcess peer = peer(dir.resolve("peer"));
        ServerProcess millrace =
            Peers.millrace("millrace", option("launch"), dir.resolve("it"), option("cores"))) {
      for (String pipeline : option("pipelines").split(",")) {
        for (String test : option("tests").split(",")) {
          measure(test, Integer.parseInt(pipeline), peer, millrace);
        }
      }
      System.out.printf(
          "%nmemory now: %s %d MiB, millrace %d MiB%n",
          peer.name(), peer.residentBytes() >> 20, millrace.residentBytes() >> 20);
    }
  }

  private ServerProcess peer(Path dir) throws IOException {
    String against = options.get("against");
    return against == null
        ? Peers.redis(dir, option("cores"))
        : Peers.millrace("before", against, dir, option("cores"));
  }

  private void measure(String test, int pipeline, ServerProcess peer, ServerProcess millrace)
      throws IOException, InterruptedException {
    samples.clear();
    int rounds = Integer.parseInt(option("rounds"));
    for (int i = 0; i < WARM_ROUNDS; i++) {
      bench(millrace, test, pipeline);
      bench(peer, test, pipeline);
    }
    for (int round = 0; round < rounds; round++) {
      record(peer, bench(peer, test, pipeline));
      record(millrace, bench(millrace, test, pipeline));
    }
    Sample r = median(Objects.requireNonNull(samples.get(peer.name())));
    Sample m = median(Objects.requireNonNull(samples.get("millrace")));
    System.out.printf(
        "| %-14s | P=%-3d | %9.0f | %9.0f | %5.2f | %7.2f | %7.2f | %5.2f | %6.0f | %6.0f |%n",
        test,
        pipeline,
        r.perSecond,
        m.perSecond,
        m.perSecond / r.perSecond,
        r.cpuMicros,
        m.cpuMicros,
        r.cpuMicros / m.cpuMicros,
        r.bytes,
        m.bytes);
  }

  private void record(ServerProcess server, Sample sample) {
    samples.computeIfAbsent(server.name(), name -> new ArrayList<>()).add(sample);
  }

  private Sample bench(ServerProcess server, String test, int pipeline)
      throws IOException, InterruptedException {
    long requests = Long.parseLong(option("requests")) * (pipeline > 1 ? 4 : 1);
    List<String> command =
        List.of(
            "taskset",
            "-c",
            option("client-cores"),
            "redis-benchmark",
            "-p",
            Integer.toString(server.port()),
            "-t",
            test,
            "-n",
            Long.toString(requests),
            "-c",
            option("clients"),
            "-d",
            option("size"),
            "-r",
            option("keys"),
            "-P",
            Integer.toString(pipeline),
            "--csv");
    double cpuBefore = server.cpuSeconds();
    long bytesBefore = server.writtenBytes();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    double perSecond = 0;
    int tests = 0;
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] cells = line.split("\",\"");
        if (cells.length > 2 && !cells[1].contains("rps")) {
          perSecond += Double.parseDouble(cells[1].replace("\"", ""));
          tests++;
        }
      }
    }
    if (process.waitFor() != 0 || tests == 0) {
      throw new IOException("redis-benchmark failed: " + String.join(" ", command));
    }
    double commands = (double) requests * tests;
    return new Sample(
        perSecond / tests,
        (server.cpuSeconds() - cpuBefore) * 1e6 / commands,
        (server.writtenBytes() - bytesBefore) / commands);
  }

  private static Sample median(List<Sample> all) {
    return new Sample(
        all.stream().mapToDouble(Sample::perSecond).sorted().toArray()[all.size() / 2],
        all.stream().mapToDouble(Sample::cpuMicros).sorted().toArray()[all.size() / 2],
        all.stream().mapToDouble(Sample::bytes).sorted().toArray()[all.size() / 2]);
  }
}
