package io.millrace.benchmarks.resp;

import io.millrace.benchmarks.NanosPerCall;
import io.millrace.node.MillraceNode;
import io.millrace.node.config.ConfigLoader;
import io.millrace.resp.protocol.RequestEncoder;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One command on its whole way in a node of this process, per command: socket, decoder, lane turn,
 * keyspace, store, journal and reply. A long pipeline makes the system calls small beside the rest.
 */
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
      "-Dio.netty.leakDetection.level=disabled",
      "-Xmx2g"
    })
public class KeyspaceBenchmark extends NanosPerCall {
  private static final int PIPELINE = 500;
  private static final int KEYS = 100_000;
  private static final int PIPELINES = 64;

  /** A command; its key, field, member and value stand where their letters are. */
  @Param({"GET K", "SET K V", "INCR N", "HSET h F V", "RPUSH l V", "SADD s F", "ZADD z 1 F"})
  public String command = "GET K";

  private final SplittableRandom random = new SplittableRandom(1);
  private final byte[][] pipelines = new byte[PIPELINES][];
  private final byte[] in = new byte[64 << 10];
  private Path directory = Path.of(".");
  private @Nullable MillraceNode node;
  private @Nullable Socket socket;
  private int next;

  /** Starts the node and fills the strings. */
  @Setup(Level.Trial)
  public void start() throws IOException {
    directory = Files.createTempDirectory("millrace-keyspace");
    int port = freePort();
    List<String> settings =
        List.of("--dir", directory.toString(), "--port", Integer.toString(port), "--lanes", "1");
    List<String> doors = List.of("--sql-port", "0", "--http-port", "0", "--hot-memory", "512mb");
    node =
        MillraceNode.start(
            ConfigLoader.load(
                java.util.stream.Stream.concat(settings.stream(), doors.stream()).toList(),
                Map.of()),
            code -> {},
            code -> {});
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    fill("SET K V");
    for (int i = 0; i < KEYS / PIPELINE; i++) {
      run();
    }
    fill(command);
  }

  private static int freePort() throws IOException {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private void fill(String template) {
    String[] words = template.split(" ");
    for (int p = 0; p < PIPELINES; p++) {
      var encoder = new RequestEncoder();
      for (int i = 0; i < PIPELINE; i++) {
        encoder.begin(words.length);
        for (String word : words) {
          encoder.argument(argument(word));
        }
      }
      pipelines[p] = Arrays.copyOf(encoder.array(), encoder.size());
    }
  }

  private String argument(String word) {
    int number = random.nextInt(KEYS);
    return switch (word) {
      case "K" -> "key:" + (100_000_000 + number);
      case "N" -> "number:" + (100_000_000 + number);
      case "F" -> "field:" + (100_000_000 + number);
      case "V" -> "x".repeat(64);
      default -> word;
    };
  }

  /** Sends a pipeline and reads all its replies. */
  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public int run() throws IOException {
    var connection = java.util.Objects.requireNonNull(socket);
    connection.getOutputStream().write(pipelines[next]);
    next = (next + 1) % PIPELINES;
    return awaitReplies(connection.getInputStream());
  }

  /** Values hold no line feed, so each line ends a reply, but for the first line of a bulk. */
  private int awaitReplies(InputStream from) throws IOException {
    int replies = 0;
    int bytes = 0;
    boolean lineStart = true;
    boolean header = false;
    while (replies < PIPELINE) {
      int n = from.read(in);
      if (n < 0) {
        throw new EOFException("the node has closed the connection");
      }
      bytes += n;
      for (int i = 0; i < n; i++) {
        if (lineStart) {
          header = in[i] == '$' && !(i + 1 < n && in[i + 1] == '-');
          lineStart = false;
        } else if (in[i] == '\n') {
          lineStart = true;
          replies += header ? 0 : 1;
        }
      }
    }
    return bytes;
  }

  /** Stops the node. */
  @TearDown(Level.Trial)
  public void stop() throws IOException {
    if (socket != null) {
      socket.close();
    }
    if (node != null) {
      node.close();
    }
    try (var files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
    }
  }
}
