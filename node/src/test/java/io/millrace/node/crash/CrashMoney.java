package io.millrace.node.crash;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;

import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.topology.Keyed;
import java.util.List;

/**
 * Money that moves between accounts over hops, with fees through a depot that the topology appends
 * to. Balances and fees together are always zero; every move is counted once.
 */
public final class CrashMoney implements EngineModule {
  /** Accounts by number. */
  static final int ACCOUNTS = 64;

  /** One move of so many takes longer than a record may hold the lock: the rest of it waits. */
  private static final int SLOW = 64;

  private static final long SLOW_NS = 15_000_000;

  /** Money leaves an account for some others. */
  public record Move(long id, long from, List<Long> to, long amount) {}

  /** What one of the others gets. */
  public record Share(long move, long to, long amount) {}

  /** What is kept of a share. */
  public record Fee(long account, long amount) {}

  @Override
  public void define(Definition def) {
    var moves = def.depot("moves", Move.class).partitionBy(Move::from);
    var fees = def.depot("fees", Fee.class).partitionBy(Fee::account).topologyOnly();
    var balances = def.pstate("balances", Schema.map(LONG, LONG));
    var counts = def.pstate("counts", Schema.map(LONG, LONG));
    var feeTotals = def.pstate("fee_totals", Schema.map(STRING, LONG));

    def.stream("money")
        .from(moves)
        .<Share>explode((move, at) -> {
          at.write(balances).key(move.from()).increment(-move.amount() * move.to().size());
          at.write(counts).key(move.from()).increment(1);
          return move.to().stream().map(to -> new Share(move.id(), to, move.amount())).toList();
        })
        .hop(Share::to)
        .each((share, at) -> {
          if (share.move() % SLOW == SLOW - 1) {
            takeTime();
          }
          var fee = share.move() % 3 == 0 ? 1 : 0;
          at.write(balances).key(share.to()).increment(share.amount() - fee);
          if (fee > 0) {
            at.append(fees, new Fee(share.to(), fee));
          }
        });
    def.stream("fees")
        .from(fees)
        .map((fee, at) -> new Keyed<>("all", fee.amount()))
        .groupBy(Keyed::key)
        .sum(feeTotals, Keyed::present);
  }

  private static void takeTime() {
    var end = System.nanoTime() + SLOW_NS;
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }
}
