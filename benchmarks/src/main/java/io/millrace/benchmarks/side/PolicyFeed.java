package io.millrace.benchmarks.side;

import io.millrace.node.demo.PolicyGenerator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Generated policy events on their way into a node over HTTP, one request after the other, so that
 * what a node holds is always a prefix of what was generated.
 */
final class PolicyFeed implements AutoCloseable {
  private static final int BULK_EVENTS = 10_000;
  private static final int SLICES_PER_SECOND = 20;
  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI target;
  private final PolicyGenerator generator;
  private final StringBuilder body = new StringBuilder();
  private volatile boolean stopped;
  private volatile long sent;
  private volatile long late;
  private volatile String token = "";

  PolicyFeed(int httpPort, long seed) {
    target = URI.create("http://127.0.0.1:" + httpPort + "/depots/policies/events/events");
    generator = new PolicyGenerator(seed);
  }

  /** Sends as fast as the node takes them. */
  void bulk(long events) throws IOException {
    for (var left = events; left > 0; left -= BULK_EVENTS) {
      send((int) Math.min(left, BULK_EVENTS), "appended");
    }
  }

  /** Sends so many a second until told to stop; counts slices that left too late. */
  Thread steadily(int perSecond) {
    stopped = false;
    var each = perSecond / SLICES_PER_SECOND;
    return Thread.ofPlatform()
        .name("feed")
        .start(() -> {
          var start = System.nanoTime();
          var slice = TimeUnit.SECONDS.toNanos(1) / SLICES_PER_SECOND;
          for (var due = start; !stopped; due += slice) {
            for (var wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
              LockSupport.parkNanos(wait);
            }
            if (System.nanoTime() - due > TimeUnit.SECONDS.toNanos(1)) {
              late++;
            }
            try {
              send(each, "appended");
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          }
        });
  }

  /** Makes the steady feed end after the request under way. */
  void stop(Thread feed) throws InterruptedException {
    stopped = true;
    feed.join();
  }

  private void send(int events, String ack) throws IOException {
    body.setLength(0);
    for (var i = 0; i < events; i++) {
      PolicyJson.line(body, generator.next());
    }
    token = post(body.toString(), ack);
    sent += events;
  }

  /** Sends lines of NDJSON and returns the token of the answer. */
  String post(String lines, String ack) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(target + "?ack=" + ack))
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(lines))
            .build();
    try {
      var response = client.send(request, BodyHandlers.ofString());
      var found = TOKEN.matcher(response.body());
      if (response.statusCode() != 200 || !found.find()) {
        throw new IOException("not taken: " + response.statusCode() + " " + response.body());
      }
      return found.group(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Events taken so far. */
  long sent() {
    return sent;
  }

  /** Slices that left more than a second after they were due. */
  long late() {
    return late;
  }

  /** Token of the last request. */
  String token() {
    return token;
  }

  @Override
  public void close() {
    stopped = true;
    client.close();
  }
}
