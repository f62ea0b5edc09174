package io.millrace.http.exchange;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An exchange that needs its whole body, up to a limit. */
public final class WholeBody implements Exchange {
  private final long limit;
  private final Function<byte[], CompletionStage<Answer>> action;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Runs {@code action} once the body is complete. */
  public WholeBody(long limit, Function<byte[], CompletionStage<Answer>> action) {
    this.limit = limit;
    this.action = action;
  }

  @Override
  public CompletionStage<@Nullable Void> body(ByteBuf piece) {
    if (bytes.size() + (long) piece.readableBytes() > limit) {
      throw tooLarge(limit);
    }
    var copy = new byte[piece.readableBytes()];
    piece.getBytes(piece.readerIndex(), copy);
    bytes.writeBytes(copy);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Answer> end() {
    return action.apply(bytes.toByteArray());
  }

  /** The problem of a body that is too large. */
  public static ProblemException tooLarge(long limit) {
    return new ProblemException(
        Problem.of(413, "TOO_LARGE", "the body is larger than http-max-body").with("limit", limit));
  }
}
