package io.millrace.resp.command.bitmap;

import static io.millrace.resp.command.spec.Flag.DENYOOM;
import static io.millrace.resp.command.spec.Flag.FAST;
import static io.millrace.resp.command.spec.Flag.READONLY;
import static io.millrace.resp.command.spec.Flag.WRITE;

import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import java.util.List;

/** Bits of strings: declarations, and all but BITFIELD. */
public final class BitmapCommands {
  private static final Arg UNIT =
      Arg.oneOf("unit", Arg.word("byte", "BYTE"), Arg.word("bit", "BIT")).maybe();
  private static final Arg GET =
      Arg.block("get-block", Arg.string("encoding"), Arg.integer("offset")).after("GET");

  /** All commands of this group. */
  public static final List<Command> ALL =
      List.of(
          bits("BITCOUNT", "2.6.0", "Counts the bits that are set.", READONLY)
              .complexity("O(N)")
              .keys(KeySpec.at(1).reads())
              .args(
                  Arg.key(),
                  Arg.block("range", Arg.integer("start"), Arg.integer("end"), UNIT).maybe())
              .runs(BitmapCommands::count),
          bits("BITFIELD", "3.2.0", "Works on numbers of any number of bits.", WRITE, DENYOOM)
              .keys(KeySpec.at(1).with("RW", "UPDATE", "ACCESS", "VARIABLE_FLAGS"))
              .args(
                  Arg.key(),
                  Arg.oneOf(
                          "operation",
                          GET,
                          Arg.block(
                              "write",
                              Arg.oneOf(
                                      "overflow-block",
                                      Arg.word("wrap", "WRAP"),
                                      Arg.word("sat", "SAT"),
                                      Arg.word("fail", "FAIL"))
                                  .after("OVERFLOW")
                                  .maybe(),
                              Arg.oneOf(
                                  "write-operation",
                                  field("set-block", "value").after("SET"),
                                  field("incrby-block", "increment").after("INCRBY"))))
                      .many()
                      .maybe())
              .runs((ctx, args, reply) -> BitField.parse(ctx, args).run(ctx, args, reply, false)),
          bits("BITFIELD_RO", "6.0.0", "Reads numbers of any number of bits.", READONLY, FAST)
              .keys(KeySpec.at(1).reads())
              .args(Arg.key(), GET.many().maybe())
              .runs((ctx, args, reply) -> BitField.parse(ctx, args).run(ctx, args, reply, true)),
          bits("BITOP", "2.6.0", "Stores a bitwise operation of strings.", WRITE, DENYOOM)
              .complexity("O(N)")
              .keys(KeySpec.at(2).overwrites(), KeySpec.at(3).to(-1).reads())
              .args(
                  Arg.oneOf(
                      "operation",
                      Arg.word("and", "AND"),
                      Arg.word("or", "OR"),
                      Arg.word("xor", "XOR"),
                      Arg.word("not", "NOT")),
                  Arg.key("destkey", 0),
                  Arg.key("key", 1).many())
              .runs(BitmapCommands::operate),
          bits("BITPOS", "2.8.7", "Finds the first bit that is set, or is not.", READONLY)
              .complexity("O(N)")
              .keys(KeySpec.at(1).reads())
              .args(
                  Arg.key(),
                  Arg.integer("bit"),
                  Arg.block(
                          "range",
                          Arg.integer("start"),
                          Arg.block("end-unit-block", Arg.integer("end"), UNIT).maybe())
                      .maybe())
              .runs(BitmapCommands::position),
          bits("GETBIT", "2.2.0", "Answers a bit.", READONLY, FAST)
              .keys(KeySpec.at(1).reads())
              .args(Arg.key(), Arg.integer("offset"))
              .runs(BitmapCommands::get),
          bits("SETBIT", "2.2.0", "Sets a bit and answers the one before.", WRITE, DENYOOM)
              .keys(KeySpec.at(1).with("RW", "ACCESS", "UPDATE"))
              .args(Arg.key(), Arg.integer("offset"), Arg.integer("value"))
              .runs(BitmapCommands::set));

  private static final CommandException BAD_BIT =
      CommandException.error("bit is not an integer or out of range");

  private BitmapCommands() {}

  private static Command.Builder bits(String name, String since, String summary, Flag... flags) {
    return Command.of(Group.BITMAP, name, since, summary, flags);
  }

  private static Arg field(String name, String number) {
    return Arg.block(name, Arg.string("encoding"), Arg.integer("offset"), Arg.integer(number));
  }

  private static void set(CommandContext ctx, Args args, ReplyWriter reply) {
    long bit = Bits.offset(ctx, args, 2, 0);
    if (!args.isInteger(3) || args.integer(3) < 0 || args.integer(3) > 1) {
      throw BAD_BIT;
    }
    int value = (int) args.integer(3);
    var key = ctx.open(args, 1);
    boolean exists = key.require(Kinds.STRING);
    int before = Bits.get(key, bit);
    if (!exists || before != value || bit >>> 3 >= key.ref.length) {
      Bits.grow(ctx, key, bit);
      Bits.set(key, bit, value);
      key.changed();
      key.event(KeyspaceEvents.STRING, "setbit");
    }
    reply.integer(before);
  }

  private static void get(CommandContext ctx, Args args, ReplyWriter reply) {
    long bit = Bits.offset(ctx, args, 2, 0);
    var key = ctx.read(args, 1);
    key.require(Kinds.STRING);
    reply.integer(Bits.get(key, bit));
  }

  private static void count(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = ctx.read(args, 1);
    if (!key.require(Kinds.STRING)) {
      reply.integer(0);
      return;
    }
    var range = BitRange.whole(key.ref.length);
    if (args.count() == 4 || args.count() == 5) {
      range = countRange(args, key.ref.length);
    } else if (args.count() != 2) {
      throw CommandException.SYNTAX;
    }
    reply.integer(Bits.count(key, range.from(), range.to()));
  }

  private static BitRange countRange(Args args, int bytes) {
    long start = args.integer(2);
    long end = args.integer(3);
    if (start < 0 && end < 0 && start > end) {
      return BitRange.NONE;
    }
    return BitRange.of(start, end, args.count() == 5 && BitRange.inBits(args, 4), bytes);
  }

  private static void position(CommandContext ctx, Args args, ReplyWriter reply) {
    long bit = args.integer(2);
    if (bit != 0 && bit != 1) {
      throw CommandException.error("The bit argument must be 1 or 0.");
    }
    var key = ctx.read(args, 1);
    if (!key.require(Kinds.STRING)) {
      reply.integer(bit == 1 ? -1 : 0);
      return;
    }
    if (args.count() > 6) {
      throw CommandException.SYNTAX;
    }
    var range = BitRange.whole(key.ref.length);
    if (args.count() > 3) {
      long start = args.integer(3);
      boolean bits = args.count() == 6 && BitRange.inBits(args, 5);
      long end = args.count() > 4 ? args.integer(4) : key.ref.length - 1;
      range = BitRange.of(start, end, bits, key.ref.length);
    }
    long found = Bits.find(key, (int) bit, range.from(), range.to());
    boolean padded = bit == 0 && args.count() < 5 && range.from() <= range.to();
    // Without an end, zeros follow the string.
    reply.integer(found < 0 && padded ? key.ref.length * 8L : found);
  }

  private static void operate(CommandContext ctx, Args args, ReplyWriter reply) {
    char operation = operation(args);
    var sources = new byte[args.count() - 3][];
    int length = 0;
    long copied = 0;
    for (int i = 3; i < args.count(); i++) {
      var key = ctx.read(args, i);
      boolean exists = key.require(Kinds.STRING);
      copied += exists ? key.ref.length : 0;
      ctx.requireHeap(copied);
      sources[i - 3] = exists ? key.ref.copyValue() : new byte[0];
      length = Math.max(length, sources[i - 3].length);
    }
    var destination = ctx.open(args, 2);
    if (length == 0) {
      destination.deleteAloud();
    } else {
      var result = combine(operation, sources, length);
      destination.put(Kinds.STRING_RAW, 0, result, 0, length);
      destination.event(KeyspaceEvents.STRING, "set");
    }
    reply.integer(length);
  }

  private static char operation(Args args) {
    if (args.is(1, "NOT")) {
      if (args.count() != 4) {
        throw CommandException.error("BITOP NOT must be called with a single source key.");
      }
      return '~';
    }
    if (args.is(1, "AND")) {
      return '&';
    }
    if (args.is(1, "OR")) {
      return '|';
    }
    if (args.is(1, "XOR")) {
      return '^';
    }
    throw CommandException.SYNTAX;
  }

  private static byte[] combine(char operation, byte[][] sources, int length) {
    var result = new byte[length];
    for (int at = 0; at < length; at++) {
      int value = byteAt(sources[0], at);
      for (int s = 1; s < sources.length; s++) {
        int other = byteAt(sources[s], at);
        value =
            switch (operation) {
              case '&' -> value & other;
              case '|' -> value | other;
              default -> value ^ other;
            };
      }
      result[at] = (byte) (operation == '~' ? ~value : value);
    }
    return result;
  }

  private static int byteAt(byte[] source, int at) {
    return at < source.length ? source[at] : 0;
  }
}
