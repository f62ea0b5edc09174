package io.millrace.resp.command.bitmap;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.Numbers;
import io.millrace.resp.protocol.ReplyWriter;
import java.util.ArrayList;
import java.util.List;

/** BITFIELD: a list of operations on numbers of 1 to 64 bits, read before any is done. */
final class BitField {
  private static final CommandException BAD_TYPE =
      CommandException.error(
          "Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64"
              + " is.");

  private enum Action {
    GET,
    SET,
    INCRBY
  }

  private enum Overflow {
    WRAP,
    SAT,
    FAIL
  }

  private record Operation(
      Action action, Overflow overflow, boolean signed, int bits, long offset, long number) {
    long highest() {
      return signed && bits == 64 ? Long.MAX_VALUE : (1L << (signed ? bits - 1 : bits)) - 1;
    }

    long lowest() {
      return signed ? -highest() - 1 : 0;
    }

    /** What fits in place of a sum that does not, unless the operation fails. */
    long limited(long sum, boolean above) {
      if (overflow == Overflow.SAT) {
        return above ? highest() : lowest();
      }
      int unused = 64 - bits;
      return signed ? sum << unused >> unused : sum << unused >>> unused;
    }
  }

  private final List<Operation> operations = new ArrayList<>();
  private long lastWritten = -1;

  private BitField() {}

  static BitField parse(CommandContext ctx, Args args) {
    var field = new BitField();
    var overflow = Overflow.WRAP;
    int i = 2;
    while (i < args.count()) {
      int left = args.count() - i - 1;
      if (args.is(i, "OVERFLOW") && left >= 1) {
        overflow = overflow(args, i + 1);
        i += 2;
        continue;
      }
      var action = action(args, i, left);
      field.add(ctx, args, i, action, overflow);
      i += action == Action.GET ? 3 : 4;
    }
    return field;
  }

  private static Action action(Args args, int i, int left) {
    if (args.is(i, "GET") && left >= 2) {
      return Action.GET;
    }
    if (args.is(i, "SET") && left >= 3) {
      return Action.SET;
    }
    if (args.is(i, "INCRBY") && left >= 3) {
      return Action.INCRBY;
    }
    throw CommandException.SYNTAX;
  }

  private static Overflow overflow(Args args, int i) {
    for (var overflow : Overflow.values()) {
      if (args.is(i, overflow.name())) {
        return overflow;
      }
    }
    throw CommandException.error("Invalid OVERFLOW type specified");
  }

  private void add(CommandContext ctx, Args args, int i, Action action, Overflow overflow) {
    int at = args.offset(i + 1);
    int length = args.length(i + 1);
    char kind = length == 0 ? ' ' : (char) args.array()[at];
    boolean signed = kind == 'i';
    if (!signed && kind != 'u' || !Numbers.isLong(args.array(), at + 1, length - 1)) {
      throw BAD_TYPE;
    }
    long bits = Numbers.parseLong(args.array(), at + 1, length - 1);
    if (bits < 1 || bits > (signed ? 64 : 63)) {
      throw BAD_TYPE;
    }
    long offset = Bits.offset(ctx, args, i + 2, (int) bits);
    long number = 0;
    if (action != Action.GET) {
      number = args.integer(i + 3);
      lastWritten = Math.max(lastWritten, offset + bits - 1);
    }
    operations.add(new Operation(action, overflow, signed, (int) bits, offset, number));
  }

  void run(CommandContext ctx, Args args, ReplyWriter reply, boolean readOnly) {
    if (readOnly && lastWritten >= 0) {
      throw CommandException.error("BITFIELD_RO only supports the GET subcommand");
    }
    var key = lastWritten >= 0 ? ctx.open(args, 1) : ctx.read(args, 1);
    key.require(Kinds.STRING);
    boolean changed = lastWritten >= 0 && Bits.grow(ctx, key, lastWritten);
    reply.array(operations.size());
    for (var operation : operations) {
      long before = read(key, operation);
      if (operation.action() == Action.GET) {
        reply.integer(before);
      } else {
        changed |= write(key, operation, before, reply);
      }
    }
    if (changed) {
      key.changed();
      key.event(KeyspaceEvents.STRING, "setbit");
    }
  }

  private static long read(Key key, Operation operation) {
    long value = 0;
    for (int i = 0; i < operation.bits(); i++) {
      value = value << 1 | Bits.get(key, operation.offset() + i);
    }
    int unused = 64 - operation.bits();
    return operation.signed() ? value << unused >> unused : value;
  }

  /** Writes what fits and replies; true when the field has changed. */
  private static boolean write(Key key, Operation operation, long before, ReplyWriter reply) {
    boolean sets = operation.action() == Action.SET;
    long base = sets ? operation.number() : before;
    long increment = sets ? 0 : operation.number();
    boolean above = above(operation, base, increment);
    boolean below = !above && below(operation, base, increment);
    if ((above || below) && operation.overflow() == Overflow.FAIL) {
      reply.nil();
      return false;
    }
    long sum = base + increment;
    long after = above || below ? operation.limited(sum, above) : sum;
    reply.integer(sets ? before : after);
    for (int i = 0; i < operation.bits(); i++) {
      int shift = operation.bits() - 1 - i;
      Bits.set(key, operation.offset() + i, (int) (after >>> shift) & 1);
    }
    return before != after;
  }

  private static boolean above(Operation operation, long base, long increment) {
    if (!operation.signed()) {
      return Long.compareUnsigned(base, operation.highest()) > 0
          || increment > 0 && increment > operation.highest() - base;
    }
    long room = operation.highest() - base;
    return base > operation.highest()
        || operation.bits() != 64 && increment > room
        || base >= 0 && increment > 0 && increment > room;
  }

  private static boolean below(Operation operation, long base, long increment) {
    long room = operation.lowest() - base;
    if (!operation.signed()) {
      return increment < 0 && increment < room;
    }
    return base < operation.lowest()
        || operation.bits() != 64 && increment < room
        || base < 0 && increment < 0 && increment < room;
  }
}
