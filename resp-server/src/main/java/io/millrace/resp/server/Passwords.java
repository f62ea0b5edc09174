package io.millrace.resp.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Comparing secrets. */
public final class Passwords {
  private Passwords() {}

  /**
   * True when a secret is what a client gave, byte for byte; takes the same time whether or not,
   * and for any length.
   */
  public static boolean equal(byte[] given, String wanted) {
    return MessageDigest.isEqual(hash(given), hash(wanted.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] hash(byte[] text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
