package io.millrace.sql.session;

import io.millrace.sql.plan.PlanCache;
import io.millrace.sql.run.MemoryBudget;
import io.millrace.sql.run.SnapshotSource;
import java.time.Clock;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What all sessions share.
 *
 * @param plans plan cache over the catalogue
 * @param snapshots where a statement's snapshot comes from
 * @param budget memory of all statements
 * @param timer ends statements that run too long
 * @param clock the moment statements see as {@code now()}
 * @param statementTimeoutMs default limit, 0 for none
 * @param metrics counters
 */
public record Environment(
    PlanCache plans,
    SnapshotSource snapshots,
    MemoryBudget budget,
    ScheduledExecutorService timer,
    Clock clock,
    long statementTimeoutMs,
    SqlMetrics metrics) {}
