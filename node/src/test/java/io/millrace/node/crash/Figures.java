package io.millrace.node.crash;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What the server says about itself just before it is killed.
 *
 * @param cuts checkpoints since its start
 * @param flushes flushes of the store since its start
 * @param truncations journal segments let go since its start
 * @param phase what the checkpoint was doing
 */
record Figures(long cuts, long flushes, long truncations, String phase) {
  /** What each round of the crash test must have seen before its kill. */
  static final Figures ENOUGH = new Figures(10, 3, 1, "");

  static Figures of(Wire wire) throws IOException {
    Map<String, String> lines = new HashMap<>();
    String text = String.valueOf(wire.call("INFO", "millrace"));
    for (String line : text.split("\r\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        lines.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    return new Figures(
        Long.parseLong(lines.getOrDefault("checkpoints", "-1")),
        Long.parseLong(lines.getOrDefault("store_flushes", "-1")),
        Long.parseLong(lines.getOrDefault("journal_truncated_segments", "-1")),
        lines.getOrDefault("checkpoint_phase", "?"));
  }

  /** Whether enough has happened for a kill to be worth it. */
  boolean reach(Figures least) {
    return cuts >= least.cuts && flushes >= least.flushes && truncations >= least.truncations;
  }
}
