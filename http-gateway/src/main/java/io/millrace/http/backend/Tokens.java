package io.millrace.http.backend;

import io.millrace.engine.Engine;
import io.millrace.engine.depot.Token;
import io.millrace.http.exchange.Problem;
import io.millrace.http.exchange.ProblemException;

/** Checks of tokens that a reader hands in. */
final class Tokens {
  private final Engine engine;

  Tokens(Engine engine) {
    this.engine = engine;
  }

  /** Refuses what is no token, or names a time that has not been. */
  void check(String text) {
    Token token;
    try {
      token = Token.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(Problem.of(400, "TOKEN", DepotTarget.text(e)));
    }
    if (token.epoch() > engine.status().epoch()) {
      throw new ProblemException(
          Problem.of(410, "LOST", "the token is from a later time than this data directory"));
    }
  }
}
