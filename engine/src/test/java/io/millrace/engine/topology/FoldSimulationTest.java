package io.millrace.engine.topology;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.AppendOptions;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.path.Path;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.testing.TestEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Money moves between accounts over hops and through a depot that a topology appends to, while
 * stages fail, the engine is killed, and cuts are taken. Whatever happens, no money appears or gets
 * lost, and a refold of the journal gives the same state.
 */
class FoldSimulationTest {
  private static final int ACCOUNTS = 12;

  record Move(long id, long from, List<Long> to, long amount) {}

  record Share(long move, long to, long amount) {}

  record Fee(long account, long amount) {}

  record Opened(long account, long amount) {}

  static final class Money implements EngineModule {
    @Override
    public void define(Definition def) {
      var opened = def.depot("opened", Opened.class).partitionBy(Opened::account);
      var moves = def.depot("moves", Move.class).partitionBy(Move::from);
      var fees = def.depot("fees", Fee.class).partitionBy(Fee::account).topologyOnly();
      var balances = def.pstate("balances", Schema.map(LONG, LONG));
      var received = def.pstate("received", Schema.map(LONG, Schema.list(LONG).subindexed()));
      var ids = def.pstate("ids", Schema.map(LONG, Schema.set(LONG)));
      var feeTotals = def.pstate("fee_totals", Schema.map(STRING, LONG));

      var stream = def.stream("money").retries(1);
      stream.from(opened).groupBy(Opened::account).sum(balances, Opened::amount);
      stream
          .from(moves)
          .<Share>explode((move, at) -> {
            long balance = at.read(balances).key(move.from()).orElse(0L);
            var parts = move.to().size();
            if (parts == 0 || balance < move.amount() * parts) {
              return List.of();
            }
            at.write(balances).key(move.from()).set(balance - move.amount() * parts);
            at.write(ids).key(move.from()).add(at.newId());
            return move.to().stream().map(to -> new Share(move.id(), to, move.amount())).toList();
          })
          .hop(Share::to)
          .each((share, at) -> {
            var fee = at.random().nextInt(3) == 0 ? Math.min(1, share.amount()) : 0;
            at.write(balances).key(share.to()).increment(share.amount() - fee);
            at.write(received).key(share.to()).add(share.move());
            if (fee > 0) {
              at.append(fees, new Fee(share.to(), fee));
            }
          });
      def.stream("fees")
          .retries(1)
          .from(fees)
          .map((fee, at) -> new Keyed<>("all", fee.amount()))
          .groupBy(Keyed::key)
          .sum(feeTotals, Keyed::present);
    }
  }

  private static long sum(TestEngine engine, String pstate) {
    return engine.pstate(pstate).select(Path.mapVals()).stream()
        .mapToLong(value -> (Long) Objects.requireNonNull(value))
        .sum();
  }

  @RepeatedTest(6)
  void moneyIsConservedWhateverFails(RepetitionInfo repetition) {
    moneyIsConserved(Seeds.next(repetition.getCurrentRepetition()));
  }

  /** Seeds in which a record was folded twice because an entry had to be loaded on the way. */
  @ParameterizedTest
  @ValueSource(
      longs = {
        -2407277788342065291L,
        4325134823526656048L,
        4167866599455596107L,
        -3867214600553939556L
      })
  void aFoldThatMeetsColdStateIsRepeatedFromItsBeginning(long seed) {
    moneyIsConserved(seed);
  }

  private static void moneyIsConserved(long seed) {
    var random = new SplittableRandom(seed);
    var tasks = 1 << random.nextInt(4);
    var limit = random.nextInt(3) == 0 ? 1024 : 1 + random.nextInt(5);
    try (var engine = TestEngine.builder(new Money()).tasks(tasks).stagesPerRecord(limit).start()) {
      var total = 0L;
      for (var account = 0L; account < ACCOUNTS; account++) {
        var amount = 10L + random.nextInt(90);
        total += amount;
        engine.depot("opened").append(new Opened(account, amount));
      }
      for (var step = 0; step < 60; step++) {
        step(engine, random, step);
      }
      settle(engine);
      assertThat(sum(engine, "balances") + sum(engine, "fee_totals"))
          .as("seed=%d tasks=%d limit=%d", seed, tasks, limit)
          .isEqualTo(total);
      assertThat(engine.refoldFromZero()).as("seed=%d", seed).isEqualTo(engine.digest());
    }
  }

  private static void step(TestEngine engine, SplittableRandom random, int step) {
    switch (random.nextInt(14)) {
      case 0 -> {
        var before = engine.digest();
        engine.crash();
        assertThat(engine.digest()).isEqualTo(before);
      }
      case 1 -> engine.checkpoint();
      case 2 -> engine.housekeep();
      case 3 -> engine.clock().advance(random.nextInt(100_000));
      case 4 -> {
        var broken = random.nextInt(8);
        engine.failStages((topology, place, task) -> {
          if (task == broken && place.startsWith("hop")) {
            throw new IllegalStateException("task " + broken + " is broken");
          }
        });
      }
      case 5 -> {
        engine.healStages();
        engine.topology("money").resume();
        engine.topology("fees").resume();
      }
      case 6 -> {
        var chaos = new SplittableRandom(random.nextLong());
        engine.failStages((topology, place, task) -> {
          if (chaos.nextInt(4) == 0) {
            throw new IllegalStateException("chance");
          }
        });
      }
      default -> {
        var to = new ArrayList<Long>();
        for (var i = random.nextInt(5); i > 0; i--) {
          to.add(random.nextLong(ACCOUNTS));
        }
        var move = new Move(step, random.nextLong(ACCOUNTS), to, random.nextInt(20));
        var ack = random.nextBoolean() ? AppendAck.APPENDED : AppendAck.FOLDED;
        engine.depot("moves").append(move, AppendOptions.folded().ack(ack));
      }
    }
  }

  private static void settle(TestEngine engine) {
    engine.healStages();
    for (var round = 0; round < 5; round++) {
      engine.topology("money").resume();
      engine.topology("fees").resume();
      engine.housekeep();
    }
    assertThat(engine.topology("money").stopped()).isEmpty();
    assertThat(engine.topology("fees").stopped()).isEmpty();
  }

  @Test
  void everyTaskCountAndLimitGivesTheSameBalancesWhenNothingInterleaves() {
    var expected = List.of(-1L);
    for (var tasks : List.of(1, 4)) {
      for (var limit : List.of(1, 1024)) {
        try (var engine =
            TestEngine.builder(new Money()).tasks(tasks).stagesPerRecord(limit).start()) {
          for (var account = 0L; account < 3; account++) {
            engine.depot("opened").append(new Opened(account, 100));
          }
          engine.depot("moves").append(new Move(1, 0, List.of(1L, 2L, 1L), 10));
          engine.depot("moves").append(new Move(2, 1, List.of(0L), 500));
          assertThat(engine.pstate("received").select(Path.key(1L).all())).containsExactly(1L, 1L);
          var sums = List.of(sum(engine, "balances") + sum(engine, "fee_totals"));
          assertThat(sums).isEqualTo(expected.getFirst() < 0 ? List.of(300L) : expected);
          expected = sums;
        }
      }
    }
  }
}
