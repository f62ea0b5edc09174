package io.millrace.http.topology;

import io.millrace.engine.state.RequestMemory;
import io.millrace.engine.topology.StopEnded;
import io.millrace.engine.topology.TopologyControl;
import io.millrace.engine.topology.TopologyControl.Decision;
import io.millrace.engine.topology.TopologyControl.Which;
import io.millrace.engine.topology.TopologyException;
import io.millrace.engine.topology.TopologyStanding;
import io.millrace.http.exchange.Answer;
import io.millrace.http.exchange.Exchange;
import io.millrace.http.exchange.Problem;
import io.millrace.http.exchange.ProblemException;
import io.millrace.http.exchange.Request;
import io.millrace.http.exchange.StopJson;
import io.millrace.http.exchange.WholeBody;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * {@code GET /topologies}; {@code POST /topologies/module/topology/resume} and {@code /skip} with
 * {@code depot}, {@code partition} and {@code offset}. The work is done on threads of its own; the
 * answer comes when what happened is released.
 */
public final class TopologyRoutes {
  private static final int NO_BODY = 1 << 16;

  private TopologyRoutes() {}

  /** Where all topologies stand. */
  public static Exchange list(TopologyControl control, RequestMemory memory) {
    return later(
        memory,
        () ->
            CompletableFuture.supplyAsync(control::standingsNow, Thread::startVirtualThread)
                .thenApply(all ->
                    Answer.json(
                        200,
                        Map.of("topologies", all.stream().map(TopologyRoutes::json).toList()))));
  }

  private static Map<String, Object> json(TopologyStanding standing) {
    var members = new LinkedHashMap<String, Object>();
    members.put("topology", standing.topology());
    members.put("status", standing.status().toLowerCase(Locale.ROOT));
    members.put("depots", standing.depots());
    members.put("lag", standing.lag());
    members.put("mostLag", standing.mostLag());
    members.put("stops", standing.stops().stream().map(StopJson::of).toList());
    return members;
  }

  /** The exchange that ends stops, or a problem when the request does not say which. */
  public static Exchange end(
      Request request,
      TopologyControl control,
      RequestMemory memory,
      String topology,
      Decision decision) {
    var which =
        new Which(
            request.parameter("depot"),
            (int) number(request, "partition", Integer.MAX_VALUE),
            number(request, "offset", Long.MAX_VALUE));
    return later(
        memory,
        () ->
            control
                .endAsync(topology, which, decision)
                .thenApply(all -> Answer.json(200, ended(all))));
  }

  private static Map<String, Object> ended(List<StopEnded> all) {
    return Map.of("ended", all.stream().map(TopologyRoutes::json).toList());
  }

  private static Map<String, Object> json(StopEnded one) {
    var members = new LinkedHashMap<String, Object>();
    members.put("text", one.text());
    members.put("topology", one.topology());
    members.put("depot", one.depot());
    members.put("partition", one.partition());
    members.put("offset", one.offset());
    members.put("skipped", one.skipped());
    if (one.deadLetter() >= 0) {
      members.put("deadLetter", one.deadLetter());
    }
    if (one.catchUpFrom() >= 0) {
      members.put("catchUpFrom", one.catchUpFrom());
      members.put("catchUpTo", one.catchUpTo());
    }
    var again = one.again();
    if (again != null) {
      members.put("again", StopJson.of(again));
    }
    return members;
  }

  private static long number(Request request, String name, long most) {
    var text = request.parameter(name);
    if (text == null) {
      return -1;
    }
    try {
      var value = Long.parseLong(text);
      if (value >= 0 && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, like a number that is out of range.
    }
    throw new ProblemException(
        Problem.of(400, "USAGE", name + " is a number from 0 on, not '" + text + "'"));
  }

  private static Exchange later(RequestMemory memory, Supplier<CompletableFuture<Answer>> work) {
    return new WholeBody(
        NO_BODY,
        memory,
        unused ->
            work.get()
                .exceptionally(failure -> {
                  var cause = failure instanceof CompletionException ? failure.getCause() : failure;
                  if (cause instanceof TopologyException refused) {
                    throw new ProblemException(problem(refused));
                  }
                  throw new CompletionException(cause);
                }));
  }

  private static Problem problem(TopologyException e) {
    var status =
        switch (e.reason()) {
          case UNKNOWN_TOPOLOGY, UNKNOWN_DEPOT, NO_PARTITION -> 404;
          case NOT_NAMED -> 400;
          case NOT_STOPPED, OTHER_OFFSET -> 409;
          case NO_SPACE -> 507;
          case BUSY -> 503;
          case TIMEOUT -> 504;
        };
    return Problem.of(status, e.reason().code(), String.valueOf(e.getMessage()));
  }
}
