package io.millrace.sql.wire;

import io.millrace.engine.state.Lane;
import io.millrace.engine.state.NotResidentException;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.run.SessionInfo;
import io.millrace.sql.session.SqlSession;
import io.millrace.sql.types.Utf8;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: logs it in on the event loop, then handles its messages in order, one at a time: on
 * the event loop what is quick, on a worker what may block or take long. Reading stops while too
 * many bytes wait; a worker waits while the client does not read.
 */
final class PgConnection extends ChannelInboundHandlerAdapter implements Protocol.Output {
  private static final Logger LOG = LoggerFactory.getLogger(PgConnection.class);
  private static final int SSL_REQUEST = 80_877_103;
  private static final int GSS_REQUEST = 80_877_104;
  private static final int CANCEL_REQUEST = 80_877_102;
  private static final int MAX_WAITING_BYTES = 1 << 20;

  /** What is larger is sent in pieces, so that native memory holds no copy of it. */
  private static final int PIECE = 64 << 10;

  private static final long WRITE_POLL_MS = 200;
  private static final long WRITE_STALL_MS = 60_000;

  private enum Phase {
    STARTUP,
    PASSWORD,
    SCRAM_FIRST,
    SCRAM_LAST,
    READY,
    CLOSED
  }

  private final PgServer server;
  private final FrameDecoder decoder;
  private final ArrayDeque<Frame> inbox = new ArrayDeque<>();
  private long inboxBytes;

  /** True while somebody handles messages, or waits on their behalf: the others queue. */
  private boolean working;

  private @Nullable Lane lane;
  private @Nullable ByteBuf held;
  private int misses;
  private boolean paused;
  private boolean sslAsked;
  private boolean gssAsked;
  private boolean proven;
  private Phase phase = Phase.STARTUP;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ScheduledFuture<?> loginTimeout;
  private @Nullable SqlSession session;
  private @Nullable Protocol protocol;
  private @Nullable Scram scram;
  private int processId;
  private String user = "";
  private volatile boolean gone;
  private final Object writable = new Object();

  PgConnection(PgServer server, FrameDecoder decoder) {
    this.server = server;
    this.decoder = decoder;
  }

  private ChannelHandlerContext context() {
    return java.util.Objects.requireNonNull(context);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    context = ctx;
    lane = server.lane(ctx.channel().eventLoop());
    if (!server.admission().enter()) {
      refuse(Admission.tooMany());
      return;
    }
    loginTimeout =
        ctx.executor()
            .schedule(() -> ctx.close(), server.config().loginTimeoutMs(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone = true;
    leave();
    if (loginTimeout != null) {
      loginTimeout.cancel(false);
    }
    if (session != null) {
      session.cancel();
      server.cancels().remove(processId);
    }
    signalWritable();
    synchronized (inbox) {
      inbox.forEach(Frame::release);
      inbox.clear();
      if (!working) {
        closeProtocol();
      }
    }
  }

  private void closeProtocol() {
    var open = protocol;
    protocol = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var frame = (Frame) message;
    if (phase == Phase.READY && (proven || server.admission().admits(ctx.channel()))) {
      enqueue(frame);
      return;
    }
    try {
      login(frame);
    } catch (SqlProblem problem) {
      refuse(problem);
    } finally {
      frame.release();
    }
  }

  private void login(Frame frame) {
    var in = new MessageReader(frame.body());
    if (phase == Phase.CLOSED) {
      return;
    }
    if (phase == Phase.READY) {
      throw Admission.denied();
    }
    if (phase == Phase.STARTUP) {
      startup(in);
    } else if (frame.type() != 'p') {
      throw MessageReader.broken("expected password response");
    } else {
      password(in);
    }
  }

  private void startup(MessageReader in) {
    var code = in.int32();
    if (code != SSL_REQUEST
        && code != GSS_REQUEST
        && !server.admission().admits(context().channel())) {
      throw Admission.denied();
    }
    switch (code) {
      case SSL_REQUEST, GSS_REQUEST -> refuseEncryption(code);
      case CANCEL_REQUEST -> {
        server.cancels().cancel(in.int32(), in.int32());
        context().close();
      }
      default -> {
        if (code >>> 16 != 3) {
          throw new SqlProblem(
              SqlState.FEATURE_NOT_SUPPORTED,
              "unsupported frontend protocol " + (code >>> 16) + "." + (code & 0xFFFF));
        }
        begin(in, code & 0xFFFF);
      }
    }
  }

  /** Says no, once for each kind; bytes sent along with the request are not to be trusted. */
  private void refuseEncryption(int code) {
    var again = code == SSL_REQUEST ? sslAsked : gssAsked;
    sslAsked |= code == SSL_REQUEST;
    gssAsked |= code == GSS_REQUEST;
    if (again || decoder.pending()) {
      throw MessageReader.broken("unexpected data with an encryption request");
    }
    var answer = context().alloc().buffer(1);
    answer.writeByte('N');
    context().writeAndFlush(answer);
  }

  private void begin(MessageReader in, int minor) {
    decoder.startupDone();
    processId = server.cancels().newProcessId();
    var packet = StartupPacket.read(in);
    user = packet.user();
    if (user.isEmpty()) {
      throw new SqlProblem("28000", "no PostgreSQL user name specified in startup packet");
    }
    var opened = server.open(new SessionInfo(user, packet.database(), processId));
    session = opened;
    for (var setting : packet.settings()) {
      opened.startupSetting(setting.name(), setting.value());
    }
    var out = new MessageWriter(context().alloc());
    if (minor > 0 || !packet.unknown().isEmpty()) {
      out.negotiate(packet.unknown());
    }
    askPassword(out);
  }

  private void askPassword(MessageWriter out) {
    var verifier = server.verifier();
    if (verifier == null) {
      welcome(out);
      return;
    }
    if (server.config().cleartext()) {
      phase = Phase.PASSWORD;
      out.authentication(3, new byte[0]);
    } else {
      phase = Phase.SCRAM_FIRST;
      scram = new Scram(verifier);
      out.authentication(10, (Scram.MECHANISM + "\0\0").getBytes(StandardCharsets.US_ASCII));
    }
    send(out);
  }

  private void password(MessageReader in) {
    switch (phase) {
      case PASSWORD -> {
        if (!server.passwordIs(in.string())) {
          throw wrongPassword();
        }
        welcome(new MessageWriter(context().alloc()));
      }
      case SCRAM_FIRST -> {
        if (!in.string().equals(Scram.MECHANISM)) {
          throw MessageReader.broken("client selected an invalid SASL authentication mechanism");
        }
        var length = in.int32();
        var first = Utf8.text(in.bytes(length));
        phase = Phase.SCRAM_LAST;
        var out = new MessageWriter(context().alloc());
        out.authentication(11, scram().first(first).getBytes(StandardCharsets.UTF_8));
        send(out);
      }
      default -> {
        var answer = last(in.rest());
        var out = new MessageWriter(context().alloc());
        out.authentication(12, answer.getBytes(StandardCharsets.UTF_8));
        welcome(out);
      }
    }
  }

  private Scram scram() {
    return java.util.Objects.requireNonNull(scram);
  }

  private String last(String proof) {
    try {
      return scram().last(proof);
    } catch (SqlProblem problem) {
      throw problem.state().equals(SqlState.INVALID_PASSWORD) ? wrongPassword() : problem;
    }
  }

  private SqlProblem wrongPassword() {
    server.admission().failed(context().channel());
    return new SqlProblem(
        SqlState.INVALID_PASSWORD, "password authentication failed for user \"" + user + "\"");
  }

  private void welcome(MessageWriter out) {
    if (loginTimeout != null) {
      loginTimeout.cancel(false);
    }
    decoder.loginDone();
    proven = phase != Phase.STARTUP;
    phase = Phase.READY;
    if (!server.admission().logIn()) {
      leave();
      throw Admission.tooMany();
    }
    var opened = java.util.Objects.requireNonNull(session);
    var memory = server.config().requests();
    protocol = new Protocol(opened, new MessageWriter(context().alloc()), this, memory);
    out.authentication(0, new byte[0]);
    opened.settings().initialReports().forEach(out::parameterStatus);
    out.keyData(processId, server.cancels().add(processId, opened));
    out.ready('I');
    send(out);
  }

  private void send(MessageWriter out) {
    var bytes = out.take();
    context().writeAndFlush(bytes == null ? Unpooled.EMPTY_BUFFER : bytes);
  }

  private void refuse(SqlProblem problem) {
    if (phase != Phase.READY) {
      leave();
    }
    var out = new MessageWriter(context().alloc());
    out.error(problem, true, 0);
    var bytes = out.take();
    if (bytes != null) {
      context().writeAndFlush(bytes).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void leave() {
    if (phase != Phase.CLOSED) {
      server.admission().leave(phase == Phase.READY);
      phase = Phase.CLOSED;
    }
  }

  private static long weight(Frame frame) {
    return frame.body().readableBytes() + 64L;
  }

  private void enqueue(Frame frame) {
    synchronized (inbox) {
      if (working) {
        inbox.add(frame);
        inboxBytes += weight(frame);
        if (inboxBytes > MAX_WAITING_BYTES && !paused) {
          paused = true;
          context().channel().config().setAutoRead(false);
        }
        return;
      }
      working = true;
    }
    serve(frame);
  }

  /** The next waiting message; null when there is none, and nobody works from then on. */
  private @Nullable Frame take() {
    synchronized (inbox) {
      var frame = inbox.poll();
      if (frame == null) {
        working = false;
        if (gone) {
          closeProtocol();
        }
        return null;
      }
      inboxBytes -= weight(frame);
      if (paused && inboxBytes < MAX_WAITING_BYTES / 2) {
        paused = false;
        context().channel().config().setAutoRead(true);
      }
      return frame;
    }
  }

  /**
   * Handles messages on the event loop until none waits, one needs a worker, or an answer has to
   * wait.
   */
  private void serve(@Nullable Frame first) {
    for (var frame = first; frame != null; frame = held == null ? take() : null) {
      if (!quickly(frame)) {
        return;
      }
    }
  }

  /** Handles one message on the event loop; false when somebody else goes on with it. */
  private boolean quickly(Frame frame) {
    var open = protocol;
    var ours = lane;
    if (open == null || gone) {
      frame.release();
      return true;
    }
    if (ours == null || misses > Lane.MOST_MISSES || !context().channel().isWritable()) {
      return handOver(frame);
    }
    try {
      if (!open.quickly(frame, ours)) {
        return handOver(frame);
      }
    } catch (NotResidentException missing) {
      misses++;
      return load(missing, frame, ours);
    } catch (ClientGoneException left) {
      LOG.debug("process {}: {}", processId, left.getMessage());
    } catch (RuntimeException | Error fault) {
      failed(fault);
    }
    misses = 0;
    frame.release();
    if (open.closed()) {
      context().close();
    }
    return true;
  }

  /** Begins a message again when what it misses is in memory. */
  private boolean load(NotResidentException missing, Frame frame, Lane ours) {
    try {
      ours.load(missing, () -> serve(frame));
      return false;
    } catch (RuntimeException | Error fault) {
      // A worker reads the entry itself, or says why it cannot.
      LOG.warn("an entry cannot be loaded for process {}", processId, fault);
      return handOver(frame);
    }
  }

  /** Gives a message and all behind it to a worker, once what has been read may be shown. */
  private boolean handOver(Frame frame) {
    misses = 0;
    synchronized (inbox) {
      inbox.addFirst(frame);
      inboxBytes += weight(frame);
    }
    try {
      var position = java.util.Objects.requireNonNull(session).unreleased();
      if (lane == null || released(lane, position)) {
        submit();
      } else {
        lane.whenReleased(position, this::submit);
      }
    } catch (RuntimeException | Error fault) {
      failed(fault);
      drop();
    }
    return false;
  }

  /** Ends the connection, and says so, after a fault that no statement could report. */
  private void failed(Throwable fault) {
    LOG.error("connection of process {} failed", processId, fault);
    refuse(new SqlProblem(SqlState.INTERNAL_ERROR, "the connection failed inside the server"));
  }

  /** True when a journal position is released; writes what is due to make it so. */
  private static boolean released(Lane lane, long position) {
    if (lane.released() >= position) {
      return true;
    }
    lane.write();
    return lane.released() >= position;
  }

  private void submit() {
    try {
      server.workers().execute(this::work);
    } catch (RejectedExecutionException stopping) {
      LOG.debug("process {}: no worker takes more work", processId, stopping);
      refuse(new SqlProblem(SqlState.ADMIN_SHUTDOWN, "the server stops"));
      drop();
    }
  }

  /** Lets all waiting messages go. */
  private void drop() {
    for (var frame = take(); frame != null; frame = take()) {
      frame.release();
    }
  }

  /** Handles waiting messages; runs on a worker. */
  private void work() {
    for (var frame = take(); frame != null; frame = take()) {
      try {
        var open = protocol;
        if (open != null && !gone) {
          open.handle(frame);
          if (open.closed()) {
            context().close();
          }
        }
      } catch (ClientGoneException left) {
        LOG.debug("process {}: {}", processId, left.getMessage());
      } catch (RuntimeException | Error fault) {
        failed(fault);
      } finally {
        frame.release();
      }
    }
  }

  @Override
  public void push(ByteBuf bytes, long position) {
    var channel = context().channel();
    if (gone) {
      bytes.release();
      throw new ClientGoneException("the client has gone");
    }
    if (context().executor().inEventLoop()) {
      hold(bytes, position);
      return;
    }
    try {
      while (bytes.readableBytes() > PIECE) {
        context().writeAndFlush(context().alloc().buffer(PIECE).writeBytes(bytes, PIECE));
        awaitWritable(channel);
      }
    } catch (RuntimeException | Error fault) {
      bytes.release();
      throw fault;
    }
    context().writeAndFlush(bytes, context().voidPromise());
    awaitWritable(channel);
  }

  private void awaitWritable(Channel channel) {
    var waited = 0L;
    while (!channel.isWritable()) {
      if (gone || waited > WRITE_STALL_MS) {
        context().close();
        throw new ClientGoneException("the client does not read");
      }
      synchronized (writable) {
        if (!channel.isWritable()) {
          try {
            writable.wait(WRITE_POLL_MS);
          } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new SqlProblem(SqlState.ADMIN_SHUTDOWN, "the server stops");
          }
        }
      }
      waited += WRITE_POLL_MS;
    }
  }

  /** Sends bytes when a position is released; messages behind them wait until then. */
  private void hold(ByteBuf bytes, long position) {
    var before = held;
    var ours = java.util.Objects.requireNonNull(lane);
    if (before != null) {
      held = Unpooled.wrappedBuffer(before, bytes);
      return;
    }
    try {
      if (!released(ours, position)) {
        ours.whenReleased(position, this::sendHeld);
        held = bytes;
        return;
      }
    } catch (RuntimeException | Error fault) {
      bytes.release();
      throw fault;
    }
    context().writeAndFlush(bytes, context().voidPromise());
  }

  private void sendHeld() {
    var bytes = java.util.Objects.requireNonNull(held);
    held = null;
    if (gone) {
      bytes.release();
    } else {
      context().writeAndFlush(bytes, context().voidPromise());
    }
    serve(take());
  }

  private void signalWritable() {
    synchronized (writable) {
      writable.notifyAll();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    signalWritable();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var root = cause.getCause() == null ? cause : cause.getCause();
    if (root instanceof SqlProblem problem) {
      refuse(problem);
    } else {
      LOG.debug("connection closed after a fault", cause);
      ctx.close();
    }
  }
}
