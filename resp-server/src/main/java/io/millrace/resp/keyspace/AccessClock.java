package io.millrace.resp.keyspace;

import io.millrace.engine.state.HotPath;
import java.util.SplittableRandom;

/**
 * What the clock word of an entry says: the second of its last use, or, under an LFU policy, the
 * minute of its last use and a counter of eight bits that grows with the logarithm of the uses and
 * shrinks with time. The word is the same: after a change of policy it takes a while until it means
 * something, as in Redis. No part of state.
 */
@HotPath(benchmark = "KeyspaceBenchmark")
public final class AccessClock {
  /** Counter of a new key, so that it is not the next victim. */
  public static final int INITIAL = 5;

  private static final int MOST = 255;
  private static final int COUNTER_BITS = 8;

  private final SplittableRandom random = new SplittableRandom();
  private boolean counts;
  private int logFactor = 10;
  private int decayMinutes = 1;
  private int seconds;

  /** A clock that tells seconds. */
  public AccessClock() {}

  /**
   * Sets what words say from now on.
   *
   * @param counts true under an LFU policy
   * @param logFactor how many uses the counter needs to grow
   * @param decayMinutes minutes after which an unused counter shrinks by one; 0 = never
   */
  public void configure(boolean counts, int logFactor, int decayMinutes) {
    this.counts = counts;
    this.logFactor = logFactor;
    this.decayMinutes = decayMinutes;
  }

  /** Sets the time, in seconds of the node's life. */
  public void tick(int seconds) {
    this.seconds = seconds;
  }

  /** True when words hold counters. */
  public boolean counts() {
    return counts;
  }

  /** Word of a new entry. */
  public int fresh() {
    return counts ? frequent(INITIAL) : seconds;
  }

  /** Word of an entry that is used now. */
  public int used(int word) {
    return counts ? frequent(grown(frequency(word))) : seconds;
  }

  /** Word of an entry that was last used some time ago. */
  public int idleFor(long secondsAgo) {
    return (int) Math.max(seconds - secondsAgo, Integer.MIN_VALUE);
  }

  /** Word of an entry with a counter. */
  public int frequent(int counter) {
    return seconds / 60 << COUNTER_BITS | counter;
  }

  /** Seconds since the last use. */
  public long idle(int word) {
    return Math.max(0, (long) seconds - word);
  }

  /** The counter, as it has shrunk by now. */
  public int frequency(int word) {
    int counter = word & MOST;
    if (decayMinutes == 0) {
      return counter;
    }
    int passed = Math.max(0, seconds / 60 - (word >> COUNTER_BITS)) / decayMinutes;
    return Math.max(0, counter - passed);
  }

  private int grown(int counter) {
    if (counter == MOST) {
      return MOST;
    }
    double odds = 1.0 / (Math.max(0, counter - INITIAL) * (double) logFactor + 1);
    return random.nextDouble() < odds ? counter + 1 : counter;
  }
}
