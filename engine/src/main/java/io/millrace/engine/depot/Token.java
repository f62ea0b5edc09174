package io.millrace.engine.depot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Opaque text that names positions in a depot: {@code mr1.<depot>.<epoch>.<p>:<offset>,...}. An
 * append answers one; every door takes one and answers only when it has seen what it names.
 *
 * @param depot name of the depot, with its module: {@code module/depot}
 * @param epoch start of the node in which the offsets were given
 * @param offsets offset of the newest event meant, by partition, in ascending order
 */
public record Token(String depot, long epoch, Map<Integer, Long> offsets) {
  private static final String PREFIX = "mr1.";
  private static final int MAX_LENGTH = 1 << 20;
  private static final Pattern DEPOT = Pattern.compile("[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)?");

  /** Checks and copies. */
  public Token {
    if (!DEPOT.matcher(depot).matches()) {
      throw new IllegalArgumentException("Not the name of a depot: depot=" + depot);
    }
    if (epoch < 0 || offsets.isEmpty()) {
      throw new IllegalArgumentException(
          "A token needs an epoch and a partition: epoch=" + epoch + " offsets=" + offsets);
    }
    offsets.forEach((partition, offset) -> {
      if (partition < 0 || offset < 0) {
        throw new IllegalArgumentException(
            "Not a place in a depot: partition=" + partition + " offset=" + offset);
      }
    });
    offsets = Collections.unmodifiableMap(new TreeMap<>(offsets));
  }

  /** A token for one event. */
  public static Token of(String depot, long epoch, int partition, long offset) {
    return new Token(depot, epoch, Map.of(partition, offset));
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is no token, with the reason
   */
  public static Token parse(String text) {
    if (text.length() > MAX_LENGTH || !text.startsWith(PREFIX)) {
      throw refused(text, "it does not start with " + PREFIX);
    }
    String[] parts = text.substring(PREFIX.length()).split("\\.", -1);
    if (parts.length != 3) {
      throw refused(text, "it needs depot, epoch and offsets");
    }
    Map<Integer, Long> offsets = new TreeMap<>();
    for (String place : parts[2].split(",", -1)) {
      int colon = place.indexOf(':');
      if (colon < 0) {
        throw refused(text, "a place has no offset");
      }
      long partition = number(text, place.substring(0, colon));
      if (partition > Integer.MAX_VALUE) {
        throw refused(text, "a partition is too large");
      }
      if (offsets.put((int) partition, number(text, place.substring(colon + 1))) != null) {
        throw refused(text, "a partition stands twice");
      }
    }
    return new Token(parts[0], number(text, parts[1]), offsets);
  }

  private static long number(String text, String digits) {
    if (digits.isEmpty() || digits.length() > 19) {
      throw refused(text, "a number is missing or too long");
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
        throw refused(text, "not a number: " + digits);
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static IllegalArgumentException refused(String text, String why) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    return new IllegalArgumentException("Not a token, " + why + ": token=" + shown);
  }

  /** This token and another of the same depot and epoch: the later offset of each partition. */
  public Token merge(Token other) {
    if (!depot.equals(other.depot) || epoch != other.epoch) {
      throw new IllegalArgumentException(
          "Tokens of different depots or epochs cannot be joined: " + this + " " + other);
    }
    Map<Integer, Long> all = new TreeMap<>(offsets);
    other.offsets.forEach((partition, offset) -> all.merge(partition, offset, Math::max));
    return new Token(depot, epoch, all);
  }

  /** The text form. */
  @Override
  public String toString() {
    List<String> places = new ArrayList<>();
    offsets.forEach((partition, offset) -> places.add(partition + ":" + offset));
    return PREFIX + depot + "." + epoch + "." + String.join(",", places);
  }
}
