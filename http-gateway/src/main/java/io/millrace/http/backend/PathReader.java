package io.millrace.http.backend;

import io.millrace.engine.path.PathException;
import io.millrace.engine.pstate.SchemaException;
import io.millrace.engine.topology.PStateClient;
import io.millrace.engine.topology.PStateClient.Found;
import io.millrace.http.exchange.Problem;
import io.millrace.http.exchange.ProblemException;
import io.millrace.http.query.StateReader;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A pstate of the engine. A little is read on the lane, much on a thread of its own. */
final class PathReader implements StateReader {
  private final PStateClient pstate;
  private final Turns turns;
  private final Tokens tokens;

  PathReader(PStateClient pstate, Turns turns, Tokens tokens) {
    this.pstate = pstate;
    this.turns = turns;
    this.tokens = tokens;
  }

  @Override
  public CompletionStage<OutputStream> select(
      String path, @Nullable String after, OutputStream answer) {
    PStateClient.PreparedRead read;
    try {
      read = pstate.prepare(path);
    } catch (PathException e) {
      throw wrong(e);
    } catch (SchemaException e) {
      throw wrong(e);
    }
    return tokens
        .seen(after)
        .thenCompose(seen -> read(read, answer))
        .exceptionally(failure -> {
          var cause = failure.getCause() == null ? failure : failure.getCause();
          if (cause instanceof PathException e) {
            throw wrong(e);
          }
          if (cause instanceof SchemaException e) {
            throw wrong(e);
          }
          throw new java.util.concurrent.CompletionException(cause);
        });
  }

  private CompletionStage<OutputStream> read(PStateClient.PreparedRead read, OutputStream answer) {
    if (read.task() < 0) {
      return later(read, answer);
    }
    var small =
        turns.read(held -> {
          var found = Optional.ofNullable(read.read(held));
          return new Turns.Positioned<>(found, found.map(Found::position).orElse(0L));
        });
    return small.thenCompose(found -> {
      if (found.isEmpty()) {
        return later(read, answer);
      }
      PStateJson.array(answer, found.get().values()::forEach);
      return CompletableFuture.completedStage(answer);
    });
  }

  private static CompletionStage<OutputStream> later(
      PStateClient.PreparedRead read, OutputStream answer) {
    return CompletableFuture.supplyAsync(
        () -> {
          PStateJson.array(answer, read::readBlocking);
          return answer;
        },
        Thread::startVirtualThread);
  }

  private static ProblemException wrong(SchemaException e) {
    return new ProblemException(Problem.of(400, "SCHEMA", DepotTarget.text(e)));
  }

  private static ProblemException wrong(PathException e) {
    var problem = Problem.of(400, "PATH", DepotTarget.text(e));
    return new ProblemException(
        e.position() < 0 ? problem : problem.with("character", e.position()));
  }
}
