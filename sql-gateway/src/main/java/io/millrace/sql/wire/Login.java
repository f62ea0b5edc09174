package io.millrace.sql.wire;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.run.SessionInfo;
import io.millrace.sql.session.SqlSession;
import io.millrace.sql.types.Utf8;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client on its way in: counts it, reads its start-up packet, asks for the password, and ends the
 * connection of one that may not come in. Lives on the event loop.
 */
final class Login {
  private static final int SSL_REQUEST = 80_877_103;
  private static final int GSS_REQUEST = 80_877_104;
  private static final int CANCEL_REQUEST = 80_877_102;

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
  private final Channel channel;
  private final Consumer<SqlSession> welcomed;
  private Phase phase = Phase.STARTUP;
  private boolean sslAsked;
  private boolean gssAsked;
  private boolean proven;
  private @Nullable ScheduledFuture<?> timeout;
  private @Nullable SqlSession session;
  private @Nullable Scram scram;
  private int processId;
  private String user = "";

  /**
   * A login.
   *
   * @param welcomed told the session of a client that has come in, before the client is
   */
  Login(PgServer server, FrameDecoder decoder, Channel channel, Consumer<SqlSession> welcomed) {
    this.server = server;
    this.decoder = decoder;
    this.channel = channel;
    this.welcomed = welcomed;
  }

  /** Counts the client and gives it its time, unless there are too many. */
  void begin() {
    if (!server.admission().enter()) {
      refuse(Admission.tooMany());
      return;
    }
    timeout =
        channel
            .eventLoop()
            .schedule(
                () -> channel.close(), server.config().loginTimeoutMs(), TimeUnit.MILLISECONDS);
  }

  /** True when the client is in, and may stay. */
  boolean done() {
    return phase == Phase.READY && (proven || server.admission().admits(channel));
  }

  /** Number by which the client cancels, 0 before it is known. */
  int processId() {
    return processId;
  }

  /** Handles a message of a client that is not {@link #done}, and lets it go. */
  void handle(Frame frame) {
    try {
      read(frame);
    } catch (SqlProblem problem) {
      refuse(problem);
    } finally {
      frame.release();
    }
  }

  /** The client has gone; what its session does ends. */
  void end() {
    leave();
    stopTimer();
    if (session != null) {
      session.cancel();
      server.cancels().remove(processId);
    }
  }

  private void stopTimer() {
    if (timeout != null) {
      timeout.cancel(false);
    }
  }

  private void read(Frame frame) {
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
    if (code != SSL_REQUEST && code != GSS_REQUEST && !server.admission().admits(channel)) {
      throw Admission.denied();
    }
    switch (code) {
      case SSL_REQUEST, GSS_REQUEST -> refuseEncryption(code);
      case CANCEL_REQUEST -> {
        server.cancels().cancel(in.int32(), in.int32());
        channel.close();
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
    var answer = channel.alloc().buffer(1);
    answer.writeByte('N');
    channel.writeAndFlush(answer);
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
    var out = new MessageWriter(channel.alloc());
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
        welcome(new MessageWriter(channel.alloc()));
      }
      case SCRAM_FIRST -> {
        if (!in.string().equals(Scram.MECHANISM)) {
          throw MessageReader.broken("client selected an invalid SASL authentication mechanism");
        }
        var length = in.int32();
        var first = Utf8.text(in.bytes(length));
        phase = Phase.SCRAM_LAST;
        var out = new MessageWriter(channel.alloc());
        out.authentication(11, scram().first(first).getBytes(StandardCharsets.UTF_8));
        send(out);
      }
      default -> {
        var answer = last(in.rest());
        var out = new MessageWriter(channel.alloc());
        out.authentication(12, answer.getBytes(StandardCharsets.UTF_8));
        welcome(out);
      }
    }
  }

  private Scram scram() {
    return Objects.requireNonNull(scram);
  }

  private String last(String proof) {
    try {
      return scram().last(proof);
    } catch (SqlProblem problem) {
      throw problem.state().equals(SqlState.INVALID_PASSWORD) ? wrongPassword() : problem;
    }
  }

  private SqlProblem wrongPassword() {
    server.admission().failed(channel);
    return new SqlProblem(
        SqlState.INVALID_PASSWORD, "password authentication failed for user \"" + user + "\"");
  }

  private void welcome(MessageWriter out) {
    stopTimer();
    decoder.loginDone();
    proven = phase != Phase.STARTUP;
    phase = Phase.READY;
    if (!server.admission().logIn()) {
      leave();
      throw Admission.tooMany();
    }
    var opened = Objects.requireNonNull(session);
    welcomed.accept(opened);
    out.authentication(0, new byte[0]);
    opened.settings().initialReports().forEach(out::parameterStatus);
    out.keyData(processId, server.cancels().add(processId, opened));
    out.ready('I');
    send(out);
  }

  private void send(MessageWriter out) {
    var bytes = out.take();
    channel.writeAndFlush(bytes == null ? Unpooled.EMPTY_BUFFER : bytes);
  }

  /** Says why the connection ends, and ends it. */
  void refuse(SqlProblem problem) {
    if (phase != Phase.READY) {
      leave();
    }
    var out = new MessageWriter(channel.alloc());
    out.error(problem, true, 0);
    var bytes = out.take();
    if (bytes != null) {
      channel.writeAndFlush(bytes).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void leave() {
    if (phase != Phase.CLOSED) {
      server.admission().leave(phase == Phase.READY);
      phase = Phase.CLOSED;
    }
  }
}
