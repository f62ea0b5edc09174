package io.millrace.http.exchange;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One request being answered. Called on one event loop; the connection reads no further while
 * {@link #body} has not completed, which is the back-pressure.
 */
public interface Exchange {
  /**
   * Takes a piece of the body; the caller keeps its reference.
   *
   * @return completes when the next piece may come
   */
  CompletionStage<@Nullable Void> body(ByteBuf piece);

  /** The body is complete. */
  CompletionStage<Answer> end();

  /** It ends without an answer, or has been answered: what it holds is not needed any more. */
  default void close() {}
}
