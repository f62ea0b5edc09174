package io.millrace.resp.net;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.HotPath;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.RequestMemory;
import io.millrace.resp.command.Dispatcher;
import io.millrace.resp.command.Handlers;
import io.millrace.resp.command.Parked;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandBatch;
import io.millrace.resp.protocol.DecodeLimits;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.protocol.RequestDecoder;
import io.millrace.resp.server.Server;
import io.millrace.resp.session.Lent;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop and its turns. Reading a socket only collects bytes; the first connection that has
 * some schedules one turn behind all sockets of this loop iteration. A turn decodes without the
 * execution lock, takes it once for the commands of all connections, writes the journal once, and
 * then sends each connection's replies, which are one run of bytes. What others have sent to a
 * connection before its commands ran goes first.
 *
 * <p>Work per hold is bounded in commands, time and reply bytes; what is left waits for the next
 * turn, which the loop runs after it has looked at its sockets again.
 */
@HotPath(benchmark = "KeyspaceBenchmark")
final class RespLane {
  private static final Logger LOG = LoggerFactory.getLogger(RespLane.class);
  private static final int MOST_COMMANDS = 1000;
  private static final int MOST_REPLY_BYTES = 4 << 20;
  private static final long MOST_NANOS = 1_000_000;
  private static final long RETRY_MICROS = 500;
  private static final int LOADED_TOGETHER = 256;

  /** Entries that one connection has loaded at a time: probing further would only delay them. */
  private static final int MOST_MISSING = 512;

  private final EventLoop loop;
  private final Lane lane;
  private final Server server;
  private final Dispatcher dispatcher;
  private final LaneBuffers buffers = new LaneBuffers(ByteBufAllocator.DEFAULT);
  private final RequestMemory memory;
  private final InputBuffer.Pool pool;
  private final ArrayDeque<Connection> ready = new ArrayDeque<>();
  private final ArrayList<Connection> current = new ArrayList<>();
  private final List<Missing> missing = new ArrayList<>();
  private final ArrayDeque<Blocked> blocked = new ArrayDeque<>();
  private final CommandBatch batch = new CommandBatch();
  private final Args args = new Args();
  private final Args probed = new Args();
  private final CommandBatch scratch = new CommandBatch();
  private final UnfinishedCommands unfinished;
  private final ReplyWriter reply;

  /** What is said beside the replies of a turn. */
  private final ReplyWriter remark = new ReplyWriter();

  private final Runnable turn = this::turn;
  private boolean scheduled;
  private boolean retrying;
  private long received;

  /** A connection whose next command waits for room for its record: back-pressure. */
  private record Blocked(Connection connection, int bytes) {}

  private record Missing(Connection connection, List<NotResidentException> entries) {}

  RespLane(EventLoop loop, Lane lane, Handlers handlers, Server server) {
    this.loop = loop;
    this.lane = lane;
    this.server = server;
    this.memory = server.memory();
    this.pool = new InputBuffer.Pool(memory);
    this.unfinished = new UnfinishedCommands(this, memory);
    this.reply = new ReplyWriter(memory);
    this.dispatcher = new Dispatcher(handlers, server, lane);
  }

  InputBuffer.Pool pool() {
    return pool;
  }

  /** A batch that nothing is put into. */
  CommandBatch scratch() {
    return scratch;
  }

  UnfinishedCommands unfinished() {
    return unfinished;
  }

  DecodeLimits limits() {
    return server.limits();
  }

  LaneBuffers buffers() {
    return buffers;
  }

  EventLoop loop() {
    return loop;
  }

  Server server() {
    return server;
  }

  long released() {
    return lane.released();
  }

  void whenReleased(long position, Runnable action) {
    lane.whenReleased(position, action);
  }

  void received(int bytes) {
    received += bytes;
  }

  /** Runs an action with the execution lock held. */
  void locked(Consumer<Execution> action) {
    var execution = lane.hold();
    try {
      action.accept(execution);
    } finally {
      lane.release();
    }
  }

  /** Runs an action that may change state, with the lock held and a new stamp; then writes. */
  void change(Consumer<Execution> action) {
    locked(execution -> {
      lane.next();
      action.accept(execution);
    });
    lane.write();
  }

  /** Makes the present action of {@link #change} read missing entries itself. */
  void readsInPlace() {
    lane.waitForDisk();
  }

  /** A connection has bytes to decode, or may go on. */
  void ready(Connection connection) {
    if (!connection.queued) {
      connection.queued = true;
      ready.add(connection);
    }
    schedule();
  }

  private void schedule() {
    if (!scheduled) {
      scheduled = true;
      loop.execute(turn);
    }
  }

  private void turn() {
    scheduled = false;
    try {
      decode();
      if (batch.commands() > 0) {
        execute();
        lane.write();
      }
      send();
      load();
    } catch (RuntimeException | OutOfMemoryError broken) {
      abandon(broken);
    }
    awaitRoom();
    current.clear();
    if (!ready.isEmpty()) {
      schedule();
    }
  }

  /** A turn has ended in its middle: nobody knows which replies its clients would get. */
  private void abandon(Throwable broken) {
    missing.clear();
    for (int i = 0; i < current.size(); i++) {
      current.get(i).context().close();
    }
    reply.reset(0);
    LOG.warn("clients={} closed: a turn failed", current.size(), broken);
  }

  private void awaitRoom() {
    if (!blocked.isEmpty() && !retrying) {
      retrying = true;
      loop.schedule(this::retryBlocked, RETRY_MICROS, TimeUnit.MICROSECONDS);
    }
  }

  /** Lets connections go on whose next command has room now. */
  private void retryBlocked() {
    retrying = false;
    lane.write();
    lane.hold();
    try {
      while (!blocked.isEmpty() && lane.hasRoom(blocked.element().bytes())) {
        var connection = blocked.remove().connection();
        connection.waiting = false;
        ready(connection);
      }
    } finally {
      lane.release();
    }
    awaitRoom();
  }

  private void decode() {
    batch.clear();
    var limits = server.limits();
    while (!ready.isEmpty() && batch.commands() < MOST_COMMANDS) {
      var connection = ready.remove();
      connection.queued = false;
      if (connection.runnable()) {
        connection.decode(batch, MOST_COMMANDS, limits);
        current.add(connection);
      }
    }
  }

  private void execute() {
    reply.reset(0);
    var execution = lane.hold();
    try {
      server.stats().inputBytes += received;
      received = 0;
      long deadline = dispatcher.startClock() + MOST_NANOS;
      boolean stopped = false;
      for (int i = 0; i < current.size(); i++) {
        var connection = current.get(i);
        connection.replyFrom = reply.size();
        connection.required = 0;
        if (connection.batchCommands > 0) {
          connection.begin();
          stopped = run(execution, connection, stopped, deadline);
        }
        connection.replyTo = reply.size();
      }
      server.stats().outputBytes += reply.size();
    } finally {
      lane.release();
    }
  }

  /** Runs the decoded commands of a connection; true when the hold must end. */
  private boolean run(Execution execution, Connection connection, boolean stopped, long deadline) {
    reply.protocol(connection.protocol());
    int at = connection.batchFrom;
    int left = connection.batchCommands;
    byte[] array = connection.input.array();
    boolean stop = stopped;
    while (left > 0) {
      batch.read(at, array, args);
      if (!stop && !lane.hasRoom(room(connection)) && !dispatcher.onlyReads(args)) {
        blocked.add(new Blocked(connection, room(connection)));
        connection.postponed(args);
        connection.waiting = true;
        return false;
      }
      if (stop) {
        connection.postponed(args);
        ready(connection);
        return true;
      }
      if (server.pause().on() && dispatcher.paused(connection, args)) {
        server.pause().add(connection);
        connection.postponed(args);
        connection.waiting = true;
        return false;
      }
      if (!runOne(execution, connection, at, left)) {
        return false;
      }
      at = batch.next(at);
      left--;
      if (connection.waits()) {
        connection.waiting = true;
        if (left > 0) {
          batch.read(at, array, args);
          connection.postponed(args);
        }
        return false;
      }
      stop = reply.size() > MOST_REPLY_BYTES || dispatcher.clock() > deadline;
    }
    if (connection.decoded() == RequestDecoder.COMMAND) {
      ready(connection);
    }
    return stop;
  }

  private int room(Connection connection) {
    var transaction = connection.transaction();
    int queued = transaction == null ? 0 : transaction.bytes();
    return args.rawEnd() - args.rawStart() + queued + 256;
  }

  /** Runs one command; false when the connection cannot go on. */
  private boolean runOne(Execution execution, Connection connection, int at, int left) {
    int rawEnd = args.rawEnd();
    int mark = reply.size();
    try {
      long position = dispatcher.run(execution, connection, args, reply);
      if (position > connection.required) {
        connection.required = position;
      }
    } catch (Parked until) {
      connection.postponed(args);
      connection.waiting = true;
      until.work().whenComplete((done, failure) -> loop.execute(() -> goOn(connection)));
      return false;
    } catch (NotResidentException entry) {
      missing.add(new Missing(connection, missing(execution, connection, entry, at, left)));
      connection.postponed(args);
      connection.waiting = true;
      return false;
    } catch (OutOfMemoryError tooMuch) {
      reply.reset(mark);
      return outOfMemory(execution, connection, rawEnd, tooMuch);
    } catch (RuntimeException broken) {
      reply.reset(mark);
      failed(execution, connection, broken);
      return false;
    }
    connection.addMail(reply);
    connection.executed(rawEnd);
    reply.protocol(connection.protocol());
    return !connection.closing;
  }

  /** A command that has changed nothing is refused; after a change the state is not the journal. */
  private boolean outOfMemory(
      Execution execution, Connection connection, int rawEnd, OutOfMemoryError tooMuch) {
    if (execution.mutated()) {
      server.engine().failed(tooMuch);
    }
    LOG.warn("command={} client={}: out of memory", args.latin(0), connection.address());
    reply.error("OOM the command needs more memory than there is");
    connection.executed(rawEnd);
    return true;
  }

  private void goOn(Connection connection) {
    connection.waiting = false;
    ready(connection);
  }

  /** The missing entry of a command, and those that the commands behind it will miss. */
  private List<NotResidentException> missing(
      Execution execution, Connection connection, NotResidentException first, int at, int left) {
    var entries = new ArrayList<NotResidentException>();
    entries.addAll(first.all());
    byte[] array = connection.input.array();
    long deadline = System.nanoTime() + MOST_NANOS / 4;
    int next = at;
    for (int i = 1; i < left && entries.size() < MOST_MISSING; i++) {
      if (System.nanoTime() >= deadline) {
        break;
      }
      next = batch.next(next);
      batch.read(next, array, probed);
      var entry = dispatcher.probe(execution, connection, probed, reply);
      if (entry != null) {
        entries.addAll(entry.all());
      }
    }
    return entries;
  }

  void closedForInput(Connection connection) {
    locked(execution -> server.stats().inputDisconnections++);
    LOG.warn(
        "client={} closed: what it sent and what has not run yet is above"
            + " client-query-buffer-limit, bytes={}",
        connection.address(),
        connection.inputBytes());
  }

  void closedUnfinished(Connection connection) {
    locked(execution -> server.stats().unfinishedDisconnections++);
    LOG.warn(
        "client={} closed: memory is scarce, and it sends no more of a command of which it has"
            + " sent bytes={}",
        connection.address(),
        connection.inputBytes());
  }

  void closedForOutput(Connection connection, long bytes) {
    locked(execution -> server.stats().outputDisconnections++);
    LOG.warn("client={} closed: it does not read, waiting={}", connection.address(), bytes);
  }

  void cannotSend(Connection connection, Throwable broken) {
    LOG.warn("client={} closed: a reply could not be sent", connection.address(), broken);
  }

  void closedForMemory(Connection connection) {
    LOG.warn(
        "client={} closed: requests hold all the memory they may, limit={}",
        connection.address(),
        memory.limit());
  }

  private void failed(Execution execution, Connection connection, RuntimeException broken) {
    LOG.error("command={} client={} failed", args.latin(0), connection.address(), broken);
    if (execution.mutated()) {
      server.engine().failed(broken);
    }
    reply.error("ERR internal error, see the log of the server");
    connection.closeAfterReply();
  }

  private void send() {
    boolean any = batch.commands() > 0;
    if (!any || !reply.large()) {
      send(reply.array(), null, any);
      return;
    }
    var lent = new Lent(reply.detach(), memory);
    try {
      send(lent.array(), lent, true);
    } finally {
      lent.release();
    }
  }

  private void send(byte[] array, @Nullable Lent lent, boolean any) {
    for (int i = 0; i < current.size(); i++) {
      var connection = current.get(i);
      connection.sendBefore();
      int from = connection.replyFrom;
      int length = any ? connection.replyTo - from : 0;
      if (length >= Lent.LARGE) {
        connection.send(array, from, connection.replyTo, lent, connection.required);
      } else if (length > 0) {
        connection.send(buffers.copy(array, from, length), connection.required);
      }
      end(connection);
    }
  }

  private void end(Connection connection) {
    connection.readOn();
    if (!connection.closing && (connection.queued || connection.waiting)) {
      return;
    }
    if (connection.decoded() == RequestDecoder.PROTOCOL_ERROR && !connection.closing) {
      connection.closeAfterReply();
      remark(connection, connection.protocolError());
    } else if (connection.decoded() == RequestDecoder.SKIPPED) {
      refused(connection);
    } else if (connection.decoded() == RequestDecoder.STRANGER) {
      LOG.warn(
          "client={} speaks another protocol (HTTP or TLS); connection closed",
          connection.address());
      connection.closeAfterReply();
    }
    connection.finish();
  }

  private void remark(Connection connection, String error) {
    remark.reset(0);
    remark.error(error);
    connection.send(buffers.copy(remark.array(), 0, remark.size()), connection.required);
  }

  /** A command was dropped while it came in, because there is no memory for it. */
  private void refused(Connection connection) {
    locked(execution -> {
      server.stats().errors++;
      var transaction = connection.transaction();
      if (transaction != null) {
        transaction.abort();
      }
    });
    remark(
        connection,
        "OOM the command is larger than the memory there is for it now; one may have "
            + memory.largest()
            + " bytes");
    ready(connection);
  }

  private void load() {
    loadForWaiting();
    int from = 0;
    int entries = 0;
    for (int i = 0; i < missing.size(); i++) {
      entries += missing.get(i).entries().size();
      if (entries >= LOADED_TOGETHER || i == missing.size() - 1) {
        load(List.copyOf(missing.subList(from, i + 1)), entries);
        from = i + 1;
        entries = 0;
      }
    }
    missing.clear();
  }

  private void loadForWaiting() {
    var entries = dispatcher.takeMissing();
    if (!entries.isEmpty()) {
      lane.load(entries, this::serveWaiting);
    }
  }

  /** What is missed now is loaded here: on an idle lane no turn would look. */
  private void serveWaiting() {
    change(dispatcher::serveWaiting);
    loadForWaiting();
  }

  private void load(List<Missing> misses, int size) {
    var entries = new ArrayList<NotResidentException>(size);
    misses.forEach(miss -> entries.addAll(miss.entries()));
    lane.load(entries, () -> misses.forEach(miss -> goOn(miss.connection())));
  }
}
