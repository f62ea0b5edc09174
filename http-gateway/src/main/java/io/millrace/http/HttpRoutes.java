package io.millrace.http;

import io.millrace.engine.topology.TopologyControl.Decision;
import io.millrace.http.backend.HttpBackend;
import io.millrace.http.exchange.Answer;
import io.millrace.http.exchange.Exchange;
import io.millrace.http.exchange.Problem;
import io.millrace.http.exchange.ProblemException;
import io.millrace.http.exchange.Request;
import io.millrace.http.exchange.WholeBody;
import io.millrace.http.ingest.Ingest;
import io.millrace.http.metrics.DoorMetrics;
import io.millrace.http.metrics.Health;
import io.millrace.http.query.PathReads;
import io.millrace.http.topology.TopologyRoutes;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What each address means, and who may use it. */
final class HttpRoutes {
  private static final int NO_BODY = 1 << 16;

  private final HttpOptions options;
  private final Guard guard;
  private final Supplier<Health> health;
  private final Supplier<@Nullable HttpBackend> backend;
  private final DoorMetrics metrics;

  HttpRoutes(
      HttpOptions options,
      Supplier<Health> health,
      Supplier<@Nullable HttpBackend> backend,
      DoorMetrics metrics) {
    this.options = options;
    this.guard = new Guard(options.access());
    this.health = health;
    this.backend = backend;
    this.metrics = metrics;
  }

  /** A route by name, for the metrics: a small fixed set. */
  static String name(Request request) {
    return switch (request.path().getFirst()) {
      case "depots" -> "depots";
      case "pstates" -> "pstates";
      case "topologies" -> "topologies";
      case "health" -> "health";
      case "metrics" -> "metrics";
      default -> "other";
    };
  }

  /** Who may use the door. */
  Guard guard() {
    return guard;
  }

  /**
   * The exchange for a request.
   *
   * @param from address of the client
   * @throws ProblemException when there is none
   */
  Exchange open(Request request, @Nullable InetAddress from) {
    var preflight = guard.preflight(request);
    if (preflight != null) {
      return now(preflight);
    }
    var path = request.path();
    if (path.getFirst().equals("health") && path.size() == 2) {
      only(request, HttpMethod.GET, HttpMethod.HEAD);
      return health(path.get(1));
    }
    guard.check(request, from);
    if (request.method().equals(HttpMethod.OPTIONS)) {
      throw new ProblemException(
          Problem.of(405, "USAGE", "OPTIONS is answered to pages of http-allowed-origins only"));
    }
    return switch (path.getFirst()) {
      case "depots" -> depot(request, path);
      case "pstates" -> pstate(request, path);
      case "topologies" -> topologies(request, path);
      case "metrics" -> metrics(request, path);
      case "" -> {
        only(request, HttpMethod.GET, HttpMethod.HEAD);
        yield now(Answer.text(200, "text/plain; charset=utf-8", USAGE));
      }
      default -> throw notFound();
    };
  }

  private static final String USAGE =
      """
      Millrace.
        POST /depots/{module}/{depot}/events          append: one JSON object, or NDJSON
        GET  /pstates/{module}/{pstate}?path=[...]    read by path
        GET  /topologies                              where they stand, and their stops
        POST /topologies/{module}/{topology}/resume   ?depot=..&partition=..: run again
        POST /topologies/{module}/{topology}/skip     ?depot=..&partition=..: give the event up
        GET  /health/started | /health/live | /health/ready
        GET  /metrics
      """;

  private Exchange depot(Request request, List<String> path) {
    if (path.size() != 4 || !path.get(3).equals("events")) {
      throw notFound();
    }
    only(request, HttpMethod.POST);
    var target = serving().depot(path.get(1), path.get(2));
    if (target == null) {
      throw new ProblemException(
          Problem.of(404, "ROUTE", "no depot " + path.get(1) + "/" + path.get(2)));
    }
    return Ingest.of(request, target, options.maxBody(), options.requests(), metrics::events);
  }

  private Exchange pstate(Request request, List<String> path) {
    if (path.size() != 3) {
      throw notFound();
    }
    only(request, HttpMethod.GET, HttpMethod.POST);
    var reader = serving().pstate(path.get(1), path.get(2));
    if (reader == null) {
      throw new ProblemException(
          Problem.of(404, "ROUTE", "no pstate " + path.get(1) + "/" + path.get(2)));
    }
    return PathReads.of(request, reader, options.requests());
  }

  private Exchange topologies(Request request, List<String> path) {
    if (path.size() == 1) {
      only(request, HttpMethod.GET, HttpMethod.HEAD);
      return TopologyRoutes.list(serving().topologies(), options.requests());
    }
    var decision =
        path.size() != 4
            ? null
            : switch (path.get(3)) {
              case "resume" -> Decision.RESUME;
              case "skip" -> Decision.SKIP;
              default -> null;
            };
    if (decision == null) {
      throw notFound();
    }
    only(request, HttpMethod.POST);
    var topology = path.get(1) + "/" + path.get(2);
    return TopologyRoutes.end(
        request, serving().topologies(), options.requests(), topology, decision);
  }

  private HttpBackend serving() {
    var current = backend.get();
    if (current == null) {
      throw new ProblemException(
          Problem.of(503, "BUSY", "the node is starting: " + health.get().detail()));
    }
    return current;
  }

  private Exchange metrics(Request request, List<String> path) {
    if (path.size() != 1) {
      throw notFound();
    }
    only(request, HttpMethod.GET, HttpMethod.HEAD);
    return now(metrics.scrape());
  }

  private Exchange health(String probe) {
    var current = health.get();
    return now(
        switch (probe) {
          case "live" -> current.probe(current.live());
          case "started" -> current.probe(current.started());
          case "ready" -> current.probe(current.ready());
          default -> throw notFound();
        });
  }

  private Exchange now(Answer answer) {
    return new WholeBody(
        NO_BODY, options.requests(), unused -> CompletableFuture.completedStage(answer));
  }

  private static void only(Request request, HttpMethod... methods) {
    for (var method : methods) {
      if (request.method().equals(method)) {
        return;
      }
    }
    var allowed = Stream.of(methods).map(HttpMethod::name).collect(Collectors.joining(", "));
    throw new ProblemException(
        Problem.of(405, "USAGE", request.method() + " is not a method of this address")
            .with("allow", allowed));
  }

  private static ProblemException notFound() {
    return new ProblemException(Problem.of(404, "ROUTE", "nothing at this address"));
  }
}
