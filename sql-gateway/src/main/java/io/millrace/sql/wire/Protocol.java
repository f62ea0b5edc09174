package io.millrace.sql.wire;

import io.millrace.engine.depot.NoSpaceException;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.NotResidentException;
import io.millrace.engine.state.RequestMemory;
import io.millrace.engine.table.SnapshotTooOldException;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.parse.Statement;
import io.millrace.sql.session.NeedsWorkerException;
import io.millrace.sql.session.Prepared;
import io.millrace.sql.session.SqlSession;
import io.millrace.sql.session.StatementExecution;
import io.millrace.sql.types.PgBinary;
import io.millrace.sql.types.PgText;
import io.millrace.sql.types.PgType;
import io.millrace.sql.types.Utf8;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The messages of a session that has logged in, simple and extended. One thread at a time. */
final class Protocol implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Protocol.class);
  private static final int MAX_STATEMENTS = 10_000;
  private static final int FLUSH_BYTES = 32 << 10;
  private static final int QUICK_BYTES = 16 << 10;
  private static final int SMALL_TEXT = 16 << 10;

  /** Bytes that planning takes per byte of text, about. */
  private static final int PLAN_BYTES = 24;

  /** Bytes that a prepared statement keeps per character of its text, about. */
  private static final long KEPT_BYTES = 16;

  /** Bytes that a portal without parameters keeps, about. */
  private static final long PORTAL_BYTES = 100;

  /** Where bytes go. */
  interface Output {
    /**
     * Sends bytes, which may not leave before a journal position is released. May wait until the
     * client has taken some, unless called on the event loop.
     */
    void push(ByteBuf bytes, long position);
  }

  private final SqlSession session;
  private final MessageWriter out;
  private final Output output;
  private final RequestMemory memory;
  private final Map<String, Prepared> statements = new HashMap<>();

  /** Bytes of texts and parameters that named statements and portals keep. */
  private long kept;

  private final RequestMemory.Share share;
  private final Map<String, Portal> portals = new HashMap<>();
  private boolean skipToSync;
  private boolean closed;

  Protocol(SqlSession session, MessageWriter out, Output output, RequestMemory memory) {
    this.memory = memory;
    this.share = new RequestMemory.Share(memory);
    this.session = session;
    this.out = out;
    this.output = output;
  }

  /** True once the client has said goodbye. */
  boolean closed() {
    return closed;
  }

  /**
   * Handles one message on the event loop if it can neither block nor take long.
   *
   * @return false when a worker has to handle it; nothing has happened then
   * @throws NotResidentException when an entry has to be loaded first; nothing has happened then
   */
  boolean quickly(Frame frame, Lane lane) {
    var body = frame.body();
    if (body.readableBytes() > QUICK_BYTES || !session.quiet()) {
      return false;
    }
    body.markReaderIndex();
    session.onLane(lane);
    try {
      handle(frame);
      return true;
    } catch (NeedsWorkerException worker) {
      body.resetReaderIndex();
      return false;
    } catch (NotResidentException missing) {
      body.resetReaderIndex();
      throw missing;
    } finally {
      session.onLane(null);
    }
  }

  /** Handles one message. */
  void handle(Frame frame) {
    byte type = frame.type();
    if (skipToSync && type != 'S' && type != 'X') {
      return;
    }
    try {
      if (frame.refused() > 0) {
        throw noMemory("a message of " + frame.refused() + " bytes");
      }
      dispatch(type, new MessageReader(frame.body()));
    } catch (SqlProblem problem) {
      failed(type, problem);
    } catch (ClientGoneException | NeedsWorkerException | NotResidentException passedOn) {
      throw passedOn;
    } catch (NoSpaceException full) {
      failed(type, new SqlProblem(SqlState.DISK_FULL, String.valueOf(full.getMessage())));
    } catch (SnapshotTooOldException old) {
      failed(type, new SqlProblem(SqlState.SNAPSHOT_TOO_OLD, String.valueOf(old.getMessage())));
    } catch (OutOfMemoryError tooMuch) {
      LOG.warn("statement failed: out of memory: {}", tooMuch.getMessage());
      failed(type, noMemory("the statement"));
    } catch (RuntimeException | Error fault) {
      LOG.error("statement failed inside the server", fault);
      failed(
          type,
          SqlProblem.withHint(
              SqlState.INTERNAL_ERROR,
              "the statement failed inside the server",
              "This is a fault of the server; its log says more."));
    }
  }

  private static SqlProblem noMemory(String what) {
    return SqlProblem.withHint(
        SqlState.OUT_OF_MEMORY,
        "out of memory: there is not enough for " + what + " now",
        "Send less at once, or try again when other requests have ended.");
  }

  private void dispatch(byte type, MessageReader in) {
    switch (type) {
      case 'Q' -> query(in);
      case 'P' -> parse(in);
      case 'B' -> bind(in);
      case 'D' -> describe(in);
      case 'E' -> execute(in);
      case 'C' -> closeNamed(in);
      case 'S' -> sync();
      case 'H' -> flush();
      case 'X' -> closed = true;
      case 'c', 'd', 'f' -> {
        // Left-overs of a COPY that we refused; the protocol says to ignore them.
      }
      case 'F' -> throw SqlProblem.unsupported("function calls are not supported", "Use SELECT.");
      default -> throw MessageReader.broken("invalid frontend message type " + type);
    }
  }

  private void failed(byte type, SqlProblem problem) {
    session.fail();
    session.takeWarnings().forEach(out::warning);
    out.error(problem, false, problem.position());
    if (type == 'Q' || type == 'S') {
      // The client waits for this one; when it cannot be sent either, the connection ends.
      ready();
    } else {
      skipToSync = true;
      closePortal("");
    }
    flushIfLarge();
  }

  private void ready() {
    if (session.transactionStatus() == 'I') {
      closePortals();
    }
    session.settings().changedReports().forEach(out::parameterStatus);
    out.ready(session.transactionStatus());
    flush();
  }

  private void flush() {
    var bytes = out.take();
    if (bytes != null) {
      output.push(bytes, session.unreleased());
    }
  }

  private void flushIfLarge() {
    if (out.size() > FLUSH_BYTES) {
      flush();
    }
  }

  private void query(MessageReader in) {
    long taken = takeForPlanning(in.left());
    try {
      query(in.string());
    } finally {
      memory.give(taken);
    }
  }

  /**
   * A text is read into tokens, trees and plans: memory for these is taken before they are made.
   */
  private long takeForPlanning(int textBytes) {
    if (textBytes <= SMALL_TEXT) {
      return 0;
    }
    long bytes = (long) textBytes * PLAN_BYTES;
    if (!memory.take(bytes)) {
      throw noMemory("a statement of " + textBytes + " bytes");
    }
    return bytes;
  }

  /** What statements and portals keep grows or shrinks. */
  private void keep(long delta) {
    if (!share.hold(kept + delta)) {
      throw noMemory("what this session keeps");
    }
    kept += delta;
  }

  private void query(String sql) {
    List<Statement> parts = session.statements(sql);
    if (parts.isEmpty()) {
      out.empty('I');
    }
    if (parts.size() > 1) {
      session.needsWorker();
    }
    for (var part : parts) {
      var prepared = session.prepare(part, List.of());
      if (prepared.parameters().size() > 0) {
        throw new SqlProblem(
            "42P02", "there is no parameter $1", 0, "Parameters need the extended protocol.", null);
      }
      try (var execution = start(prepared, new Object[0])) {
        simpleRows(prepared, execution);
      }
    }
    ready();
  }

  private void simpleRows(Prepared prepared, StatementExecution execution) {
    var columns = execution.columns();
    if (prepared.returnsRows()) {
      out.rowDescription(columns, new int[0]);
    }
    long rows = 0;
    var zone = session.settings().zone();
    for (var batch = execution.next(); batch != null; batch = execution.next()) {
      for (int i = 0; i < batch.count; i++) {
        out.dataRow(columns, new int[0], batch.rows[i], zone);
        flushIfLarge();
      }
      rows += batch.count;
    }
    complete(execution, rows);
  }

  private StatementExecution start(Prepared prepared, @Nullable Object[] parameters) {
    var execution = session.execute(prepared, parameters);
    var forgets = prepared.forgets();
    if (forgets != null && forgets.isEmpty()) {
      List.copyOf(statements.keySet()).forEach(this::forget);
    } else if (forgets != null) {
      statement(forgets);
      forget(forgets);
    }
    return execution;
  }

  private void complete(StatementExecution execution, long rows) {
    session.takeWarnings().forEach(out::warning);
    out.complete(execution.tag(rows));
  }

  private void parse(MessageReader in) {
    var name = in.string();
    long taken = takeForPlanning(in.left());
    try {
      parse(name, in);
    } finally {
      memory.give(taken);
    }
  }

  private void parse(String name, MessageReader in) {
    var sql = in.string();
    var count = in.count(4);
    var types = new ArrayList<PgType>(count);
    for (int i = 0; i < count; i++) {
      var type = PgType.byOid(in.int32());
      types.add(type == null ? PgType.UNKNOWN : type);
    }
    if (name.isEmpty()) {
      forget(name);
    }
    if (statements.containsKey(name)) {
      throw new SqlProblem(
          SqlState.DUPLICATE_STATEMENT, "prepared statement \"" + name + "\" already exists");
    }
    if (statements.size() >= MAX_STATEMENTS) {
      throw new SqlProblem("54000", "too many prepared statements");
    }
    var parts = session.statements(sql);
    if (parts.size() > 1) {
      throw new SqlProblem(
          SqlState.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
    }
    var prepared = session.prepare(parts.isEmpty() ? null : parts.getFirst(), types);
    keep(bytes(name, prepared));
    statements.put(name, prepared);
    out.empty('1');
  }

  private static long bytes(String name, Prepared prepared) {
    var statement = prepared.statement();
    return 2L * name.length() + (statement == null ? 0 : KEPT_BYTES * statement.text().length());
  }

  private void forget(String name) {
    var removed = statements.remove(name);
    if (removed != null) {
      keep(-bytes(name, removed));
    }
  }

  private Prepared statement(String name) {
    var found = statements.get(name);
    if (found == null) {
      throw new SqlProblem(
          SqlState.NO_STATEMENT, "prepared statement \"" + name + "\" does not exist");
    }
    return found;
  }

  private void bind(MessageReader in) {
    var portalName = in.string();
    var prepared = statement(in.string());
    var parameterFormats = formats(in);
    var count = in.count(4);
    if (parameterFormats.length > 1 && parameterFormats.length != count) {
      throw MessageReader.broken(
          "bind message has "
              + parameterFormats.length
              + " parameter formats but "
              + count
              + " parameters");
    }
    var types = prepared.parameters();
    if (count != types.size()) {
      throw MessageReader.broken(
          "bind message supplies "
              + count
              + " parameters, but the statement requires "
              + types.size());
    }
    long bytes = 2L * (in.left() + portalName.length()) + PORTAL_BYTES;
    var values = new @Nullable Object[count];
    for (int i = 0; i < count; i++) {
      var length = in.int32();
      if (length >= 0) {
        values[i] =
            value(types.get(i), MessageWriter.format(parameterFormats, i), in.bytes(length));
      } else if (length != -1) {
        throw MessageReader.broken("invalid parameter length");
      }
    }
    var resultFormats = formats(in);
    if (resultFormats.length > 1 && resultFormats.length != prepared.columns().size()) {
      throw MessageReader.broken("bind message has a wrong number of result formats");
    }
    closePortal(portalName);
    keep(bytes);
    portals.put(portalName, new Portal(prepared, values, resultFormats, bytes));
    out.empty('2');
  }

  private static int[] formats(MessageReader in) {
    var formats = new int[in.count(2)];
    for (int i = 0; i < formats.length; i++) {
      formats[i] = in.int16();
      if (formats[i] > 1) {
        throw new SqlProblem(SqlState.INVALID_PARAMETER, "unsupported format code: " + formats[i]);
      }
    }
    return formats;
  }

  private Object value(PgType type, int format, ByteBuf bytes) {
    return format == 1
        ? PgBinary.read(type, bytes)
        : PgText.parse(type, Utf8.value(bytes), session.settings().zone());
  }

  private Portal portal(String name) {
    var found = portals.get(name);
    if (found == null) {
      throw new SqlProblem(SqlState.NO_PORTAL, "portal \"" + name + "\" does not exist");
    }
    return found;
  }

  private void describe(MessageReader in) {
    var kind = in.octet();
    var name = in.string();
    if (kind == 'S') {
      var prepared = statement(name);
      out.parameters(prepared.parameters());
      rowDescription(prepared, new int[0]);
    } else if (kind == 'P') {
      var portal = portal(name);
      rowDescription(portal.prepared(), portal.formats());
    } else {
      throw MessageReader.broken("invalid DESCRIBE message subtype");
    }
  }

  private void rowDescription(Prepared prepared, int[] formats) {
    if (prepared.returnsRows()) {
      out.rowDescription(prepared.columns(), formats);
    } else {
      out.empty('n');
    }
  }

  private void execute(MessageReader in) {
    var name = in.string();
    var portal = portal(name);
    var limit = in.int32();
    if (portal.prepared().command() == Prepared.Command.EMPTY) {
      out.empty('I');
      return;
    }
    var execution = portal.execution();
    if (execution == null) {
      execution = start(portal.prepared(), portal.parameters());
      portal.started(execution);
    } else if (portal.isClosed() && !portal.prepared().returnsRows()) {
      throw new SqlProblem(SqlState.NOT_IN_STATE, "portal \"" + name + "\" cannot be run");
    }
    var columns = execution.columns();
    var zone = session.settings().zone();
    for (long sent = 0; limit <= 0 || sent < limit; sent++) {
      var row = portal.nextRow();
      if (row == null) {
        complete(execution, sent);
        portal.close();
        return;
      }
      out.dataRow(columns, portal.formats(), row, zone);
      flushIfLarge();
    }
    execution.pause();
    out.empty('s');
  }

  private void closeNamed(MessageReader in) {
    var kind = in.octet();
    var name = in.string();
    if (kind == 'S') {
      forget(name);
    } else if (kind == 'P') {
      closePortal(name);
    } else {
      throw MessageReader.broken("invalid CLOSE message subtype");
    }
    out.empty('3');
  }

  private void closePortal(String name) {
    var portal = portals.remove(name);
    if (portal != null) {
      portal.close();
      keep(-portal.bytes());
    }
  }

  private void sync() {
    skipToSync = false;
    ready();
  }

  private void closePortals() {
    for (var portal : portals.values()) {
      portal.close();
      keep(-portal.bytes());
    }
    portals.clear();
  }

  @Override
  public void close() {
    closePortals();
    statements.clear();
    share.close();
    session.close();
    out.discard();
  }
}
