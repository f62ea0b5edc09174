package io.millrace.resp.command;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Comparing secrets. */
public final class Passwords {
  private Passwords() {}

  /** True when two secrets are equal; takes the same time whether or not, and for any length. */
  public static boolean equal(String one, String other) {
    return MessageDigest.isEqual(hash(one), hash(other));
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
