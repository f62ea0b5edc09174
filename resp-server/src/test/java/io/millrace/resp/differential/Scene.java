package io.millrace.resp.differential;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Several connections to one server, and what they saw, in order. */
final class Scene implements AutoCloseable {
  private final int port;
  private final List<RawClient> clients = new ArrayList<>();
  private final List<String> seen = new ArrayList<>();
  private int barriers;

  Scene(int port) throws IOException {
    this.port = port;
    call(0, "FLUSHALL");
    seen.clear();
  }

  /** What is done to both servers alike. */
  interface Play {
    void act(Scene scene) throws IOException;
  }

  /** Everything that was seen in a play. */
  static List<String> seen(int port, Play play) throws IOException {
    try (Scene scene = new Scene(port)) {
      play.act(scene);
      return scene.seen;
    }
  }

  RawClient client(int i) throws IOException {
    while (clients.size() <= i) {
      clients.add(new RawClient(port));
    }
    return clients.get(i);
  }

  void call(int i, String... command) throws IOException {
    seen.add(i + "> " + client(i).call(command));
  }

  /** Sends a command whose answer is each server's own. */
  Reply ask(int i, String... command) throws IOException {
    return client(i).call(command);
  }

  /** The number of a connection; what is seen names it by its place in the play. */
  String id(int i) throws IOException {
    return ((Reply.Text) client(i).call("CLIENT", "ID")).value();
  }

  void send(int i, String... command) throws IOException {
    client(i).send(List.of(command));
  }

  /** Sends a command that must wait; returns when it does. */
  void waits(int i, int waiting, String... command) throws IOException {
    send(i, command);
    awaitWaiting(waiting);
  }

  private void awaitWaiting(int waiting) {
    await()
        .pollInterval(2, TimeUnit.MILLISECONDS)
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> info("clients").contains("blocked_clients:" + waiting + "\r"));
  }

  String info(String section) throws IOException {
    return ((Reply.Text) client(0).call("INFO", section)).value();
  }

  void read(int i) throws IOException {
    seen.add(i + "< " + client(i).read());
  }

  /** Reads all that a connection was sent unasked. */
  List<String> messages(int i) throws IOException {
    String word = "barrier" + barriers++;
    client(i).send(List.of("PING", word));
    List<String> all = new ArrayList<>();
    while (true) {
      Reply reply = client(i).read();
      if (reply.toString().endsWith("$" + word) || reply.toString().endsWith("$" + word + "]")) {
        return all;
      }
      all.add(reply.toString());
    }
  }

  void note(String text) {
    seen.add(text);
  }

  void drain(int i) throws IOException {
    messages(i).forEach(message -> seen.add(i + "< " + message));
  }

  void leave(int i, int waiting) throws IOException {
    client(i).close();
    awaitWaiting(waiting);
  }

  /** Closes a connection; returns when the server knows. */
  void close(int i, String id) throws IOException {
    client(i).close();
    await()
        .pollInterval(2, TimeUnit.MILLISECONDS)
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> !client(0).call("CLIENT", "LIST").toString().contains("id=" + id + " "));
  }

  @Override
  public void close() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }
}
