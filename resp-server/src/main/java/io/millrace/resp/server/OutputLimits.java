package io.millrace.resp.server;

import io.millrace.resp.config.BufferLimits;

/**
 * How much may wait for a client that does not read: {@code client-output-buffer-limit}. Messages
 * that a client has not asked for one by one (of channels, of keys it tracks, of MONITOR) are
 * bounded in any case: where the class {@code normal} has no limit, that of {@code pubsub} holds.
 *
 * @param hard bytes at which the connection is closed; 0 = none
 * @param soft bytes at which it is closed after a time; 0 = none
 * @param softMs that time
 */
public record OutputLimits(long hard, long soft, long softMs) {
  /** No limit. */
  public static final OutputLimits NONE = new OutputLimits(0, 0, 0);

  private static final long LONGEST = 1_000_000_000;

  /** The limits of a class in the text of the setting. */
  static OutputLimits of(String setting, String type) {
    long[] limits = BufferLimits.of(setting, type);
    return new OutputLimits(limits[0], limits[1], Math.min(limits[2], LONGEST) * 1000);
  }

  /** These, or others when there is no limit here. */
  OutputLimits or(OutputLimits others) {
    return hard == 0 && soft == 0 ? others : this;
  }
}
