package io.millrace.benchmarks.side;

import io.millrace.node.demo.Policies.ClaimOpened;
import io.millrace.node.demo.Policies.InsuredRenamed;
import io.millrace.node.demo.Policies.PolicyCancelled;
import io.millrace.node.demo.Policies.PolicyEndorsed;
import io.millrace.node.demo.Policies.PolicyEvent;
import io.millrace.node.demo.Policies.PolicyIssued;
import io.millrace.node.demo.Policies.PolicyRenewed;
import io.millrace.node.demo.Policies.PremiumChanged;
import io.millrace.node.demo.PolicyGenerator;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the policy tables must hold, computed by SQLite alone: the same seeded events, each applied
 * as an INSERT or UPDATE. Shares no code with the fold.
 */
final class PolicyLedger implements AutoCloseable {
  private static final String SCHEMA =
      """
      create table grid (key integer primary key, first_name text, last_name text, carrier text,
        status text, premium_cents integer, renews_on text, endorsements integer, claims integer,
        issued_at integer, last_modified integer);
      create table claims (key integer, key2 integer, amount_cents integer, opened_at integer,
        primary key (key, key2));
      """;
  private static final String ALIVE = ", last_modified = ? where key = ? and status = 'active'";

  private final Connection connection;
  private final PolicyGenerator generator;
  private final Map<String, PreparedStatement> statements = new LinkedHashMap<>();
  private @Nullable PolicyEvent next;
  private long applied;

  PolicyLedger(long seed) throws SQLException {
    generator = new PolicyGenerator(seed);
    connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      for (var part : SCHEMA.split(";")) {
        if (!part.isBlank()) {
          statement.execute(part);
        }
      }
    }
  }

  /** Applies all events up to a moment, that of the newest change a snapshot shows. */
  void replayTo(long happenedAt) throws SQLException {
    while (true) {
      var event = next == null ? generator.next() : next;
      next = event;
      if (event.happenedAt() > happenedAt) {
        return;
      }
      apply(event);
      next = null;
      applied++;
    }
  }

  private void apply(PolicyEvent event) throws SQLException {
    var id = event.policyId();
    var at = event.happenedAt();
    switch (event) {
      case PolicyIssued e ->
          run(
              "insert into grid values (?, ?, ?, ?, 'active', ?, ?, 0, 0, ?, ?)",
              id,
              e.firstName(),
              e.lastName(),
              e.carrier(),
              e.premiumCents(),
              e.renewsOn(),
              at,
              at);
      case PolicyEndorsed _ ->
          run("update grid set endorsements = endorsements + 1" + ALIVE, at, id);
      case PremiumChanged e ->
          run("update grid set premium_cents = ?" + ALIVE, e.premiumCents(), at, id);
      case PolicyRenewed e -> run("update grid set renews_on = ?" + ALIVE, e.renewsOn(), at, id);
      case InsuredRenamed e ->
          run(
              "update grid set first_name = ?, last_name = ?" + ALIVE,
              e.firstName(),
              e.lastName(),
              at,
              id);
      case ClaimOpened e -> {
        run(
            "insert into claims select key, ?, ?, ? from grid where key = ? and status = 'active'",
            e.claimId(),
            e.amountCents(),
            at,
            id);
        run("update grid set claims = claims + 1" + ALIVE, at, id);
      }
      case PolicyCancelled _ -> run("update grid set status = 'cancelled'" + ALIVE, at, id);
    }
  }

  private void run(String sql, Object... values) throws SQLException {
    var statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    for (var i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    statement.executeUpdate();
  }

  /** Events applied so far. */
  long applied() {
    return applied;
  }

  Connection connection() {
    return connection;
  }

  @Override
  public void close() throws SQLException {
    for (var statement : statements.values()) {
      statement.close();
    }
    connection.close();
  }
}
