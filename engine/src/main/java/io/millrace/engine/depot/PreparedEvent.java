package io.millrace.engine.depot;

import io.millrace.engine.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * An event checked, encoded and routed, ready to be appended under the lock. Made outside of it.
 *
 * @param event the event
 * @param type its type
 * @param partition where it goes
 * @param body its bytes
 * @param key idempotency key, or null
 */
public record PreparedEvent(
    Object event, EventType<?> type, int partition, byte[] body, byte @Nullable [] key) {
  private static final int HEADER = 64;

  /** Journal bytes the record needs, about. */
  public int room() {
    return HEADER + body.length + (key == null ? 0 : key.length);
  }
}
