package io.millrace.http.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/** Bodies that came in a {@code Content-Encoding}. */
public final class Encodings {
  /** What may be sent, as the header {@code Accept-Encoding} of an answer says it. */
  public static final String ACCEPTED = "gzip, deflate";

  private static final int PIECE = 64 << 10;

  private Encodings() {}

  /**
   * The exchange that takes the body as it was sent.
   *
   * @param exchange takes it decoded, at most 64 KiB at a time, as fast as it wants to
   * @param loop where the work goes on, so that other connections have their turn
   * @throws ProblemException when the encoding is not known
   */
  public static Exchange decoding(Request request, Exchange exchange, Executor loop) {
    var names = names(request.headers("Content-Encoding"));
    if (names.isEmpty()) {
      return exchange;
    }
    var inflating =
        names.size() > 1
            ? null
            : switch (names.getFirst()) {
              case "gzip", "x-gzip" -> Inflating.gzip();
              case "deflate" -> Inflating.deflate();
              default -> null;
            };
    if (inflating == null) {
      throw new ProblemException(
          Problem.of(
              415,
              "USAGE",
              "Content-Encoding is gzip, deflate or identity, one of them, not '"
                  + String.join(", ", names)
                  + "'"));
    }
    return new Decoded(exchange, inflating, loop);
  }

  /** The codings in order, without those that change nothing. */
  private static List<String> names(List<String> headers) {
    var names = new ArrayList<String>();
    for (var header : headers) {
      for (var name : header.split(",", -1)) {
        var plain = name.strip().toLowerCase(Locale.ROOT);
        if (!plain.isEmpty() && !plain.equals("identity")) {
          names.add(plain);
        }
      }
    }
    return names;
  }

  /** An exchange behind a decoder; used on one event loop. */
  private static final class Decoded implements Exchange {
    private final Exchange exchange;
    private final Inflating inflating;
    private final Executor loop;
    private boolean closed;

    Decoded(Exchange exchange, Inflating inflating, Executor loop) {
      this.exchange = exchange;
      this.inflating = inflating;
      this.loop = loop;
    }

    @Override
    public CompletionStage<@Nullable Void> body(ByteBuf piece) {
      var bytes = new byte[piece.readableBytes()];
      piece.getBytes(piece.readerIndex(), bytes);
      inflating.feed(bytes);
      var taken = new CompletableFuture<@Nullable Void>();
      step(taken);
      return taken;
    }

    private void step(CompletableFuture<@Nullable Void> taken) {
      if (closed) {
        taken.complete(null);
        return;
      }
      try {
        var out = new byte[PIECE];
        var count = inflating.next(out);
        if (count == 0) {
          taken.complete(null);
          return;
        }
        exchange
            .body(Unpooled.wrappedBuffer(out, 0, count))
            .whenComplete((unused, failure) -> {
              if (failure != null) {
                fail(taken, failure);
              } else {
                loop.execute(() -> step(taken));
              }
            });
      } catch (DataFormatException e) {
        fail(taken, malformed());
      } catch (OutOfMemoryError tooMuch) {
        fail(taken, WholeBody.noMemory());
      } catch (RuntimeException e) {
        fail(taken, e);
      }
    }

    private void fail(CompletableFuture<@Nullable Void> taken, Throwable failure) {
      inflating.close();
      taken.completeExceptionally(failure);
    }

    private static ProblemException malformed() {
      return new ProblemException(
          Problem.of(400, "PROTOCOL", "the body is not in its Content-Encoding, or not whole"));
    }

    @Override
    public CompletionStage<Answer> end() {
      if (!inflating.end()) {
        throw malformed();
      }
      return exchange.end();
    }

    @Override
    public void close() {
      closed = true;
      inflating.close();
      exchange.close();
    }
  }
}
