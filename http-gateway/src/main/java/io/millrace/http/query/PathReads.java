package io.millrace.http.query;

import io.millrace.engine.state.RequestMemory;
import io.millrace.http.exchange.Answer;
import io.millrace.http.exchange.Exchange;
import io.millrace.http.exchange.Problem;
import io.millrace.http.exchange.ProblemException;
import io.millrace.http.exchange.Request;
import io.millrace.http.exchange.WholeBody;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /pstates/module/pstate?path=[...]&after=token}; {@code POST} takes the path as body.
 */
public final class PathReads {
  private static final int MAX_PATH = 1 << 20;

  private PathReads() {}

  /** The exchange that answers a read. */
  public static Exchange of(Request request, StateReader reader, RequestMemory memory) {
    var after =
        request.parameter("after") != null
            ? request.parameter("after")
            : request.header("X-Millrace-Token");
    if (request.method().equals(HttpMethod.POST)) {
      return new WholeBody(
          MAX_PATH, memory, body -> read(reader, new String(body, StandardCharsets.UTF_8), after));
    }
    var path = request.parameter("path");
    if (path == null) {
      throw new ProblemException(
          Problem.of(400, "PATH", "the parameter path is missing, a JSON array of navigators"));
    }
    return new WholeBody(MAX_PATH, memory, unused -> read(reader, path, after));
  }

  private static CompletionStage<Answer> read(
      StateReader reader, String path, @Nullable String after) {
    return reader
        .select(path, after)
        .thenApply(json -> Answer.text(200, "application/json", "{\"values\":" + json + "}\n"));
  }
}
