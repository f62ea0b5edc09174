package io.millrace.resp.command.generic;

import io.millrace.engine.tree.Cursor;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.Numbers;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.ListType;
import io.millrace.resp.type.SetValue;
import io.millrace.resp.type.ZSetKey;
import io.millrace.resp.type.ZSetValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * SORT and SORT_RO. What is stored is logged as it came out: the keys that patterns lead to are not
 * named by the command.
 */
final class SortCommand {
  private static final CommandException NOT_A_NUMBER =
      CommandException.error("One or more scores can't be converted into double");

  private static final Comparator<byte[]> BYTES = Arrays::compareUnsigned;

  private record Item(byte[] element, double score, byte @Nullable [] text) {}

  private SortCommand() {}

  static void sort(CommandContext ctx, Args args, ReplyWriter reply) {
    run(ctx, args, reply, SortOptions.parse(args, true));
  }

  static void sortReadOnly(CommandContext ctx, Args args, ReplyWriter reply) {
    run(ctx, args, reply, SortOptions.parse(args, false));
  }

  private static void run(CommandContext ctx, Args args, ReplyWriter reply, SortOptions options) {
    var key = ctx.read(args, 1);
    var elements = key.found() ? elements(key) : new ArrayList<byte[]>();
    boolean set = key.found() && Kinds.type(key.ref.kind) == Kinds.type(Kinds.SET);
    var how = options.unsorted() && set && options.stores() ? options.byBytes() : options;
    if (!how.unsorted()) {
      elements = sorted(ctx, elements, how);
    } else if (!set && how.descending()) {
      Collections.reverse(elements);
    }
    var found = answers(ctx, how.part(elements), how.gets());
    if (how.stores()) {
      store(ctx, args, how.store(), found);
      reply.integer(found.size());
      return;
    }
    reply.array(found.size());
    for (var answer : found) {
      if (answer == null) {
        reply.nil();
      } else {
        reply.bulk(answer);
      }
    }
  }

  private static List<byte[]> elements(Key key) {
    List<byte[]> all = new ArrayList<>();
    int type = Kinds.type(key.ref.kind);
    if (type == Kinds.type(Kinds.LIST)) {
      var cursor = ListType.view().open(key).cursor();
      for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
        all.add(copy(cursor, cursor.valueOffset(), cursor.valueLength()));
      }
    } else if (type == Kinds.type(Kinds.SET)) {
      var cursor = new SetValue().open(key).tree().cursor();
      for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
        all.add(copy(cursor, SetValue.offset(cursor), SetValue.length(cursor)));
      }
    } else if (type == Kinds.type(Kinds.ZSET)) {
      var cursor = new ZSetValue().open(key).order().cursor();
      for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
        all.add(copy(cursor, ZSetKey.offset(cursor), ZSetKey.length(cursor)));
      }
    } else {
      throw CommandException.WRONG_TYPE;
    }
    return all;
  }

  private static byte[] copy(Cursor cursor, int offset, int length) {
    return Arrays.copyOfRange(cursor.array(), offset, offset + length);
  }

  private static List<byte[]> sorted(
      CommandContext ctx, List<byte[]> elements, SortOptions options) {
    List<Item> items = new ArrayList<>();
    for (var element : elements) {
      var value = options.by() == null ? element : SortPattern.lookUp(ctx, options.by(), element);
      double score = options.alpha() || value == null ? 0 : number(value);
      items.add(new Item(element, score, value));
    }
    Comparator<Item> order =
        options.alpha()
            ? Comparator.comparing(Item::text, Comparator.nullsFirst(BYTES))
            : Comparator.comparingDouble(Item::score);
    order = order.thenComparing(Item::element, BYTES);
    items.sort(options.descending() ? order.reversed() : order);
    return new ArrayList<>(items.stream().map(Item::element).toList());
  }

  /** A number as C reads one: up to a zero byte, nothing is zero, blanks may stand in front. */
  private static double number(byte[] text) {
    int end = 0;
    while (end < text.length && text[end] != 0) {
      end++;
    }
    int start = 0;
    while (start < end && (text[start] == ' ' || text[start] >= '\t' && text[start] <= '\r')) {
      start++;
    }
    if (end == 0) {
      return 0;
    }
    try {
      return Numbers.parseDoubleOfAnyLength(text, start, end - start);
    } catch (CommandException notANumber) {
      throw NOT_A_NUMBER;
    }
  }

  private static List<byte @Nullable []> answers(
      CommandContext ctx, List<byte[]> elements, List<byte[]> patterns) {
    List<byte @Nullable []> answers = new ArrayList<>();
    for (var element : elements) {
      if (patterns.isEmpty()) {
        answers.add(element);
      }
      for (var pattern : patterns) {
        answers.add(SortPattern.lookUp(ctx, pattern, element));
      }
    }
    return answers;
  }

  private static void store(CommandContext ctx, Args args, int to, List<byte @Nullable []> values) {
    var key = ctx.open(args, to);
    boolean existed = key.clear();
    var removal = ctx.effect(2);
    removal.argument("DEL");
    removal.argument(args.array(), args.offset(to), args.length(to));
    if (values.isEmpty()) {
      if (existed) {
        key.event(KeyspaceEvents.GENERIC, "del");
      }
      return;
    }
    var tree = ListType.view().openOrCreate(key);
    var effect = ctx.effect(2 + values.size());
    effect.argument("RPUSH");
    effect.argument(args.array(), args.offset(to), args.length(to));
    for (var value : values) {
      var element = Objects.requireNonNullElse(value, new byte[0]);
      tree.pushLast(element, 0, element.length);
      effect.argument(element, 0, element.length);
    }
    key.changed();
    key.event(KeyspaceEvents.LIST, "sortstore");
  }
}
