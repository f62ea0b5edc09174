package io.millrace.sql.wire;

import io.millrace.engine.state.Lane;
import io.millrace.engine.state.NotResidentException;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.session.SqlSession;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: once its {@link Login} is done, its messages are handled in order, one at a time: on
 * the event loop what is quick, on a worker what may block or take long. The others wait in the
 * {@link Inbox}; answers leave by the {@link ReplyGate}.
 */
final class PgConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(PgConnection.class);

  private final PgServer server;
  private final Channel channel;
  private final @Nullable Lane lane;
  private final Login login;
  private final Inbox inbox;
  private final ReplyGate replies;
  private int misses;
  private @Nullable SqlSession session;
  private @Nullable Protocol protocol;

  /** The connection of a registered channel. */
  PgConnection(PgServer server, FrameDecoder decoder, Channel channel) {
    this.server = server;
    this.channel = channel;
    lane = server.lane(channel.eventLoop());
    login = new Login(server, decoder, channel, this::welcome);
    inbox = new Inbox(channel, this::closeProtocol);
    replies = new ReplyGate(channel, lane, this::goOn);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    login.begin();
  }

  private void welcome(SqlSession opened) {
    session = opened;
    var out = new MessageWriter(channel.alloc());
    protocol = new Protocol(opened, out, replies, server.config().requests());
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    replies.leave();
    login.end();
    replies.signalWritable();
    inbox.close();
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
    if (!login.done()) {
      login.handle(frame);
    } else if (inbox.begin(frame)) {
      serve(frame);
    }
  }

  private void goOn() {
    serve(inbox.take());
  }

  /**
   * Handles messages on the event loop until none waits, one needs a worker, or an answer has to
   * wait.
   */
  private void serve(@Nullable Frame first) {
    for (var frame = first; frame != null; frame = replies.holds() ? null : inbox.take()) {
      if (!quickly(frame)) {
        return;
      }
    }
  }

  /** Handles one message on the event loop; false when somebody else goes on with it. */
  private boolean quickly(Frame frame) {
    var open = protocol;
    var ours = lane;
    if (open == null || replies.gone()) {
      frame.release();
      return true;
    }
    if (ours == null || misses > Lane.MOST_MISSES || !channel.isWritable()) {
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
      LOG.debug("process {}: {}", login.processId(), left.getMessage());
    } catch (RuntimeException | Error fault) {
      failed(fault);
    }
    misses = 0;
    frame.release();
    if (open.closed()) {
      channel.close();
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
      LOG.warn("an entry cannot be loaded for process {}", login.processId(), fault);
      return handOver(frame);
    }
  }

  /** Gives a message and all behind it to a worker, once what has been read may be shown. */
  private boolean handOver(Frame frame) {
    misses = 0;
    inbox.putBack(frame);
    try {
      replies.whenReleased(Objects.requireNonNull(session).unreleased(), this::submit);
    } catch (RuntimeException | Error fault) {
      failed(fault);
      inbox.drop();
    }
    return false;
  }

  /** Ends the connection, and says so, after a fault that no statement could report. */
  private void failed(Throwable fault) {
    LOG.error("connection of process {} failed", login.processId(), fault);
    login.refuse(
        new SqlProblem(SqlState.INTERNAL_ERROR, "the connection failed inside the server"));
  }

  private void submit() {
    try {
      server.workers().execute(this::work);
    } catch (RejectedExecutionException stopping) {
      LOG.debug("process {}: no worker takes more work", login.processId(), stopping);
      login.refuse(new SqlProblem(SqlState.ADMIN_SHUTDOWN, "the server stops"));
      inbox.drop();
    }
  }

  /** Handles waiting messages; runs on a worker. */
  private void work() {
    for (var frame = inbox.take(); frame != null; frame = inbox.take()) {
      try {
        var open = protocol;
        if (open != null && !replies.gone()) {
          open.handle(frame);
          if (open.closed()) {
            channel.close();
          }
        }
      } catch (ClientGoneException left) {
        LOG.debug("process {}: {}", login.processId(), left.getMessage());
      } catch (RuntimeException | Error fault) {
        failed(fault);
      } finally {
        frame.release();
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    replies.signalWritable();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var root = cause.getCause() == null ? cause : cause.getCause();
    if (root instanceof SqlProblem problem) {
      login.refuse(problem);
    } else {
      LOG.debug("connection closed after a fault", cause);
      ctx.close();
    }
  }
}
