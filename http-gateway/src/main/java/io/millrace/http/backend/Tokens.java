package io.millrace.http.backend;

import io.millrace.engine.Engine;
import io.millrace.engine.depot.TokenException;
import io.millrace.engine.depot.TokenWait;
import io.millrace.http.exchange.Problem;
import io.millrace.http.exchange.ProblemException;
import io.millrace.http.exchange.StopJson;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits for tokens that readers hand in. */
final class Tokens {
  private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(30);

  private final Engine engine;
  private final Turns turns;

  Tokens(Engine engine, Turns turns) {
    this.engine = engine;
    this.turns = turns;
  }

  /**
   * Completes when what a token names is folded, at once in most cases; fails with a problem when
   * it is no token, names what is not there, or is not folded in time.
   */
  CompletionStage<Boolean> seen(@Nullable String text) {
    if (text == null) {
      return CompletableFuture.completedStage(true);
    }
    TokenWait wait;
    try {
      wait = engine.waitFor(text);
    } catch (TokenException e) {
      throw new ProblemException(problem(e));
    }
    return turns
        .read(held -> new Turns.Positioned<>(wait.isDone(held), engine.status().appended()))
        .thenCompose(done -> done ? CompletableFuture.completedStage(true) : later(wait))
        .exceptionally(failure -> {
          var cause = failure instanceof CompletionException ? failure.getCause() : failure;
          throw cause instanceof TokenException e
              ? new ProblemException(problem(e))
              : new CompletionException(cause);
        });
  }

  private static CompletionStage<Boolean> later(TokenWait wait) {
    return CompletableFuture.supplyAsync(
        () -> wait.await(WAIT_NS, () -> {}) >= 0, Thread::startVirtualThread);
  }

  private static Problem stopped(TokenException e, String message) {
    var stop = e.stop();
    return stop == null
        ? Problem.of(409, "STOPPED", message)
        : Problem.of(409, "STOPPED", message + StopJson.remedy(stop))
            .with("stop", StopJson.of(stop));
  }

  private static Problem problem(TokenException e) {
    var message = DepotTarget.text(e);
    return switch (e.reason()) {
      case INVALID -> Problem.of(400, "TOKEN", message);
      case LOST -> Problem.of(410, "LOST", message);
      case STOPPED -> stopped(e, message);
      case TIMEOUT -> Problem.of(504, "TIMEOUT", message);
    };
  }
}
