package io.millrace.resp.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection to each of the two servers and what is known of its state. Messages of channels
 * come when they like and are set aside.
 */
final class Link implements AutoCloseable {
  private static final List<String> MESSAGES = List.of("message", "pmessage", "smessage");
  private static final int PATIENCE_MS = 5_000;

  /** A server's end. */
  private static final class End {
    private final RawClient client;
    private final List<String> messages = new ArrayList<>();

    End(int port) throws IOException {
      client = new RawClient(port);
    }

    Reply read() throws IOException {
      while (true) {
        Reply reply = client.read();
        if (!isMessage(reply)) {
          return reply;
        }
        messages.add(reply.toString());
      }
    }

    /** Everything up to the answer to a PING of a word. */
    List<Reply> readTo(String word) throws IOException {
      List<Reply> all = new ArrayList<>();
      while (true) {
        Reply reply = read();
        if (answers(reply, word)) {
          return all;
        }
        all.add(reply);
      }
    }
  }

  private End redis;
  private End ours;
  private int barriers;

  /** Queued since MULTI; null outside of a transaction. */
  @Nullable List<List<String>> queued;

  int database;
  int protocol = 2;

  /** Listens to channels in RESP2, and so refuses most commands. */
  boolean listens;

  Link(int redisPort, int ourPort) throws IOException {
    redis = new End(redisPort);
    ours = new End(ourPort);
  }

  private static boolean isMessage(Reply reply) {
    return reply instanceof Reply.Many many
        && (many.type() == '*' || many.type() == '>')
        && many.items().size() >= 3
        && many.items().get(0) instanceof Reply.Text text
        && MESSAGES.contains(text.value());
  }

  private static boolean answers(Reply reply, String word) {
    return reply instanceof Reply.Text text && text.value().equals(word)
        || reply instanceof Reply.Many many
            && many.items().size() == 2
            && many.items().get(1) instanceof Reply.Text last
            && last.value().equals(word);
  }

  void send(List<List<String>> commands) throws IOException {
    redis.client.sendAll(commands);
    ours.client.sendAll(commands);
  }

  Reply readRedis() throws IOException {
    return redis.read();
  }

  Reply readOurs() throws IOException {
    return ours.read();
  }

  /** Sends commands with any number of replies; answers those of both servers. */
  List<List<Reply>> exchange(List<List<String>> commands) throws IOException {
    String word = "barrier" + barriers++;
    List<List<String>> all = new ArrayList<>(commands);
    all.add(List.of("PING", word));
    send(all);
    return List.of(redis.readTo(word), ours.readTo(word));
  }

  /** Messages that came to either side, each sorted; waits for as many as Redis has sent. */
  List<List<String>> messages() throws IOException {
    exchange(List.of());
    long deadline = System.nanoTime() + PATIENCE_MS * 1_000_000L;
    while (ours.messages.size() < redis.messages.size() && System.nanoTime() < deadline) {
      if (ours.client.hasInput()) {
        ours.messages.add(ours.client.read().toString());
      } else {
        Thread.onSpinWait();
      }
    }
    List<List<String>> both =
        List.of(
            redis.messages.stream().sorted().toList(), ours.messages.stream().sorted().toList());
    redis.messages.clear();
    ours.messages.clear();
    return both;
  }

  /** Connects anew to both; transaction, watched keys and channels are gone. */
  void reopen(int redisPort, int ourPort) throws IOException {
    close();
    redis = new End(redisPort);
    ours = new End(ourPort);
    queued = null;
    listens = false;
  }

  @Override
  public void close() throws IOException {
    redis.client.close();
    ours.client.close();
  }
}
