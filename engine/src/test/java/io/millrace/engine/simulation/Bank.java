package io.millrace.engine.simulation;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;

import io.millrace.engine.depot.Retention;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.topology.Keyed;
import java.util.List;

/**
 * Money that moves between accounts over hops; of some shares a fee goes into a depot that the
 * topology appends to. What is in the accounts and what was taken as fee is always what was opened.
 */
final class Bank implements EngineModule {
  static final int ACCOUNTS = 10;
  static final long START = 100;

  record Opened(long account, long amount) {}

  record Move(long id, long from, List<Long> to, long amount) {}

  record Share(long move, long to, long amount) {}

  record Fee(long account, long amount) {}

  record Wrong(long key, long other) {}

  private final Retention retention;

  Bank(Retention retention) {
    this.retention = retention;
  }

  /** The fee of a share. */
  static long fee(long move, long to, long amount) {
    return amount > 0 && (move + to) % 3 == 0 ? 1 : 0;
  }

  @Override
  public void define(Definition def) {
    var opened = def.depot("opened", Opened.class).partitionBy(Opened::account);
    var moves = def.depot("moves", Move.class).partitionBy(Move::from).retain(retention);
    var fees = def.depot("fees", Fee.class).partitionBy(Fee::account).topologyOnly();
    var wrong = def.depot("wrong", Wrong.class).partitionBy(Wrong::key);
    var balances = def.pstate("balances", Schema.map(LONG, LONG));
    var received = def.pstate("received", Schema.map(LONG, Schema.list(LONG).subindexed()));
    var feeTotals = def.pstate("fee_totals", Schema.map(STRING, LONG));
    var misplaced = def.pstate("misplaced", Schema.map(LONG, LONG));

    var stream = def.stream("money");
    stream.from(opened).groupBy(Opened::account).sum(balances, Opened::amount);
    stream
        .from(moves)
        .<Share>explode((move, at) -> {
          long balance = at.read(balances).key(move.from()).orElse(0L);
          var parts = move.to().size();
          if (balance < move.amount() * parts) {
            return List.of();
          }
          at.write(balances).key(move.from()).set(balance - move.amount() * parts);
          return move.to().stream().map(to -> new Share(move.id(), to, move.amount())).toList();
        })
        .hop(Share::to)
        .each((share, at) -> {
          var fee = fee(share.move(), share.to(), share.amount());
          at.write(balances).key(share.to()).increment(share.amount() - fee);
          at.write(received).key(share.to()).add(share.move());
          if (fee > 0) {
            at.append(fees, new Fee(share.to(), fee));
          }
        });
    def.stream("fees")
        .from(fees)
        .map((fee, at) -> new Keyed<>("all", fee.amount()))
        .groupBy(Keyed::key)
        .sum(feeTotals, Keyed::present);
    def.stream("wrong")
        .retries(0)
        .from(wrong)
        .each((event, at) -> at.write(misplaced).key(event.other()).set(event.key()));
  }
}
