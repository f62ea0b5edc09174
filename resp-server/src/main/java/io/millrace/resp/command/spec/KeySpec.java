package io.millrace.resp.command.spec;

import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a command's keys stand among its arguments and what it does to them.
 *
 * @param index argument of the first key, or of the key count; with a keyword, where to look from
 * @param keyword word in front of the first key, or null
 * @param last last key relative to the first, negative from the end
 * @param step distance between keys
 * @param limit with an open range: divide the remaining arguments by this to find the last key
 * @param counted true when {@code index} holds the number of keys that follow
 * @param flags flags of the wire, such as RO and ACCESS
 */
public record KeySpec(
    int index,
    @Nullable String keyword,
    int last,
    int step,
    int limit,
    boolean counted,
    List<String> flags) {

  /** One key at a place. */
  public static KeySpec at(int index) {
    return new KeySpec(index, null, 0, 1, 0, false, List.of());
  }

  /** Keys behind a count at a place. */
  public static KeySpec countedAt(int index) {
    return new KeySpec(index, null, 0, 1, 0, true, List.of());
  }

  /**
   * Keys behind a keyword that is searched from {@code from} (negative: backwards from the end).
   */
  public static KeySpec after(String keyword, int from) {
    return new KeySpec(from, keyword, 0, 1, 0, false, List.of());
  }

  /** Up to a last key, relative to the first; negative counts from the end. */
  public KeySpec to(int last) {
    return new KeySpec(index, keyword, last, step, limit, counted, flags);
  }

  /** Every n-th argument. */
  public KeySpec every(int step) {
    return new KeySpec(index, keyword, last, step, limit, counted, flags);
  }

  /** Only the first 1/n of the remaining arguments. */
  public KeySpec firstPart(int limit) {
    return new KeySpec(index, keyword, -1, step, limit, counted, flags);
  }

  /** The value is read and answered. */
  public KeySpec reads() {
    return with("RO", "ACCESS");
  }

  /** Only existence, type or size are looked at. */
  public KeySpec looks() {
    return with("RO");
  }

  /** The value is replaced unseen. */
  public KeySpec overwrites() {
    return with("OW", "UPDATE");
  }

  /** The value is changed. */
  public KeySpec updates() {
    return with("RW", "UPDATE");
  }

  /** Elements are added. */
  public KeySpec inserts() {
    return with("RW", "INSERT");
  }

  /** Elements are removed. */
  public KeySpec deletes() {
    return with("RW", "DELETE");
  }

  /** The key is removed. */
  public KeySpec removes() {
    return with("RM", "DELETE");
  }

  /** Any flags of the wire. */
  public KeySpec with(String... flags) {
    return new KeySpec(index, keyword, last, step, limit, counted, List.of(flags));
  }

  /** True when the command may change the key. */
  public boolean writes() {
    return !flags.contains("RO");
  }

  /** Hands the argument index of each key to a visitor. */
  public void each(Args args, java.util.function.IntConsumer visitor) {
    int count = args.count();
    int first = index;
    if (keyword != null) {
      first = find(args, keyword);
      if (first < 0) {
        return;
      }
    } else if (index < 0) {
      first = count + index;
    }
    if (counted) {
      eachCounted(args, first, visitor);
      return;
    }
    int end = last >= 0 ? first + last : count + last;
    if (limit > 1) {
      end = first + (count - first) / limit + last;
    }
    for (int i = first; i <= end && i < count; i += step) {
      visitor.accept(i);
    }
  }

  private void eachCounted(Args args, int at, java.util.function.IntConsumer visitor) {
    if (at >= args.count() || !args.isInteger(at)) {
      throw CommandException.error("Invalid arguments specified for command");
    }
    long keys = args.integer(at);
    if (keys < 1 || keys > args.count() - at - 1) {
      throw CommandException.error("Invalid arguments specified for command");
    }
    for (int i = 1; i <= keys; i++) {
      visitor.accept(at + i);
    }
  }

  private int find(Args args, String word) {
    boolean forward = index > 0;
    int step = forward ? 1 : -1;
    var upper = word.toUpperCase(Locale.ROOT);
    for (int i = forward ? index : args.count() + index; i > 0 && i < args.count(); i += step) {
      if (args.is(i, upper)) {
        return i + 1;
      }
    }
    return -1;
  }
}
