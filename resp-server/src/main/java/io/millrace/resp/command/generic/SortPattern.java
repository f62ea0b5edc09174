package io.millrace.resp.command.generic;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.type.HashType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A pattern of SORT: a key, or a field of a hash, with a star in place of the element. */
final class SortPattern {
  private SortPattern() {}

  /** Index of the star, or -1. */
  static int star(byte[] pattern) {
    for (int i = 0; i < pattern.length; i++) {
      if (pattern[i] == '*') {
        return i;
      }
    }
    return -1;
  }

  /** What the pattern leads to for an element; null when there is nothing. */
  static byte @Nullable [] lookUp(CommandContext ctx, byte[] pattern, byte[] element) {
    if (pattern.length == 1 && pattern[0] == '#') {
      return element;
    }
    int star = star(pattern);
    if (star < 0) {
      return null;
    }
    int arrow = arrow(pattern, star + 1);
    int end = arrow < 0 ? pattern.length : arrow;
    var name = new byte[end - 1 + element.length];
    System.arraycopy(pattern, 0, name, 0, star);
    System.arraycopy(element, 0, name, star, element.length);
    System.arraycopy(pattern, star + 1, name, star + element.length, end - star - 1);
    var key = ctx.open(1, ctx.database(), name, 0, name.length);
    if (!key.found()) {
      key.event(KeyspaceEvents.KEY_MISS, "keymiss");
      return null;
    }
    if (arrow < 0) {
      return Kinds.type(key.ref.kind) == 0 ? key.ref.copyValue() : null;
    }
    if (!(key.type() instanceof HashType hash)) {
      return null;
    }
    hash.open(key);
    int field = arrow + 2;
    return hash.find(pattern, field, pattern.length - field)
        ? Arrays.copyOfRange(
            hash.array(), hash.valueOffset(), hash.valueOffset() + hash.valueLength())
        : null;
  }

  /** Where the name of a field begins to be told, unless it is empty; or -1. */
  private static int arrow(byte[] pattern, int from) {
    for (int i = from; i + 2 < pattern.length; i++) {
      if (pattern[i] == '-' && pattern[i + 1] == '>') {
        return i;
      }
    }
    return -1;
  }
}
