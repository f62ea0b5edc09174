package io.millrace.http;

import io.millrace.engine.depot.NoSpaceException;
import io.millrace.http.exchange.Answer;
import io.millrace.http.exchange.Encodings;
import io.millrace.http.exchange.Exchange;
import io.millrace.http.exchange.Problem;
import io.millrace.http.exchange.ProblemException;
import io.millrace.http.exchange.Request;
import io.millrace.http.exchange.WholeBody;
import io.millrace.http.metrics.DoorMetrics;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: one request at a time. The next piece is read only when the exchange has taken
 * the last one, and the next request only when the answer has been written.
 */
final class HttpConnection extends SimpleChannelInboundHandler<HttpObject> {
  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  private static final long MAX_DROPPED = 64L << 20;
  private static final int PIECE = 64 << 10;

  private final HttpRoutes routes;
  private final DoorMetrics metrics;
  private final int maxConnections;
  private final long lingerMs;

  private @Nullable Exchange exchange;

  /** The exchange that computes its answer. */
  private @Nullable Exchange ending;

  private boolean bodyComplete = true;
  private boolean answered;
  private boolean keepAlive = true;

  /** An HTTP/1.0 client, which closes unless it is told that it need not. */
  private boolean old;

  private boolean over;
  private boolean head;
  private boolean working;
  private boolean wanted;
  private long dropped;
  private String route = "other";
  private @Nullable String corsOrigin;
  private long startedAt;

  /** The last answer, on its way. */
  private @Nullable ChannelFuture written;

  /** A connection; {@code lingerMs} is what the sender of a refused body has to read the answer. */
  HttpConnection(HttpRoutes routes, DoorMetrics metrics, int maxConnections, long lingerMs) {
    this.routes = routes;
    this.metrics = metrics;
    this.maxConnections = maxConnections;
    this.lingerMs = lingerMs;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (metrics.connection(1) > maxConnections) {
      forget();
      keepAlive = false;
      write(context, Answer.problem(Problem.of(503, "BUSY", "too many connections")));
      return;
    }
    want(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    metrics.connection(-1);
    if (exchange != null) {
      exchange.close();
      exchange = null;
    }
  }

  /** Asks for the next message; a read pass that ends without one must be asked again. */
  private void want(ChannelHandlerContext context) {
    wanted = true;
    context.read();
  }

  /** Asks for the next request, once the client has taken the answer to the last one. */
  private void next(ChannelHandlerContext context) {
    if (written == null || written.isDone()) {
      want(context);
    } else {
      written.addListener(taken -> want(context));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (wanted) {
      context.read();
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    wanted = false;
    if (over) {
      want(context);
    } else if (message.decoderResult().isFailure()) {
      over();
      if (message instanceof HttpRequest) {
        forget();
      }
      fail(context, new ProblemException(malformed(message)));
      want(context);
    } else if (message instanceof HttpRequest request) {
      begin(context, request);
      want(context);
    } else if (message instanceof HttpContent content) {
      body(context, content);
    }
  }

  /**
   * Nothing that comes now can be trusted to be a request. It is read and dropped for a while:
   * whoever still sends would lose the answer to a closed connection.
   */
  private void over() {
    over = true;
    keepAlive = false;
    bodyComplete = false;
  }

  private static Problem malformed(HttpObject message) {
    var cause = message.decoderResult().cause();
    if (cause instanceof TooLongHttpLineException) {
      return Problem.of(414, "PROTOCOL", String.valueOf(cause.getMessage()));
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return Problem.of(431, "PROTOCOL", String.valueOf(cause.getMessage()));
    }
    return Problem.of(400, "PROTOCOL", "malformed HTTP: " + cause.getMessage());
  }

  /** Nothing of the last request holds for the one that comes. */
  private void forget() {
    startedAt = System.nanoTime();
    answered = false;
    head = false;
    route = "other";
    corsOrigin = null;
  }

  private void begin(ChannelHandlerContext context, HttpRequest request) {
    forget();
    bodyComplete = !HttpUtil.isTransferEncodingChunked(request) && contentLength(request) == 0;
    dropped = 0;
    keepAlive = HttpUtil.isKeepAlive(request);
    old = !request.protocolVersion().isKeepAliveDefault();
    head = request.method().equals(HttpMethod.HEAD);
    var waitsForLeave = HttpUtil.is100ContinueExpected(request);
    try {
      HeadRules.check(request);
    } catch (ProblemException untrusted) {
      over();
      fail(context, untrusted);
      return;
    }
    try {
      var decoded = new Request(request);
      route = HttpRoutes.name(decoded);
      corsOrigin = routes.guard().corsOrigin(decoded);
      var opened = routes.open(decoded, address(context));
      exchange = bodyComplete ? opened : Encodings.decoding(decoded, opened, context.executor());
      if (waitsForLeave) {
        context.writeAndFlush(
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
      }
    } catch (ProblemException e) {
      bodyComplete |= waitsForLeave;
      keepAlive &= !waitsForLeave;
      fail(context, e);
    } catch (IllegalArgumentException e) {
      fail(context, new ProblemException(Problem.of(400, "PROTOCOL", "a malformed address")));
    } catch (RuntimeException e) {
      fail(context, e);
    }
  }

  private static @Nullable InetAddress address(ChannelHandlerContext context) {
    return context.channel().remoteAddress() instanceof InetSocketAddress from
        ? from.getAddress()
        : null;
  }

  private static long contentLength(HttpRequest request) {
    return HttpUtil.getContentLength(request, 0L);
  }

  private void body(ChannelHandlerContext context, HttpContent content) {
    bodyComplete = content instanceof LastHttpContent;
    var current = exchange;
    if (current == null) {
      drop(context, content.content().readableBytes());
      return;
    }
    try {
      var taken = current.body(content.content());
      if (bodyComplete) {
        exchange = null;
        ending = current;
        working = true;
        taken
            .thenCompose(unused -> current.end())
            .whenComplete((answer, failure) -> finish(context, answer, failure));
      } else {
        working = true;
        taken.whenComplete((unused, failure) -> resume(context, failure));
      }
    } catch (OutOfMemoryError tooMuch) {
      LOG.warn("A request needs more memory than there is: route={}", route);
      fail(context, WholeBody.noMemory());
      drop(context, 0);
    } catch (RuntimeException e) {
      fail(context, e);
      drop(context, 0);
    }
  }

  /**
   * The answer is out already, but a client that still sends would take a closed connection for a
   * failure: so the rest is read and dropped, within reason.
   */
  private void drop(ChannelHandlerContext context, int bytes) {
    dropped += bytes;
    if (bodyComplete && keepAlive) {
      next(context);
    } else if (bodyComplete || dropped > MAX_DROPPED) {
      context.close();
    } else {
      want(context);
    }
  }

  private void resume(ChannelHandlerContext context, @Nullable Throwable failure) {
    inLoop(
        context,
        () -> {
          working = false;
          if (failure != null) {
            fail(context, failure);
          }
          want(context);
        });
  }

  private void finish(
      ChannelHandlerContext context, @Nullable Answer answer, @Nullable Throwable failure) {
    inLoop(
        context,
        () -> {
          working = false;
          closeExchanges();
          if (answer != null) {
            write(context, answer);
          } else {
            fail(context, failure == null ? new IllegalStateException("no answer") : failure);
          }
          if (keepAlive) {
            next(context);
          }
        });
  }

  private static void inLoop(ChannelHandlerContext context, Runnable action) {
    if (context.executor().inEventLoop()) {
      action.run();
    } else {
      context.executor().execute(action);
    }
  }

  private void closeExchanges() {
    for (var open : new @Nullable Exchange[] {exchange, ending}) {
      if (open != null) {
        open.close();
      }
    }
    exchange = null;
    ending = null;
  }

  private void fail(ChannelHandlerContext context, Throwable failure) {
    closeExchanges();
    if (!bodyComplete) {
      keepAlive = false;
    }
    var cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    if (cause instanceof ProblemException expected) {
      write(context, Answer.problem(expected.problem()));
    } else if (cause instanceof NoSpaceException full) {
      write(context, Answer.problem(Problem.of(507, "NOSPACE", String.valueOf(full.getMessage()))));
    } else {
      LOG.warn("A request failed: route={}", route, cause);
      write(context, Answer.problem(Problem.of(500, "INTERNAL", String.valueOf(cause))));
    }
  }

  private void write(ChannelHandlerContext context, Answer answer) {
    if (answered) {
      return;
    }
    answered = true;
    metrics.answered(route, answer.status(), System.nanoTime() - startedAt);
    var response =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
    answer.headers().forEach((name, value) -> response.headers().set(name, value));
    if (answer.status() == 415) {
      response.headers().set(HttpHeaderNames.ACCEPT_ENCODING, Encodings.ACCEPTED);
    }
    forBrowsers(response.headers());
    if (answer.status() == 401) {
      response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"millrace\"");
    }
    if (!keepAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, "close");
    } else if (old) {
      response.headers().set(HttpHeaderNames.CONNECTION, "keep-alive");
    }
    written = write(context, response, head ? new byte[0] : answer.body());
    if (keepAlive) {
      return;
    }
    if (bodyComplete) {
      written.addListener(ChannelFutureListener.CLOSE);
    } else {
      // The client still sends: it reads the answer before the connection goes.
      context.executor().schedule(() -> context.close(), lingerMs, TimeUnit.MILLISECONDS);
    }
  }

  /** No page of another site reads an answer, unless its origin is allowed. */
  private void forBrowsers(HttpHeaders headers) {
    headers.set("x-content-type-options", "nosniff");
    if (corsOrigin == null) {
      headers.set("cross-origin-resource-policy", "same-origin");
    } else {
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, corsOrigin);
      headers.set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, "X-Millrace-Token");
      headers.set(HttpHeaderNames.VARY, "Origin");
    }
  }

  /** A large body leaves in pieces, as the client takes it: native memory holds no copy of it. */
  private static ChannelFuture write(
      ChannelHandlerContext context, DefaultHttpResponse head, byte[] body) {
    if (body.length <= PIECE) {
      var content = Unpooled.wrappedBuffer(body);
      return context.writeAndFlush(
          new DefaultFullHttpResponse(
              head.protocolVersion(),
              head.status(),
              content,
              head.headers(),
              EmptyHttpHeaders.INSTANCE));
    }
    context.write(head);
    var pieces = new ChunkedStream(new ByteArrayInputStream(body), PIECE);
    return context.writeAndFlush(new HttpChunkedInput(pieces));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == StrictDecoder.TOO_SLOW) {
      if (!working && exchange == null && bodyComplete) {
        forget();
        keepAlive = false;
        fail(
            context,
            new ProblemException(Problem.of(408, "TIMEOUT", "the head did not come in time")));
      }
    } else if (event == HttpServer.CLOSING) {
      leave(context);
    } else if (event instanceof IdleStateEvent && !working) {
      context.close();
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  /** The door closes: what has come whole is answered, and the answer closes the connection. */
  private void leave(ChannelHandlerContext context) {
    keepAlive = false;
    if (working && bodyComplete) {
      return;
    }
    if (written == null || written.isDone()) {
      context.close();
    } else {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("A connection broke", cause);
    context.close();
  }
}
