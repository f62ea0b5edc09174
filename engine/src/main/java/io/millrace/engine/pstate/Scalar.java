package io.millrace.engine.pstate;

import java.time.Instant;
import java.util.Locale;

/** The schemas of single values, each with one Java carrier. */
public enum Scalar implements Schema {
  /** 64-bit integer ({@code Long}; {@code Integer}, {@code Short}, {@code Byte} are widened). */
  LONG(Long.class),
  /** 32-bit integer ({@code Integer}; {@code Short}, {@code Byte} are widened). */
  INT(Integer.class),
  /** 64-bit float ({@code Double}; {@code Float}, {@code Integer} and smaller are widened). */
  DOUBLE(Double.class),
  /** {@code Boolean}. */
  BOOLEAN(Boolean.class),
  /** Text ({@code String}), ordered by code point. */
  STRING(String.class),
  /** {@code byte[]}, ordered as unsigned bytes. */
  BYTES(byte[].class),
  /** {@code java.util.UUID}, ordered as 128 unsigned bits, so version 7 is ordered by time. */
  UUID(java.util.UUID.class),
  /** {@code java.time.Instant}, kept in milliseconds since the epoch. */
  INSTANT(Instant.class),
  /**
   * A value of JSON shape: null, {@code Boolean}, {@code Long}, {@code Double}, {@code String},
   * {@code List}, {@code Map} with text keys; also {@code byte[]}, {@code UUID}, {@code Instant}.
   * Never a key.
   */
  ANY(Object.class);

  private final Class<?> carrier;
  private final String text;

  Scalar(Class<?> carrier) {
    this.carrier = carrier;
    this.text = name().toLowerCase(Locale.ROOT);
  }

  /** Java class of values read. */
  public Class<?> carrier() {
    return carrier;
  }

  /** Name in schema text, such as {@code long}. */
  public String text() {
    return text;
  }

  @Override
  public boolean isSubindexed() {
    return false;
  }

  @Override
  public String toString() {
    return text;
  }
}
