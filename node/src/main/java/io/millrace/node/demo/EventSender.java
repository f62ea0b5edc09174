package io.millrace.node.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** Sends NDJSON to a depot over HTTP, a batch a request, as any client would. */
public final class EventSender implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BATCH_CHARS = 1 << 20;

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI target;
  private final String password;
  private final StringBuilder batch = new StringBuilder();
  private long accepted;
  private long duplicates;

  /** Sends to the events address of a depot. */
  public EventSender(URI target, String password) {
    this.target = target;
    this.password = password;
  }

  /** Adds a line and sends the batch when it is full. */
  public void send(String line) throws IOException {
    batch.append(line).append('\n');
    if (batch.length() >= BATCH_CHARS) {
      flush();
    }
  }

  /** Sends what is left. */
  public void flush() throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    var request =
        HttpRequest.newBuilder(target)
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(batch.toString()));
    if (!password.isEmpty()) {
      request.header("Authorization", "Bearer " + password);
    }
    try {
      var response = client.send(request.build(), BodyHandlers.ofString());
      take(response.statusCode(), JSON.readTree(response.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    batch.setLength(0);
  }

  private void take(int status, JsonNode answer) throws IOException {
    accepted += answer.path("accepted").asLong();
    duplicates += answer.path("duplicates").asLong();
    if (status != 200) {
      throw new IOException("the events were refused: " + answer);
    }
  }

  /** Events taken so far, duplicates included. */
  public long accepted() {
    return accepted;
  }

  /** Events that were there already. */
  public long duplicates() {
    return duplicates;
  }

  @Override
  public void close() {
    client.close();
  }
}
