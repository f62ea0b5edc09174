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
import io.millrace.sql.types.PgType;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The messages of a session that has logged in, simple and extended. One thread at a time. */
final class Protocol implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Protocol.class);
  private static final int FLUSH_BYTES = 32 << 10;
  private static final int QUICK_BYTES = 16 << 10;
  private static final int SMALL_TEXT = 16 << 10;

  /** Bytes that planning takes per byte of text, about. */
  private static final int PLAN_BYTES = 24;

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
  private final QueryDraft draft;

  private final NamedStatements names;
  private boolean skipToSync;
  private boolean closed;

  Protocol(SqlSession session, MessageWriter out, Output output, RequestMemory memory) {
    this(session, out, output, memory, new QueryDraft(session::statements));
  }

  Protocol(
      SqlSession session,
      MessageWriter out,
      Output output,
      RequestMemory memory,
      QueryDraft draft) {
    this.memory = memory;
    this.draft = draft;
    this.names = new NamedStatements(memory);
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
        throw NamedStatements.noMemory("a message of " + frame.refused() + " bytes");
      }
      draft.begin(frame);
      dispatch(type, new MessageReader(frame.body()));
      draft.forget();
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
      failed(type, NamedStatements.noMemory("the statement"));
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
    draft.forget();
    session.fail();
    session.takeWarnings().forEach(out::warning);
    out.error(problem, false, problem.position());
    if (type == 'Q' || type == 'S') {
      // The client waits for this one; when it cannot be sent either, the connection ends.
      ready();
    } else {
      skipToSync = true;
      names.closePortal("");
    }
    flushIfLarge();
  }

  private void ready() {
    if (session.transactionStatus() == 'I') {
      names.closePortals();
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
      throw NamedStatements.noMemory("a statement of " + textBytes + " bytes");
    }
    return bytes;
  }

  private void query(String sql) {
    var parts = draft.statements(sql);
    if (parts.isEmpty()) {
      out.empty('I');
    }
    if (parts.size() > 1) {
      session.needsWorker();
    }
    for (var part : parts) {
      var prepared = prepare(part, parts.size() == 1);
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

  /** Prepares a statement of a simple query, once for whoever handles its message. */
  private Prepared prepare(Statement part, boolean only) {
    var known = draft.prepared();
    if (known != null) {
      return known;
    }
    var prepared = session.prepare(part, List.of());
    if (only) {
      draft.prepared(prepared);
    }
    return prepared;
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
      names.forgetAll();
    } else if (forgets != null) {
      names.statement(forgets);
      names.forget(forgets);
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
    names.claim(name);
    var parts = draft.statements(sql);
    if (parts.size() > 1) {
      throw new SqlProblem(
          SqlState.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
    }
    var prepared = session.prepare(parts.isEmpty() ? null : parts.getFirst(), types);
    names.put(name, prepared);
    out.empty('1');
  }

  private void bind(MessageReader in) {
    var portal = in.string();
    var prepared = names.statement(in.string());
    names.open(portal, BindReader.read(in, portal, prepared, session.settings().zone()));
    out.empty('2');
  }

  private void describe(MessageReader in) {
    var kind = in.octet();
    var name = in.string();
    if (kind == 'S') {
      var prepared = names.statement(name);
      out.parameters(prepared.parameters());
      rowDescription(prepared, new int[0]);
    } else if (kind == 'P') {
      var portal = names.portal(name);
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
    var portal = names.portal(name);
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
      names.forget(name);
    } else if (kind == 'P') {
      names.closePortal(name);
    } else {
      throw MessageReader.broken("invalid CLOSE message subtype");
    }
    out.empty('3');
  }

  private void sync() {
    skipToSync = false;
    ready();
  }

  @Override
  public void close() {
    names.close();
    session.close();
    out.discard();
  }
}
