package io.millrace.resp.net;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.RequestMemory;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandBatch;
import io.millrace.resp.protocol.DecodeLimits;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.protocol.RequestDecoder;
import io.millrace.resp.protocol.RequestEncoder;
import io.millrace.resp.server.Doorkeeper;
import io.millrace.resp.server.OutputLimits;
import io.millrace.resp.session.Lent;
import io.millrace.resp.session.Session;
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
  private static final byte[] NOTHING = new byte[0];
  private static final long OUTPUT_HIGH = 1 << 20;

  /** What may wait for a client that has not logged in and does not read, as in the peers. */
  private static final long STRANGER_OUTPUT = 1024;

  /** More than the longest command of a client that has not logged in. */
  private static final int STRANGER_INPUT = 256 << 10;

  /** Bytes that may wait behind the present command: with room to grow still a small piece. */
  private static final long MOST_INPUT = RequestMemory.SMALL / 2;

  /** Bytes of an unfinished command from which on its client must not keep others waiting. */
  static final int LARGE_INPUT = 64 << 10;

  /** Bytes that may wait for a client without being taken from the common memory. */
  private static final int FREE_OUTPUT = 64 << 10;

  final InputBuffer input;
  private final RespLane lane;
  private final ChannelHandlerContext context;
  private final RequestDecoder decoder = new RequestDecoder();
  private final RequestMemory memory;
  private final ArrayDeque<Pending> pending = new ArrayDeque<>(0);
  private long pendingBytes;

  /** Bytes that wait in lent arrays, whose memory is taken by the array. */
  private long lentBytes;

  private final RequestMemory.Share forOutput;
  private final RequestMemory.Share forDecoder;
  private boolean takenForOutput;
  private long heldBytes;
  private int decoded;

  /** What the next decoding answers at once: found when bytes were dropped. */
  private int found = RequestDecoder.INCOMPLETE;

  private final ArrayDeque<Message> outbox = new ArrayDeque<>(0);
  private boolean delivering;

  /** When bytes came or went last, or the connection went on; read by whoever has the lock. */
  private volatile long movedMs;

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

  /** A close was asked for, and all replies there will be have been handed over. */
  private boolean complete;

  boolean closed;
  int batchFrom;
  int batchCommands;
  int replyFrom;
  int replyTo;
  long required;

  /** What waits to be sent: bytes, or what is left of a part of a lent array. */
  private static final class Pending {
    final long position;
    final @Nullable ByteBuf bytes;
    final @Nullable Lent lent;
    int from;
    final int to;

    Pending(long position, @Nullable ByteBuf bytes, @Nullable Lent lent, int from, int to) {
      this.position = position;
      this.bytes = bytes;
      this.lent = lent;
      this.from = from;
      this.to = to;
    }
  }

  /**
   * What is sent by others than this connection's present turn, in the order in which it happened
   * under the execution lock.
   *
   * @param limits how much may wait for the client, or null for the reply that ends its wait
   */
  private record Message(
      byte[] bytes, @Nullable Lent lent, long position, @Nullable OutputLimits limits) {}

  Connection(
      long id, long nowMs, boolean authenticated, RespLane lane, ChannelHandlerContext context) {
    super(id, nowMs, authenticated);
    this.lane = lane;
    this.context = context;
    this.input = new InputBuffer(lane.pool());
    this.memory = lane.server().memory();
    this.forOutput = new RequestMemory.Share(memory);
    this.forDecoder = new RequestMemory.Share(memory);
  }

  /**
   * Takes bytes in. When there is no memory for a command that is not complete yet, that command is
   * dropped, and answered once its last byte has passed.
   *
   * @return false when there is no memory even so and the connection must be closed
   */
  boolean receive(ByteBuf in) {
    moved();
    if (input.add(in, decoder.announced())) {
      return true;
    }
    if (decoder.pending()) {
      dropPending();
      if (input.add(in, 0)) {
        return true;
      }
    }
    return input.addAnyway(in);
  }

  /** As in Redis, a client is there while its bytes come in or it takes those for it. */
  private void moved() {
    long now = lane.server().clockMs();
    if (now != movedMs) {
      movedMs = now;
    }
  }

  @Override
  public long lastActiveMs() {
    return Math.max(super.lastActiveMs(), movedMs);
  }

  /**
   * Drops the command that was not complete when it was decoded, and its bytes so far: it is the
   * first of the input. Its last byte may have come since, and then it has to be answered.
   */
  private void dropPending() {
    int at = decoder.skip(input.start());
    found = decoder.decode(input.array(), at, input.end(), lane.scratch(), lane.limits());
    input.replaceFront(decoder.consumed(), NOTHING, 0);
    takeForDecoder();
  }

  private boolean takeForDecoder() {
    heldBytes = decoder.heldBytes();
    return forDecoder.hold(heldBytes);
  }

  /** True when a large part of a command is here, and it is the client who lets it wait. */
  boolean unfinished() {
    return input.size() > LARGE_INPUT
        && decoder.pending()
        && !paused
        && !full
        && (!waiting || decoder.announced() > input.size());
  }

  /** True when the lane may decode and run commands of this connection. */
  boolean runnable() {
    return !waiting && !paused && !closing && !closed;
  }

  /** Adds complete commands to the batch, at most up to a number of commands in it. */
  void decode(CommandBatch batch, int most, DecodeLimits limits) {
    batchFrom = batch.end();
    batchCommands = 0;
    if (found != RequestDecoder.INCOMPLETE) {
      decoded = found;
      found = RequestDecoder.INCOMPLETE;
      return;
    }
    decoded = RequestDecoder.COMMAND;
    int at = input.start();
    byte[] array = input.array();
    var used = authenticated() ? limits : DecodeLimits.STRANGER;
    while (batch.commands() < most) {
      decoded = decoder.decode(array, at, input.end(), batch, used);
      at = decoder.consumed();
      if (decoded == RequestDecoder.TOO_LARGE) {
        if (batchCommands == 0) {
          at = decoder.skip(at);
          continue;
        }
        // First what stands before it is run.
        decoded = RequestDecoder.COMMAND;
        break;
      }
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
      if (decoder.heldBytes() != heldBytes && !takeForDecoder()) {
        dropPending();
      }
    } else if (decoder.heldBytes() < heldBytes) {
      // What has just become complete may be the last for long.
      takeForDecoder();
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
      await(new Pending(position, bytes, null, 0, 0));
    }
    pauseIfSlow();
  }

  /**
   * Sends many bytes in pieces, as the client takes them.
   *
   * @param lent whose array it is, or null when it is used again and what is left must be copied
   */
  void send(byte[] array, int from, int to, @Nullable Lent lent, long position) {
    if (closed) {
      return;
    }
    int at = from;
    if (pending.isEmpty() && lane.released() >= position) {
      at = writePieces(array, at, to);
    }
    if (at == to) {
      return;
    }
    if (lent != null) {
      lent.use();
      lentBytes += to - at;
      await(new Pending(position, null, lent, at, to));
    } else {
      byte[] rest = memory.array(to - at);
      if (rest == null) {
        closeForMemory();
        return;
      }
      System.arraycopy(array, at, rest, 0, rest.length);
      lentBytes += rest.length;
      await(new Pending(position, null, new Lent(rest, memory), 0, rest.length));
    }
    pauseIfSlow();
  }

  private void await(Pending next) {
    // Whoever stands alone is told, even if its position was released since the caller looked.
    boolean alone = pending.isEmpty();
    pending.add(next);
    if (alone || lane.released() < next.position) {
      lane.whenReleased(next.position, () -> released(next.position));
    }
    if (!authenticated() && outputWaiting() > STRANGER_OUTPUT) {
      lane.closedForOutput(this, outputWaiting());
      context.close();
    }
  }

  private int writePieces(byte[] array, int from, int to) {
    int at = from;
    while (at < to && context.channel().isWritable()) {
      int length = Math.min(Lent.LARGE, to - at);
      context.writeAndFlush(lane.buffers().copy(array, at, length), context.voidPromise());
      at += length;
    }
    return at;
  }

  private void pauseIfSlow() {
    boolean writable = context.channel().isWritable();
    if (!writable || pendingBytes > OUTPUT_HIGH || lentBytes > 0) {
      pause();
    }
    if ((!writable || pendingBytes > FREE_OUTPUT) && !takeForOutput()) {
      closeForMemory();
    }
  }

  private boolean takeForOutput() {
    var out = context.channel().unsafe().outboundBuffer();
    long waits = pendingBytes + (out == null ? 0 : out.totalPendingWriteBytes());
    boolean enough = forOutput.hold(waits);
    // Without enough, what was held before still is, and has to be given back as well.
    takenForOutput |= enough;
    return enough;
  }

  private void closeForMemory() {
    lane.closedForMemory(this);
    context.close();
  }

  /** The journal was released up to a position: sends what is due. */
  private void released(long position) {
    try {
      if (drain() < position && !pending.isEmpty()) {
        // The watermark of everysec has gone back since the lane looked at it.
        lane.whenReleased(position, () -> released(position));
      }
    } catch (RuntimeException | OutOfMemoryError broken) {
      // Others wait behind this one in the lane.
      cannotSend(broken);
    }
  }

  /**
   * Sends what is due, as far as the client takes it.
   *
   * @return position up to which the journal was released
   */
  long drain() {
    moved();
    long released = lane.released();
    while (!pending.isEmpty() && pending.element().position <= released) {
      var next = pending.element();
      var lent = next.lent;
      if (next.bytes != null) {
        pending.remove();
        pendingBytes -= next.bytes.readableBytes();
        write(next.bytes);
      } else if (lent != null) {
        int at = closed ? next.to : writePieces(lent.array(), next.from, next.to);
        lentBytes -= at - next.from;
        next.from = at;
        if (at < next.to) {
          break;
        }
        pending.remove();
        lent.release();
      }
    }
    if (takenForOutput) {
      takeForOutput();
    }
    closeIfSent();
    resume();
    return released;
  }

  private void write(ByteBuf bytes) {
    if (closed) {
      bytes.release();
    } else {
      context.writeAndFlush(bytes, context.voidPromise());
    }
  }

  /** The replies of a turn are handed over: if a close was asked for, these were the last. */
  void finish() {
    complete = closing;
    closeIfSent();
  }

  /** Nothing pending is not yet the end: {@link #send} may be in the middle of its pieces. */
  private void closeIfSent() {
    if (complete && !closed && pending.isEmpty()) {
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
  private void resume() {
    if (paused && context.channel().isWritable() && pendingBytes <= OUTPUT_HIGH && lentBytes == 0) {
      paused = false;
      context.channel().config().setAutoRead(!full);
      lane.ready(this);
    }
  }

  void closed() {
    closed = true;
    input.release();
    decoder.reset();
    for (var next : pending) {
      if (next.bytes != null) {
        next.bytes.release();
      }
      if (next.lent != null) {
        next.lent.release();
      }
    }
    pending.clear();
    pendingBytes = 0;
    lentBytes = 0;
    forOutput.close();
    forDecoder.close();
    List<Message> unsent = takeMail();
    unsent.forEach(Connection::forget);
    before.forEach(Connection::forget);
    before = List.of();
  }

  private static void forget(Message message) {
    if (message.lent() != null) {
      message.lent().release();
    }
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
    post(new Message(bytes, null, position, lane.server().outputLimits(this)));
  }

  @Override
  public void push(Lent lent, long position) {
    lent.use();
    post(new Message(lent.array(), lent, position, lane.server().outputLimits(this)));
  }

  @Override
  public void wake(byte[] reply, long position) {
    moved();
    post(new Message(reply, null, position, null));
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
    try {
      deliver(takeMail());
    } catch (RuntimeException | OutOfMemoryError broken) {
      cannotSend(broken);
    }
  }

  private void deliver(List<Message> all) {
    int next = 0;
    try {
      while (next < all.size()) {
        deliver(all.get(next++));
      }
    } finally {
      all.subList(next, all.size()).forEach(Connection::forget);
    }
  }

  /** A reply is missing from now on, so that none behind it may be sent. */
  private void cannotSend(Throwable broken) {
    lane.cannotSend(this, broken);
    context.close();
  }

  private void deliver(Message message) {
    byte[] bytes = message.bytes();
    try {
      if (bytes.length >= Lent.LARGE) {
        send(bytes, 0, bytes.length, message.lent(), message.position());
      } else {
        send(context.alloc().buffer(bytes.length).writeBytes(bytes), message.position());
      }
    } finally {
      forget(message);
    }
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
    deliver(all);
  }

  /** A command has run, with the lock held: what it sent to its own client follows its reply. */
  void addMail(ReplyWriter reply) {
    if (mail) {
      for (var message : takeMail()) {
        reply.raw(message.bytes(), 0, message.bytes().length);
        forget(message);
        required = Math.max(required, message.position());
      }
    }
  }

  private long outputWaiting() {
    var out = context.channel().unsafe().outboundBuffer();
    return pendingBytes + lentBytes + (out == null ? 0 : out.totalPendingWriteBytes());
  }

  /**
   * Stops reading while a client sends faster than its commands are run, or behind one that waits.
   */
  void boundInput() {
    long more = Math.min(MOST_INPUT, lane.server().mostInput() / 2);
    long most = authenticated() ? decoder.announced() + more : STRANGER_INPUT;
    if (input.size() > most && !full) {
      full = true;
      context.channel().config().setAutoRead(false);
    }
  }

  /** Reads on when a turn has made room. */
  void readOn() {
    boolean needsMore = decoded == RequestDecoder.INCOMPLETE && !queued && !waiting;
    if (full && (needsMore || input.size() < STRANGER_INPUT / 2)) {
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
    moved();
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
    return pendingBytes + lentBytes;
  }
}
