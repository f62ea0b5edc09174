package io.millrace.http.ingest;

import com.fasterxml.jackson.databind.util.RawValue;
import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.depot.NoSpaceException;
import io.millrace.engine.state.RequestMemory;
import io.millrace.http.exchange.Answer;
import io.millrace.http.exchange.Exchange;
import io.millrace.http.exchange.Problem;
import io.millrace.http.exchange.ProblemException;
import io.millrace.http.exchange.Request;
import io.millrace.http.exchange.StopJson;
import io.millrace.http.exchange.WholeBody;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** {@code POST /depots/module/depot/events}: one JSON object, or many as NDJSON. */
public final class Ingest {
  private static final int MAX_KEY = 512;

  private Ingest() {}

  /**
   * The exchange that takes events.
   *
   * @param maxBody largest single event in bytes
   * @param memory what requests hold is taken from
   * @param counter told how many events were taken
   */
  public static Exchange of(
      Request request,
      EventTarget target,
      long maxBody,
      RequestMemory memory,
      LongConsumer counter) {
    var ack = ack(request.parameter("ack"));
    var type = request.parameter("type");
    var key = request.header("Idempotency-Key");
    var members = new EventParser(type, request.parameter("key-from"));
    return switch (request.contentType()) {
      case "application/x-ndjson", "application/jsonl", "application/x-jsonlines" -> {
        if (key != null) {
          throw new ProblemException(
              Problem.of(400, "USAGE", "in bulk the key is the member @key of each line"));
        }
        yield new BulkIngest(target, ack, members, maxBody, memory, counter);
      }
      case "application/json", "text/json" ->
          single(target, ack, members, key, maxBody, memory, counter);
      default ->
          throw new ProblemException(
              Problem.of(
                  415,
                  "USAGE",
                  "send Content-Type application/json, or application/x-ndjson for many events"));
    };
  }

  private static Exchange single(
      EventTarget target,
      AppendAck ack,
      EventParser members,
      @Nullable String key,
      long maxBody,
      RequestMemory memory,
      LongConsumer counter) {
    if (key != null && (key.isEmpty() || key.length() > MAX_KEY)) {
      throw new ProblemException(
          Problem.of(400, "USAGE", "Idempotency-Key must have 1 to 512 characters"));
    }
    return new WholeBody(
        maxBody,
        memory,
        body -> {
          IncomingEvent event;
          try {
            event = members.parse(body, 0, body.length, key);
          } catch (EventParser.BadEvent e) {
            throw new ProblemException(bad(e));
          }
          return target
              .append(List.of(event), ack)
              .thenApply(result -> {
                counter.accept(result.accepted());
                return answer(result, ack);
              });
        });
  }

  static Problem bad(EventParser.BadEvent e) {
    var problem = Problem.of(400, "SCHEMA", String.valueOf(e.getMessage()));
    if (e.field() != null) {
      problem = problem.with("field", e.field());
    }
    return e.column() < 0 ? problem : problem.with("column", e.column());
  }

  /** The problem of an append that ended in an exception. */
  static Problem failed(Throwable failure) {
    var cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    if (cause instanceof NoSpaceException) {
      return Problem.of(507, "NOSPACE", String.valueOf(cause.getMessage()));
    }
    return cause instanceof ProblemException expected
        ? expected.problem()
        : Problem.of(500, "INTERNAL", String.valueOf(cause));
  }

  static Problem refused(IngestResult.Rejection rejection) {
    var problem = Problem.of(rejection.status(), rejection.code(), rejection.message());
    return rejection.field() == null ? problem : problem.with("field", rejection.field());
  }

  private static Answer answer(IngestResult result, AppendAck ack) {
    var rejection = result.rejection();
    if (rejection != null) {
      return Answer.problem(refused(rejection));
    }
    var acks = result.acks().isEmpty() ? null : result.acks().getFirst();
    return done(
        result.accepted(),
        result.duplicates(),
        result.token(),
        result.stops(),
        acks == null ? Map.of() : Map.of("acks", new RawValue(acks)),
        ack);
  }

  static Answer done(
      long accepted,
      long duplicates,
      @Nullable String token,
      Collection<FoldStop> stops,
      Map<String, ?> acks,
      AppendAck ack) {
    var members = new LinkedHashMap<String, Object>();
    members.put("accepted", accepted);
    members.put("duplicates", duplicates);
    if (token != null) {
      members.put("token", token);
    }
    if (!stops.isEmpty()) {
      members.put("stopped", FoldStop.names(List.copyOf(stops)));
      members.put("stops", stops.stream().map(StopJson::of).toList());
    }
    members.putAll(acks);
    var answer = Answer.json(ack == AppendAck.NONE ? 202 : 200, members);
    return token == null ? answer : answer.withHeader("X-Millrace-Token", token);
  }

  private static AppendAck ack(@Nullable String text) {
    return switch (text == null ? "folded" : text.toLowerCase(Locale.ROOT)) {
      case "none" -> AppendAck.NONE;
      case "appended" -> AppendAck.APPENDED;
      case "folded" -> AppendAck.FOLDED;
      default ->
          throw new ProblemException(
              Problem.of(400, "USAGE", "ack is none, appended or folded, not '" + text + "'"));
    };
  }

  /** A stage that is complete and empty. */
  static CompletionStage<@Nullable Void> ready() {
    return CompletableFuture.completedStage(null);
  }
}
