package io.millrace.resp.net;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.HotPath;
import io.millrace.resp.command.Doorkeeper;
import io.millrace.resp.command.OutputLimits;
import io.millrace.resp.command.Session;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandBatch;
import io.millrace.resp.protocol.DecodeLimits;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.protocol.RequestDecoder;
import io.millrace.resp.protocol.RequestEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client's connection: its input, its session, and the replies that wait for the journal. */
@HotPath(benchmark = "RespDecoderBenchmark")
final class Connection extends Session {
  private static final long OUTPUT_HIGH = 1 << 20;

  /** What may wait for a client that has not logged in and does not read, as in the peers. */
  private static final long STRANGER_OUTPUT = 1024;

  /** More than the longest command of a client that has not logged in. */
  private static final int STRANGER_INPUT = 256 << 10;

  final InputBuffer input;
  private final RespLane lane;
  private final ChannelHandlerContext context;
  private final RequestDecoder decoder = new RequestDecoder();
  private final ArrayDeque<Pending> pending = new ArrayDeque<>(0);
  private long pendingBytes;
  private int decoded;
  private final ArrayDeque<Message> outbox = new ArrayDeque<>(0);
  private boolean delivering;
  private volatile boolean mail;
  private List<Message> before = List.of();
  private boolean aboveSoft;
  private long aboveSoftSince;

  // State of the current turn.
  boolean queued;
  boolean waiting;
  boolean paused;
  private boolean full;
  boolean closing;
  boolean closed;
  int batchFrom;
  int batchCommands;
  int replyFrom;
  int replyTo;
  long required;

  private record Pending(long position, ByteBuf bytes) {}

  /**
   * What is sent by others than this connection's present turn, in the order in which it happened
   * under the execution lock.
   *
   * @param limits how much may wait for the client, or null for the reply that ends its wait
   */
  private record Message(byte[] bytes, long position, @Nullable OutputLimits limits) {}

  Connection(
      long id, long nowMs, boolean authenticated, RespLane lane, ChannelHandlerContext context) {
    super(id, nowMs, authenticated);
    this.lane = lane;
    this.context = context;
    this.input = new InputBuffer(lane.pool());
  }

  /** True when the lane may decode and run commands of this connection. */
  boolean runnable() {
    return !waiting && !paused && !closing && !closed;
  }

  /** Adds complete commands to the batch, at most up to a number of commands in it. */
  void decode(CommandBatch batch, int most, DecodeLimits limits) {
    batchFrom = batch.end();
    batchCommands = 0;
    decoded = RequestDecoder.COMMAND;
    int at = input.start();
    byte[] array = input.array();
    var used = authenticated() ? limits : DecodeLimits.STRANGER;
    while (batch.commands() < most) {
      decoded = decoder.decode(array, at, input.end(), batch, used);
      at = decoder.consumed();
      if (decoded != RequestDecoder.COMMAND) {
        break;
      }
      batchCommands++;
      // Before login each command may change what is allowed next; an unquoted inline command has
      // changed its own bytes. Both are run alone.
      if (!authenticated() || array[batch.rawStart(batch.last())] != '*') {
        break;
      }
    }
    if (batchCommands == 0) {
      input.consume(at);
    }
  }

  /** Notes that a command, and all before it, was run. */
  void executed(int rawEnd) {
    input.consume(rawEnd);
  }

  /** Commands were decoded but not run: they will be decoded again. */
  void postponed(Args first) {
    if (!first.isArray()) {
      var encoder = new RequestEncoder();
      encoder.command(first);
      input.replaceFront(first.rawEnd(), encoder.array(), encoder.size());
    }
    decoder.reset();
  }

  /** What ended the last decoding. */
  int decoded() {
    return decoded;
  }

  String protocolError() {
    return decoder.error();
  }

  /** Sends bytes once the journal is released up to a position; keeps their order. */
  void send(ByteBuf bytes, long position) {
    if (closed) {
      bytes.release();
      return;
    }
    if (pending.isEmpty() && lane.released() >= position) {
      context.writeAndFlush(bytes, context.voidPromise());
    } else {
      pendingBytes += bytes.readableBytes();
      pending.add(new Pending(position, bytes));
      lane.whenReleased(position, this::release);
    }
    if (!context.channel().isWritable() || pendingBytes > OUTPUT_HIGH) {
      pause();
    }
    if (!authenticated() && outputWaiting() > STRANGER_OUTPUT) {
      lane.closedForOutput(this, outputWaiting());
      context.close();
    }
  }

  private void release() {
    long released = lane.released();
    while (!pending.isEmpty() && pending.peek().position() <= released) {
      var next = pending.remove();
      pendingBytes -= next.bytes().readableBytes();
      if (closed) {
        next.bytes().release();
      } else {
        context.writeAndFlush(next.bytes(), context.voidPromise());
      }
    }
    finish();
    resume();
  }

  /** Closes when a close was asked for and all replies are on their way. */
  void finish() {
    if (closing && !closed && pending.isEmpty()) {
      context
          .writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER)
          .addListener(io.netty.channel.ChannelFutureListener.CLOSE);
    }
  }

  private void pause() {
    if (!paused) {
      paused = true;
      context.channel().config().setAutoRead(false);
    }
  }

  /** Goes on when the client has taken its replies. */
  void resume() {
    if (paused && context.channel().isWritable() && pendingBytes <= OUTPUT_HIGH) {
      paused = false;
      context.channel().config().setAutoRead(!full);
      lane.ready(this);
    }
  }

  void closed() {
    closed = true;
    input.release();
    for (var next : pending) {
      next.bytes().release();
    }
    pending.clear();
    pendingBytes = 0;
  }

  Channel channel() {
    return context.channel();
  }

  ChannelHandlerContext context() {
    return context;
  }

  @Override
  public boolean local() {
    return context.channel().remoteAddress() instanceof InetSocketAddress from
        && Doorkeeper.isLoopback(from.getAddress());
  }

  @Override
  public void closeAfterReply() {
    closing = true;
  }

  @Override
  public void kill() {
    context.channel().eventLoop().execute(context::close);
  }

  @Override
  public String address() {
    return text(context.channel().remoteAddress());
  }

  @Override
  public String localAddress() {
    return text(context.channel().localAddress());
  }

  private static String text(SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
      return inet.getAddress().getHostAddress() + ":" + inet.getPort();
    }
    return "";
  }

  @Override
  public void push(byte[] bytes, long position) {
    post(new Message(bytes, position, lane.server().outputLimits(this)));
  }

  @Override
  public void wake(byte[] reply, long position) {
    post(new Message(reply, position, null));
  }

  private void post(Message message) {
    boolean first;
    synchronized (outbox) {
      outbox.add(message);
      mail = true;
      first = !delivering;
      delivering = true;
    }
    if (first) {
      context.channel().eventLoop().execute(this::deliver);
    }
  }

  private List<Message> takeMail() {
    synchronized (outbox) {
      var all = List.copyOf(outbox);
      outbox.clear();
      mail = false;
      return all;
    }
  }

  private void deliver() {
    synchronized (outbox) {
      delivering = false;
    }
    takeMail().forEach(this::deliver);
  }

  private void deliver(Message message) {
    byte[] bytes = message.bytes();
    send(context.alloc().buffer(bytes.length).writeBytes(bytes), message.position());
    if (message.limits() != null) {
      closeAbove(message.limits());
    } else {
      waiting = false;
      lane.ready(this);
    }
  }

  /** Commands begin to run, with the lock held: what was sent so far comes before their replies. */
  void begin() {
    if (mail) {
      before = takeMail();
    }
  }

  /** Sends what comes before the replies of the present turn. */
  void sendBefore() {
    var all = before;
    before = List.of();
    all.forEach(this::deliver);
  }

  /** A command has run, with the lock held: what it sent to its own client follows its reply. */
  void addMail(ReplyWriter reply) {
    if (mail) {
      for (var message : takeMail()) {
        reply.raw(message.bytes(), 0, message.bytes().length);
        required = Math.max(required, message.position());
      }
    }
  }

  private long outputWaiting() {
    var out = context.channel().unsafe().outboundBuffer();
    return pendingBytes + (out == null ? 0 : out.totalPendingWriteBytes());
  }

  /** Stops reading while a client that has not logged in sends faster than it is answered. */
  void boundInput() {
    if (!authenticated() && input.size() > STRANGER_INPUT && !full) {
      full = true;
      context.channel().config().setAutoRead(false);
    }
  }

  /** Reads on when a turn has made room. */
  void readOn() {
    if (full && (authenticated() || input.size() < STRANGER_INPUT / 2)) {
      full = false;
      if (!paused) {
        context.channel().config().setAutoRead(true);
      }
    }
  }

  /** Closes the connection of a client that does not take what is sent to it. */
  private void closeAbove(OutputLimits limits) {
    long waits = outputWaiting();
    boolean soft = limits.soft() > 0 && waits > limits.soft();
    long now = System.nanoTime();
    if (!soft) {
      aboveSoft = false;
    } else if (!aboveSoft) {
      aboveSoft = true;
      aboveSoftSince = now;
    }
    boolean tooLong = soft && now - aboveSoftSince > limits.softMs() * 1_000_000;
    if (limits.hard() > 0 && waits > limits.hard() || tooLong) {
      lane.closedForOutput(this, waits);
      context.close();
    }
  }

  @Override
  public void goOn() {
    context
        .channel()
        .eventLoop()
        .execute(() -> {
          waiting = false;
          lane.ready(this);
        });
  }

  @Override
  public Runnable after(long delayMs, Consumer<Execution> action) {
    var timer =
        context
            .channel()
            .eventLoop()
            .schedule(() -> lane.locked(action), delayMs, TimeUnit.MILLISECONDS);
    return () -> timer.cancel(false);
  }

  @Override
  public int inputBytes() {
    return input.size();
  }

  @Override
  public long outputBytes() {
    return pendingBytes;
  }
}
