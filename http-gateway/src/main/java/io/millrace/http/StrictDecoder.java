package io.millrace.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decodes requests, but only heads that can be read in one way: the bytes of a head are looked at
 * before they are decoded. Each line ends in CR LF, none continues another, a name is a token with
 * the colon right behind it, and no control character is anywhere. A head has to arrive in a given
 * time.
 */
final class StrictDecoder extends HttpRequestDecoder {
  /** A head is malformed; the message says how. */
  static final class BadHead extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadHead(String message) {
      super(message);
    }
  }

  /** The head did not come in time. */
  static final Object TOO_SLOW = new Object();

  private static final String TOKEN = "!#$%&'*+-.^_`|~";

  private final int maxLine;
  private final int maxHead;
  private final long headTimeoutMs;
  private boolean inHead = true;
  private boolean broken;
  private int scanned;
  private int lineStart;
  private int lines;
  private java.util.concurrent.@Nullable ScheduledFuture<?> deadline;

  StrictDecoder(HttpDecoderConfig config, long headTimeoutMs) {
    super(config);
    this.maxLine = config.getMaxInitialLineLength();
    this.maxHead = config.getMaxInitialLineLength() + config.getMaxHeaderSize();
    this.headTimeoutMs = headTimeoutMs;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws Exception {
    startClock(context);
    super.channelActive(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    stopClock();
    super.channelInactive(context);
  }

  private void startClock(ChannelHandlerContext context) {
    if (deadline == null) {
      deadline =
          context.executor().schedule(() -> late(context), headTimeoutMs, TimeUnit.MILLISECONDS);
    }
  }

  private void late(ChannelHandlerContext context) {
    deadline = null;
    if (scanned == 0) {
      context.close();
    } else {
      context.fireUserEventTriggered(TOO_SLOW);
    }
  }

  private void stopClock() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (broken) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (inHead) {
      startClock(context);
      try {
        if (!complete(in)) {
          return;
        }
      } catch (BadHead | TooLongHttpHeaderException | TooLongHttpLineException bad) {
        stopClock();
        broken = true;
        in.skipBytes(in.readableBytes());
        var message = createInvalidMessage();
        message.setDecoderResult(io.netty.handler.codec.DecoderResult.failure(bad));
        out.add(message);
        return;
      }
      stopClock();
      inHead = false;
    }
    super.decode(context, in, out);
    if (!out.isEmpty() && out.getLast() instanceof LastHttpContent) {
      inHead = true;
      scanned = 0;
      lineStart = 0;
      lines = 0;
    }
  }

  /** Whether the buffer begins with a whole head, which is fine. */
  private boolean complete(ByteBuf in) {
    int from = in.readerIndex();
    int end = in.readableBytes();
    while (scanned < end) {
      byte b = in.getByte(from + scanned);
      if (b == '\n') {
        int length = scanned - lineStart;
        if (length == 0 || in.getByte(from + scanned - 1) != '\r') {
          throw new BadHead("a line ends in CR LF");
        }
        if (line(in, from + lineStart, from + scanned - 1)) {
          return true;
        }
        lineStart = scanned + 1;
      } else if (b != '\r' && isControl(b) || b == '\r' && notBeforeLineFeed(in, from, end)) {
        throw new BadHead("a control character in the head");
      }
      scanned++;
      if (lines == 0 && scanned > maxLine) {
        throw new TooLongHttpLineException("the request line is longer than " + maxLine + " bytes");
      }
      if (scanned > maxHead) {
        throw new TooLongHttpHeaderException("the head is longer than " + maxHead + " bytes");
      }
    }
    return false;
  }

  private boolean notBeforeLineFeed(ByteBuf in, int from, int end) {
    return scanned + 1 < end && in.getByte(from + scanned + 1) != '\n';
  }

  private static boolean isControl(byte b) {
    return b >= 0 && b < ' ' && b != '\t' || b == 127;
  }

  /** Checks one line; true when it is the empty one at the end. */
  private boolean line(ByteBuf in, int from, int to) {
    if (lines == 0) {
      // An empty line in front of a request is allowed.
      if (from < to) {
        requestLine(in.toString(from, to - from, StandardCharsets.ISO_8859_1));
        lines++;
      }
      return false;
    }
    if (from == to) {
      return true;
    }
    lines++;
    int colon = from;
    while (colon < to && in.getByte(colon) != ':') {
      if (!isToken(in.getByte(colon))) {
        throw new BadHead(
            colon == from ? "a header continues on a second line" : "no name of a header");
      }
      colon++;
    }
    if (colon == from || colon == to) {
      throw new BadHead("a header without a name or a colon");
    }
    return false;
  }

  private static void requestLine(String line) {
    int first = line.indexOf(' ');
    int last = line.lastIndexOf(' ');
    if (first <= 0
        || last <= first + 1
        || line.indexOf(' ', first + 1) != last
        || !line.startsWith("HTTP/", last + 1)
        || line.indexOf('\t') >= 0
        || !line.chars().limit(first).allMatch(c -> isToken((byte) c))) {
      throw new BadHead("this is no HTTP request");
    }
  }

  private static boolean isToken(byte b) {
    return b >= 'a' && b <= 'z'
        || b >= 'A' && b <= 'Z'
        || b >= '0' && b <= '9'
        || b > 0 && TOKEN.indexOf(b) >= 0;
  }

  /** Both are said by some client: no guess which one holds. */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new BadHead("a request says the length of its body once");
  }
}
