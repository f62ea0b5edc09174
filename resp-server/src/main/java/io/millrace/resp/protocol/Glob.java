package io.millrace.resp.protocol;

/** Glob patterns as Redis matches them; without recursion, in time O(pattern x text). */
public final class Glob {
  private Glob() {}

  /** True when all of {@code text} matches the pattern. */
  public static boolean matches(
      byte[] glob, int globOffset, int globLength, byte[] text, int textOffset, int textLength) {
    int p = globOffset;
    int pEnd = globOffset + globLength;
    int t = textOffset;
    int tEnd = textOffset + textLength;
    int starP = -1;
    int starT = -1;
    while (true) {
      if (p < pEnd && glob[p] == '*') {
        starP = ++p;
        starT = t;
        if (p == pEnd) {
          return true;
        }
        continue;
      }
      if (t == tEnd) {
        return p == pEnd;
      }
      int next = p < pEnd ? one(glob, p, pEnd, text[t]) : -1;
      if (next >= 0) {
        p = next;
        t++;
      } else if (starP >= 0) {
        p = starP;
        t = ++starT;
      } else {
        return false;
      }
    }
  }

  /** Index behind the pattern element at {@code p} when it matches one byte, or -1. */
  private static int one(byte[] glob, int p, int pEnd, byte b) {
    switch (glob[p]) {
      case '?':
        return p + 1;
      case '[':
        return set(glob, p + 1, pEnd, b & 0xFF);
      case '\\':
        if (p + 1 < pEnd) {
          return glob[p + 1] == b ? p + 2 : -1;
        }
        return glob[p] == b ? p + 1 : -1;
      default:
        return glob[p] == b ? p + 1 : -1;
    }
  }

  private static int set(byte[] glob, int from, int pEnd, int b) {
    int p = from;
    boolean not = p < pEnd && glob[p] == '^';
    if (not) {
      p++;
    }
    boolean match = false;
    while (p < pEnd && glob[p] != ']') {
      if (glob[p] == '\\' && p + 1 < pEnd) {
        p++;
        match |= (glob[p] & 0xFF) == b;
      } else if (p + 2 < pEnd && glob[p + 1] == '-') {
        int low = Math.min(glob[p] & 0xFF, glob[p + 2] & 0xFF);
        int high = Math.max(glob[p] & 0xFF, glob[p + 2] & 0xFF);
        match |= b >= low && b <= high;
        p += 2;
      } else {
        match |= (glob[p] & 0xFF) == b;
      }
      p++;
    }
    if (p < pEnd) {
      p++;
    }
    return match != not ? p : -1;
  }
}
