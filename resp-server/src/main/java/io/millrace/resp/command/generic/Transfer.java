package io.millrace.resp.command.generic;

import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Watches;
import io.millrace.resp.protocol.RequestEncoder;
import io.millrace.resp.session.Session;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Sends dumped keys to another server, on a thread of its own, without any lock. */
final class Transfer implements Session.Work {
  /** One key with its payload. */
  static final class Sent implements Watches.Watcher {
    final byte[] key;
    private final Watches.Name name;
    private final byte[] payload;
    private final long expireAtMs;
    private boolean stored;
    private boolean changed;

    Sent(Key of, byte[] payload) {
      this.key = of.bytes();
      this.name = new Watches.Name(of.database().index(), key);
      this.payload = payload;
      this.expireAtMs = of.ref.expireAtMs;
    }

    /** True when the target has confirmed it. */
    boolean stored() {
      return stored;
    }

    /** True when it was changed after it was dumped. */
    boolean changed() {
      return changed;
    }

    @Override
    public void touched() {
      changed = true;
    }
  }

  private static final int LONGEST_LINE = 64 << 10;
  private static final int CHUNK = 64 << 10;

  private final String host;
  private final int port;
  private final MigrateOptions options;
  private final long nowMs;
  private final List<Sent> keys = new ArrayList<>();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final AtomicInteger chunks = new AtomicInteger();
  private volatile boolean written;
  private @Nullable String error;

  /**
   * Prepares to send to a server.
   *
   * @param nowMs the time that lives are counted from
   */
  Transfer(String host, int port, MigrateOptions options, long nowMs) {
    this.host = host;
    this.port = port;
    this.options = options;
    this.nowMs = nowMs;
  }

  void add(Key key, byte[] payload) {
    keys.add(new Sent(key, payload));
  }

  void watch(Watches watches) {
    keys.forEach(key -> watches.add(key.name, key));
  }

  @Override
  public void forget(Watches watches) {
    keys.forEach(key -> watches.remove(key.name, key));
  }

  List<Sent> keys() {
    return keys;
  }

  MigrateOptions options() {
    return options;
  }

  /** Text of the error reply, or null; once {@link #start} is done. */
  @Nullable String error() {
    return error;
  }

  CompletableFuture<Void> start() {
    Thread.ofVirtual().name("migrate").start(this::run);
    return done;
  }

  private void run() {
    try (var socket = new Socket()) {
      if (connect(socket)) {
        exchange(socket);
      }
    } catch (IOException | RuntimeException broken) {
      fail("IOERR error or timeout reading to target instance");
    } finally {
      done.complete(null);
    }
  }

  private boolean connect(Socket socket) {
    try {
      socket.connect(new InetSocketAddress(host, port), options.timeoutMs());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(options.timeoutMs());
      return true;
    } catch (SocketTimeoutException | UnknownHostException unreachable) {
      fail("IOERR error or timeout connecting to the client");
      return false;
    } catch (IOException | RuntimeException refused) {
      // Redis learns of a refused connection when it writes.
      fail("IOERR error or timeout writing to target instance");
      return false;
    }
  }

  private void exchange(Socket socket) throws IOException {
    try {
      watchWriting(socket, chunks.get());
      var out = socket.getOutputStream();
      login(out);
      send(out);
    } catch (IOException broken) {
      fail("IOERR error or timeout writing to target instance");
      return;
    } finally {
      written = true;
    }
    var in = new BufferedInputStream(socket.getInputStream());
    boolean refused = options.password() != null && refused(in);
    refused |= refused(in);
    for (var key : keys) {
      key.stored = !refused(in) && !refused;
    }
  }

  private void login(OutputStream out) throws IOException {
    var text = new RequestEncoder();
    var password = options.password();
    if (password != null) {
      var user = options.user();
      text.begin(user == null ? 2 : 3);
      text.argument("AUTH");
      if (user != null) {
        latin(text, user);
      }
      latin(text, password);
    }
    text.begin(2);
    text.argument("SELECT");
    text.argument(options.database());
    out.write(text.array(), 0, text.size());
  }

  private static void latin(RequestEncoder text, String word) {
    var bytes = word.getBytes(StandardCharsets.ISO_8859_1);
    text.argument(bytes, 0, bytes.length);
  }

  private void send(OutputStream out) throws IOException {
    var text = new RequestEncoder();
    for (var key : keys) {
      text.clear();
      text.begin(options.replace() ? 5 : 4);
      text.argument("RESTORE");
      text.argument(key.key, 0, key.key.length);
      text.argument(key.expireAtMs == 0 ? 0 : Math.max(1, key.expireAtMs - nowMs));
      text.argument(key.payload, 0, key.payload.length);
      if (options.replace()) {
        text.argument("REPLACE");
      }
      for (int at = 0; at < text.size(); at += CHUNK) {
        out.write(text.array(), at, Math.min(CHUNK, text.size() - at));
        chunks.incrementAndGet();
      }
    }
    out.flush();
  }

  /** Closes the socket when nothing can be written for too long: that has no time limit itself. */
  private void watchWriting(Socket socket, int seen) {
    CompletableFuture.delayedExecutor(options.timeoutMs(), TimeUnit.MILLISECONDS)
        .execute(() -> {
          if (written) {
            return;
          }
          if (chunks.get() > seen) {
            watchWriting(socket, chunks.get());
            return;
          }
          try {
            socket.close();
          } catch (IOException alreadyBroken) {
            // The writer will see it.
          }
        });
  }

  /** Reads one reply; true when it is an error, of which the first is kept. */
  private boolean refused(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.length() > LONGEST_LINE) {
        throw new EOFException("no reply");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    if (line.isEmpty() || line.charAt(0) != '-') {
      return false;
    }
    fail("ERR Target instance replied with error: " + line.substring(1));
    return true;
  }

  private void fail(String text) {
    if (error == null) {
      error = text;
    }
  }
}
