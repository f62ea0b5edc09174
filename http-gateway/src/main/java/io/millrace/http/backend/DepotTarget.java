package io.millrace.http.backend;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.DepotClient;
import io.millrace.engine.depot.PreparedEvent;
import io.millrace.engine.depot.Token;
import io.millrace.engine.event.InvalidEventException;
import io.millrace.http.ingest.EventTarget;
import io.millrace.http.ingest.IncomingEvent;
import io.millrace.http.ingest.IngestResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A depot of the engine. */
final class DepotTarget implements EventTarget {
  private final DepotClient<Object> depot;
  private final Turns turns;

  DepotTarget(DepotClient<Object> depot, Turns turns) {
    this.depot = depot;
    this.turns = turns;
  }

  @Override
  public CompletionStage<IngestResult> append(List<IncomingEvent> batch, AppendAck ack) {
    var prepared = new ArrayList<PreparedEvent>(batch.size());
    IngestResult.Rejection rejection = null;
    for (var event : batch) {
      try {
        prepared.add(prepare(event));
      } catch (InvalidEventException e) {
        rejection = new IngestResult.Rejection(422, "SCHEMA", text(e), e.field());
        break;
      } catch (UnsupportedOperationException e) {
        rejection = new IngestResult.Rejection(403, "ROUTE", text(e), null);
        break;
      } catch (IllegalArgumentException e) {
        rejection = new IngestResult.Rejection(422, "SCHEMA", text(e), null);
        break;
      }
    }
    return new BatchAppend(depot, turns, prepared, rejection, ack).start();
  }

  private PreparedEvent prepare(IncomingEvent event) {
    var key = event.key();
    var json = event.json();
    return depot.prepareJson(
        event.type(),
        0,
        json,
        0,
        json.length,
        key == null ? null : key.getBytes(StandardCharsets.UTF_8));
  }

  static String text(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  @Override
  public String join(String first, String second) {
    var one = Token.parse(first);
    var other = Token.parse(second);
    return one.epoch() == other.epoch() ? one.merge(other).toString() : second;
  }

  /** Joins a token to those before it. */
  static Token joined(@Nullable Token before, Token next) {
    return before == null ? next : before.merge(next);
  }
}
