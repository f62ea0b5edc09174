package io.millrace.resp.protocol;

/**
 * What one request may look like.
 *
 * @param maxArguments arguments of one command
 * @param maxBulkLength bytes of one argument
 * @param maxBytes bytes of one command; a larger one is refused without an end of the connection
 * @param authenticated false for the small limits of a client that has not logged in
 */
public record DecodeLimits(
    int maxArguments, int maxBulkLength, long maxBytes, boolean authenticated) {
  private static final long ANY = Long.MAX_VALUE;

  /** Limits of a client that may run commands. */
  public static final DecodeLimits DEFAULT = new DecodeLimits(1 << 20, 512 << 20, ANY, true);

  /** Limits before authentication. */
  public static final DecodeLimits STRANGER = new DecodeLimits(10, 16_384, ANY, false);
}
