package io.millrace.resp.dump;

/** Expands what LZF has compressed: runs of literals, and references to what is already there. */
final class Lzf {
  /** Three bytes stand for at most 264. */
  private static final int MOST_RATIO = 88;

  private static final int LONGEST_LITERAL = 32;

  private Lzf() {}

  /** True when so many bytes can come from so many. */
  static boolean plausible(long compressed, long expanded) {
    return compressed > 0 && expanded > 0 && expanded <= compressed * MOST_RATIO + LONGEST_LITERAL;
  }

  /** Fills an array; what does not fill it exactly is bad. */
  static void expand(byte[] in, int from, int length, byte[] out) {
    int at = from;
    int end = from + length;
    int to = 0;
    while (at < end) {
      int control = in[at++] & 0xFF;
      if (control < LONGEST_LITERAL) {
        int run = control + 1;
        require(run <= end - at && run <= out.length - to);
        System.arraycopy(in, at, out, to, run);
        at += run;
        to += run;
        continue;
      }
      int run = control >>> 5;
      if (run == 7) {
        require(at < end);
        run += in[at++] & 0xFF;
      }
      require(at < end);
      int source = to - ((control & 0x1F) << 8) - (in[at++] & 0xFF) - 1;
      run += 2;
      require(source >= 0 && run <= out.length - to);
      for (int i = 0; i < run; i++) {
        out[to++] = out[source++];
      }
    }
    require(to == out.length);
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw PayloadReader.BAD;
    }
  }
}
