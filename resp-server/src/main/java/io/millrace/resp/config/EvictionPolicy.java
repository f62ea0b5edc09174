package io.millrace.resp.config;

import java.util.Locale;

/** Which keys make room at the limit of memory. */
public enum EvictionPolicy {
  /** None. */
  NOEVICTION(false),
  /** The least recently used of all. */
  ALLKEYS_LRU(false),
  /** The least frequently used of all. */
  ALLKEYS_LFU(false),
  /** Any. */
  ALLKEYS_RANDOM(false),
  /** The least recently used with a deadline. */
  VOLATILE_LRU(true),
  /** The least frequently used with a deadline. */
  VOLATILE_LFU(true),
  /** Any with a deadline. */
  VOLATILE_RANDOM(true),
  /** Those with the nearest deadline. */
  VOLATILE_TTL(true);

  private final boolean onlyExpiring;

  EvictionPolicy(boolean onlyExpiring) {
    this.onlyExpiring = onlyExpiring;
  }

  static EvictionPolicy of(String setting) {
    return valueOf(setting.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** True when keys without a deadline stay. */
  public boolean onlyExpiring() {
    return onlyExpiring;
  }

  /** True when it needs to know how often keys are used. */
  public boolean countsUse() {
    return this == ALLKEYS_LFU || this == VOLATILE_LFU;
  }

  /** True when the first key found will do. */
  public boolean takesAny() {
    return this == ALLKEYS_RANDOM || this == VOLATILE_RANDOM;
  }
}
