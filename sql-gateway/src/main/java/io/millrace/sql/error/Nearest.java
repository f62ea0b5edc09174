package io.millrace.sql.error;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the name a user most likely meant. */
public final class Nearest {
  private Nearest() {}

  /** Returns the candidate with the fewest edits, or null when none is near. */
  public static @Nullable String of(String name, Collection<String> candidates) {
    String best = null;
    var limit = Math.max(1, name.length() / 3) + 1;
    for (var candidate : candidates) {
      var edits = distance(name, candidate);
      if (edits < limit || (edits == limit && best == null && edits <= name.length() / 2)) {
        best = candidate;
        limit = edits;
      }
    }
    return best;
  }

  /** Edit distance. */
  static int distance(String a, String b) {
    var previous = new int[b.length() + 1];
    var current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        var cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        current[j] =
            Math.min(Math.min(current[j - 1] + 1, previous[j] + 1), previous[j - 1] + cost);
      }
      var swap = previous;
      previous = current;
      current = swap;
    }
    return previous[b.length()];
  }
}
