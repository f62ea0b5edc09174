package io.millrace.http;

import io.millrace.engine.depot.AppendAck;
import io.millrace.http.backend.HttpBackend;
import io.millrace.http.exchange.Problem;
import io.millrace.http.exchange.ProblemException;
import io.millrace.http.ingest.EventTarget;
import io.millrace.http.ingest.IncomingEvent;
import io.millrace.http.ingest.IngestResult;
import io.millrace.http.query.StateReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A depot in a list: refuses events that say so, knows keys, can be held back. */
final class FakeBackend implements HttpBackend, EventTarget, StateReader {
  final List<String> events = new ArrayList<>();
  final List<String> types = new ArrayList<>();
  final Set<String> keys = new HashSet<>();
  final List<Integer> batches = new ArrayList<>();
  final CompletableFuture<@Nullable Void> open = new CompletableFuture<>();
  @Nullable AppendAck ack;
  int waiting;

  @Override
  public @Nullable EventTarget depot(String module, String depot) {
    return module.equals("shop") && depot.equals("orders") ? this : null;
  }

  @Override
  public @Nullable StateReader pstate(String module, String pstate) {
    return module.equals("shop") && pstate.equals("totals") ? this : null;
  }

  @Override
  public synchronized CompletionStage<IngestResult> append(
      List<IncomingEvent> batch, AppendAck ack) {
    this.ack = ack;
    batches.add(batch.size());
    waiting++;
    return open.thenApply(unused -> take(batch));
  }

  private synchronized IngestResult take(List<IncomingEvent> batch) {
    waiting--;
    var accepted = 0;
    var duplicates = 0;
    for (var event : batch) {
      var json = new String(event.json(), StandardCharsets.UTF_8);
      if (json.contains("wrong")) {
        var why = new IngestResult.Rejection(422, "SCHEMA", "amount is a number", "amount");
        return new IngestResult(accepted, duplicates, token(), List.of(), List.of(), why);
      }
      if (json.contains("explode")) {
        throw new ProblemException(Problem.of(507, "NOSPACE", "the disk is full"));
      }
      accepted++;
      if (event.key() != null && !keys.add(event.key())) {
        duplicates++;
        continue;
      }
      events.add(json);
      types.add(String.valueOf(event.type()));
    }
    return new IngestResult(accepted, duplicates, token(), List.of(), List.of(), null);
  }

  private String token() {
    return "mr1.shop/orders.1.0:" + events.size();
  }

  synchronized int waiting() {
    return waiting;
  }

  @Override
  public String join(String first, String second) {
    return second;
  }

  @Override
  public CompletionStage<OutputStream> select(
      String path, @Nullable String after, OutputStream answer) {
    if (path.equals("[]")) {
      throw new ProblemException(Problem.of(400, "PATH", "an empty path"));
    }
    try {
      answer.write(("[" + path + ",\"" + after + "\"]").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return CompletableFuture.completedStage(answer);
  }
}
