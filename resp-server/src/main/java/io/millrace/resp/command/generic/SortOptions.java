package io.millrace.resp.command.generic;

import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Options of SORT.
 *
 * @param by pattern of the keys to sort by, or null
 * @param from first element to answer
 * @param count how many, or negative for all
 * @param gets patterns of what to answer for each element; none for the element
 * @param descending largest first
 * @param alpha by bytes, not by numbers
 * @param store argument of the key to store to, or -1
 */
record SortOptions(
    byte @Nullable [] by,
    long from,
    long count,
    List<byte[]> gets,
    boolean descending,
    boolean alpha,
    int store) {

  static SortOptions parse(Args args, boolean mayStore) {
    byte[] by = null;
    long from = 0;
    long count = -1;
    List<byte[]> gets = new ArrayList<>();
    boolean descending = false;
    boolean alpha = false;
    int store = -1;
    for (int i = 2; i < args.count(); i++) {
      int left = args.count() - i - 1;
      if (args.is(i, "ASC") || args.is(i, "DESC")) {
        descending = args.is(i, "DESC");
      } else if (args.is(i, "ALPHA")) {
        alpha = true;
      } else if (args.is(i, "LIMIT") && left >= 2) {
        from = args.integer(i + 1);
        count = args.integer(i + 2);
        i += 2;
      } else if (args.is(i, "STORE") && left >= 1 && mayStore) {
        store = ++i;
      } else if (args.is(i, "BY") && left >= 1) {
        by = args.bytes(++i);
      } else if (args.is(i, "GET") && left >= 1) {
        gets.add(args.bytes(++i));
      } else {
        throw CommandException.SYNTAX;
      }
    }
    return new SortOptions(by, from, count, gets, descending, alpha, store);
  }

  /** True when a pattern without a star asks not to sort at all. */
  boolean unsorted() {
    return by != null && SortPattern.star(by) < 0;
  }

  boolean stores() {
    return store >= 0;
  }

  SortOptions byBytes() {
    return new SortOptions(null, from, count, gets, descending, true, store);
  }

  /** The elements of the wanted part. */
  <T> List<T> part(List<T> all) {
    int start = (int) Math.min(Math.max(from, 0), all.size());
    long length = count < 0 ? all.size() : Math.min(count, all.size());
    return all.subList(start, (int) Math.min(start + length, all.size()));
  }
}
