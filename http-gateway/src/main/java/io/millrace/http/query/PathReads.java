package io.millrace.http.query;

import io.millrace.engine.state.RequestMemory;
import io.millrace.http.exchange.Answer;
import io.millrace.http.exchange.AnswerBuffer;
import io.millrace.http.exchange.Exchange;
import io.millrace.http.exchange.Problem;
import io.millrace.http.exchange.ProblemException;
import io.millrace.http.exchange.Request;
import io.millrace.http.exchange.WholeBody;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.Map;
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
    var read = new PathRead(reader, after, new AnswerBuffer(memory));
    if (request.method().equals(HttpMethod.POST)) {
      return read.with(
          new WholeBody(
              MAX_PATH, memory, body -> read.select(new String(body, StandardCharsets.UTF_8))));
    }
    var path = request.parameter("path");
    if (path == null) {
      throw new ProblemException(
          Problem.of(400, "PATH", "the parameter path is missing, a JSON array of navigators"));
    }
    return read.with(new WholeBody(MAX_PATH, memory, unused -> read.select(path)));
  }

  private record PathRead(StateReader reader, @Nullable String after, AnswerBuffer answer) {
    CompletionStage<Answer> select(String path) {
      text("{\"values\":");
      return reader
          .select(path, after, answer)
          .thenApply(unused -> {
            text("}\n");
            return new Answer(200, "application/json", answer.toBytes(), Map.of());
          });
    }

    private void text(String part) {
      var bytes = part.getBytes(StandardCharsets.UTF_8);
      answer.write(bytes, 0, bytes.length);
    }

    Exchange with(WholeBody request) {
      return new Exchange() {
        @Override
        public CompletionStage<@Nullable Void> body(ByteBuf piece) {
          return request.body(piece);
        }

        @Override
        public CompletionStage<Answer> end() {
          return request.end();
        }

        @Override
        public void close() {
          request.close();
          answer.close();
        }
      };
    }
  }
}
