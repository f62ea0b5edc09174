package io.millrace.http.exchange;

import io.millrace.engine.state.RequestMemory;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An exchange that needs its whole body, up to a limit. */
public final class WholeBody implements Exchange {
  /** What is made of a body, in the size of the body: its text, the event, the record. */
  private static final int COPIES = 3;

  private static final int FIRST = 1 << 10;

  private final long limit;
  private final RequestMemory.Share share;
  private final Function<byte[], CompletionStage<Answer>> action;
  private byte[] bytes = new byte[0];
  private int size;

  /**
   * Runs {@code action} once the body is complete.
   *
   * @param limit bytes it may have
   * @param memory what a large one is taken from
   */
  public WholeBody(
      long limit, RequestMemory memory, Function<byte[], CompletionStage<Answer>> action) {
    this.limit = Math.min(limit, memory.largest());
    this.share = new RequestMemory.Share(memory);
    this.action = action;
  }

  @Override
  public CompletionStage<@Nullable Void> body(ByteBuf piece) {
    int more = piece.readableBytes();
    if (size + (long) more > limit) {
      throw tooLarge(limit);
    }
    if (size + more > bytes.length) {
      int length = (int) Math.min(limit, Math.max(Math.max(FIRST, size + more), 2L * bytes.length));
      hold(length);
      bytes = Arrays.copyOf(bytes, length);
    }
    piece.getBytes(piece.readerIndex(), bytes, size, more);
    size += more;
    return CompletableFuture.completedStage(null);
  }

  private void hold(long length) {
    if (!share.hold(length)) {
      throw noMemory();
    }
  }

  @Override
  public CompletionStage<Answer> end() {
    hold(bytes.length + (long) COPIES * size);
    byte[] whole = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    bytes = whole;
    return action.apply(whole);
  }

  @Override
  public void close() {
    bytes = new byte[0];
    size = 0;
    share.close();
  }

  /** The problem of a body that is too large. */
  public static ProblemException tooLarge(long limit) {
    return new ProblemException(
        Problem.of(413, "TOO_LARGE", "the body is larger than http-max-body").with("limit", limit));
  }

  /** The problem of a request that there is no memory for at the moment. */
  public static ProblemException noMemory() {
    return new ProblemException(
        Problem.of(
            503,
            "BUSY",
            "there is no memory for this request now; try again, or send less at once"));
  }
}
