package io.millrace.benchmarks.large;

import io.millrace.node.demo.EventSender;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Loads one kind of data in bursts; a burst that a kill interrupts is sent again. */
final class Loader implements Runnable {
  /** Sends and confirms the elements of a range. */
  interface Burst {
    void send(long from, long to) throws IOException;
  }

  final String what;
  final long total;
  private final int size;
  private final Server server;
  private final Burst burst;
  private volatile long done;
  private volatile @Nullable Throwable failure;

  Loader(String what, long total, int size, Server server, Burst burst) {
    this.what = what;
    this.total = total;
    this.size = size;
    this.server = server;
    this.burst = burst;
  }

  /** Elements whose storing was acknowledged. */
  long done() {
    return done;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public void run() {
    try {
      while (done < total) {
        step();
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
  }

  private void step() throws IOException {
    long to = Math.min(total, done + size);
    try {
      burst.send(done, to);
      done = to;
    } catch (IOException e) {
      server.awaitUp(e);
    }
  }

  static Loader strings(Server server, Oracle.Size size) {
    return resp(
        server,
        "strings",
        size.strings(),
        500,
        1,
        (pipe, i, to) -> pipe.begin(3).word("SET").word(Oracle.key(i)).word(Oracle.value(i)));
  }

  static Loader fields(Server server, Oracle.Size size) {
    return pairs(
        server,
        "hash fields",
        size.fields(),
        "HSET",
        Oracle.HASH,
        (pipe, f) -> pipe.word(Oracle.field(f)).word(Oracle.fieldValue(f)));
  }

  static Loader members(Server server, Oracle.Size size) {
    return pairs(
        server,
        "members",
        size.members(),
        "ZADD",
        Oracle.SORTED,
        (pipe, m) -> pipe.word(Long.toString(Oracle.score(m))).word(Oracle.member(m)));
  }

  static Loader policies(Server server, Oracle.Size size) {
    URI target =
        URI.create(
            "http://127.0.0.1:"
                + server.httpPort()
                + "/depots/policies/events/events?type=policy_issued");
    return new Loader(
        "policies",
        size.policies(),
        2000,
        server,
        (from, to) -> {
          try (EventSender sender = new EventSender(target, "")) {
            for (long i = from; i < to; i++) {
              sender.send(Oracle.policyEvent(i));
            }
            sender.flush();
          }
        });
  }

  /** Writes the command for the elements from {@code i} to below {@code to}. */
  private interface Command {
    void write(Pipe pipe, long i, long to) throws IOException;
  }

  /** Writes the two words of an element. */
  private interface Pair {
    void write(Pipe pipe, long element) throws IOException;
  }

  /** Loads a key of many elements, sixteen to a command. */
  private static Loader pairs(
      Server server, String what, long total, String command, String key, Pair pair) {
    return resp(
        server,
        what,
        total,
        320,
        16,
        (pipe, i, to) -> {
          pipe.begin(2 + 2 * (int) (to - i)).word(command).word(key);
          for (long element = i; element < to; element++) {
            pair.write(pipe, element);
          }
        });
  }

  private static Loader resp(
      Server server, String what, long total, int size, int perCommand, Command command) {
    @Nullable Pipe[] open = new @Nullable Pipe[1];
    return new Loader(
        what,
        total,
        size,
        server,
        (from, to) -> {
          Pipe pipe = open[0];
          if (pipe == null) {
            pipe = new Pipe(server.port());
            open[0] = pipe;
          }
          try {
            for (long i = from; i < to; i += perCommand) {
              command.write(pipe, i, Math.min(to, i + perCommand));
            }
            pipe.flush();
            for (long i = from; i < to; i += perCommand) {
              pipe.read();
            }
          } catch (IOException e) {
            open[0] = null;
            pipe.close();
            throw e;
          }
        });
  }
}
