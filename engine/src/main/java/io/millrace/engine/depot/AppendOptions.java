package io.millrace.engine.depot;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How to append.
 *
 * @param ack what to wait for
 * @param key idempotency key: a second append with it answers the first one's place and changes
 *     nothing; null for none
 * @param timeoutMs how long to wait
 */
public record AppendOptions(AppendAck ack, byte @Nullable [] key, long timeoutMs) {
  private static final long DEFAULT_TIMEOUT_MS = 30_000;

  /** Waits until the event is folded. */
  public static AppendOptions folded() {
    return new AppendOptions(AppendAck.FOLDED, null, DEFAULT_TIMEOUT_MS);
  }

  /** Waits for less, or for nothing. */
  public AppendOptions ack(AppendAck value) {
    return new AppendOptions(value, key, timeoutMs);
  }

  /** With an idempotency key. */
  public AppendOptions key(byte @Nullable [] value) {
    return new AppendOptions(ack, value, timeoutMs);
  }

  /** With an idempotency key as text. */
  public AppendOptions key(String value) {
    return key(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Waiting no longer than this. */
  public AppendOptions timeoutMs(long value) {
    return new AppendOptions(ack, key, value);
  }
}
