package io.millrace.sql.wire;

import io.millrace.engine.state.RequestMemory;
import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import io.millrace.sql.session.Prepared;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The prepared statements and portals of a session by their names, and the memory they keep. */
final class NamedStatements implements AutoCloseable {
  private static final int MAX_STATEMENTS = 10_000;

  /** Bytes that a prepared statement keeps per character of its text, about. */
  private static final long KEPT_BYTES = 16;

  private final Map<String, Prepared> statements = new HashMap<>();
  private final Map<String, Portal> portals = new HashMap<>();
  private final RequestMemory.Share share;

  /** Bytes of texts and parameters that named statements and portals keep. */
  private long kept;

  NamedStatements(RequestMemory memory) {
    this.share = new RequestMemory.Share(memory);
  }

  /** There is not enough memory. */
  static SqlProblem noMemory(String what) {
    return SqlProblem.withHint(
        SqlState.OUT_OF_MEMORY,
        "out of memory: there is not enough for " + what + " now",
        "Send less at once, or try again when other requests have ended.");
  }

  /** What statements and portals keep grows or shrinks. */
  private void keep(long delta) {
    if (!share.hold(kept + delta)) {
      throw noMemory("what this session keeps");
    }
    kept += delta;
  }

  /** Refuses a name that is taken, and one too many; the unnamed statement makes room. */
  void claim(String name) {
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
  }

  /** Keeps a statement under a name that is free. */
  void put(String name, Prepared prepared) {
    keep(bytes(name, prepared));
    statements.put(name, prepared);
  }

  private static long bytes(String name, Prepared prepared) {
    var statement = prepared.statement();
    return 2L * name.length() + (statement == null ? 0 : KEPT_BYTES * statement.text().length());
  }

  /** Forgets a statement, if there is one of that name. */
  void forget(String name) {
    var removed = statements.remove(name);
    if (removed != null) {
      keep(-bytes(name, removed));
    }
  }

  /** Forgets all statements. */
  void forgetAll() {
    List.copyOf(statements.keySet()).forEach(this::forget);
  }

  /** The statement of a name. */
  Prepared statement(String name) {
    var found = statements.get(name);
    if (found == null) {
      throw new SqlProblem(
          SqlState.NO_STATEMENT, "prepared statement \"" + name + "\" does not exist");
    }
    return found;
  }

  /** Opens a portal in place of the one that has the name. */
  void open(String name, Portal portal) {
    closePortal(name);
    keep(portal.bytes());
    portals.put(name, portal);
  }

  /** The portal of a name. */
  Portal portal(String name) {
    var found = portals.get(name);
    if (found == null) {
      throw new SqlProblem(SqlState.NO_PORTAL, "portal \"" + name + "\" does not exist");
    }
    return found;
  }

  /** Closes a portal, if there is one of that name. */
  void closePortal(String name) {
    var portal = portals.remove(name);
    if (portal != null) {
      portal.close();
      keep(-portal.bytes());
    }
  }

  /** Closes all portals. */
  void closePortals() {
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
  }
}
