package io.millrace.resp.command.args;

import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import java.util.LinkedHashSet;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/** Random choice among the elements of a collection, by rank. */
public final class RandomRanks {
  /** Distinct ranks that are chosen in any order; more of them come in ascending order. */
  private static final int FEW = 4096;

  private final SplittableRandom random;

  /** Creates a source with a seed of its own. */
  public RandomRanks() {
    this(new SplittableRandom());
  }

  RandomRanks(SplittableRandom random) {
    this.random = random;
  }

  /** One rank below a size. */
  public long one(long size) {
    return random.nextLong(size);
  }

  /**
   * The count of a command: negative when an element may come again.
   *
   * @throws CommandException with Redis's text
   */
  public static long count(Args args, int i) {
    long count = args.integer(i);
    if (count < -Long.MAX_VALUE) {
      throw CommandException.error(
          "value is out of range, value must between -9223372036854775807 and"
              + " 9223372036854775807");
    }
    return count;
  }

  /** How many ranks a count asks for: a negative one for any, else for distinct ones. */
  public static long number(long size, long count) {
    return count < 0 ? -count : Math.min(count, size);
  }

  /**
   * Chooses ranks below a size, one after the other: as many as {@link #number} says, of which none
   * is kept, or one bit for each element of the collection.
   */
  public void choose(long size, long count, LongConsumer chosen) {
    long wanted = number(size, count);
    if (count < 0) {
      for (long i = 0; i < wanted; i++) {
        chosen.accept(random.nextLong(size));
      }
    } else if (wanted == size) {
      for (long rank = 0; rank < size; rank++) {
        chosen.accept(rank);
      }
    } else if (wanted <= FEW) {
      few(size, (int) wanted, chosen);
    } else {
      many(size, wanted, chosen);
    }
  }

  private void few(long size, int wanted, LongConsumer chosen) {
    var ranks = new LinkedHashSet<Long>();
    for (long top = size - wanted; top < size; top++) {
      long pick = random.nextLong(top + 1);
      ranks.add(ranks.contains(pick) ? top : pick);
    }
    for (long rank : ranks) {
      chosen.accept(rank);
    }
  }

  private void many(long size, long wanted, LongConsumer chosen) {
    var bits = new long[Math.toIntExact((size >>> 6) + 1)];
    for (long top = size - wanted; top < size; top++) {
      long pick = random.nextLong(top + 1);
      boolean taken = (bits[(int) (pick >>> 6)] & 1L << pick) != 0;
      long rank = taken ? top : pick;
      bits[(int) (rank >>> 6)] |= 1L << rank;
    }
    for (int word = 0; word < bits.length; word++) {
      for (long left = bits[word]; left != 0; left &= left - 1) {
        chosen.accept(((long) word << 6) + Long.numberOfTrailingZeros(left));
      }
    }
  }
}
