package io.millrace.resp.command.string;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import java.util.Arrays;

/** Parts of strings. */
final class EditCommands {
  private static final byte[] NOTHING = new byte[0];

  private EditCommands() {}

  static void append(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = ctx.open(args, 1);
    if (!key.require(Kinds.STRING)) {
      key.put(Kinds.STRING, 0, args.array(), args.offset(2), args.length(2));
      key.event(KeyspaceEvents.STRING, "append");
      reply.integer(args.length(2));
      return;
    }
    int before = key.ref.length;
    requireSize(ctx, (long) before + args.length(2));
    resize(key, before + args.length(2));
    System.arraycopy(
        args.array(), args.offset(2), key.ref.array, key.ref.offset + before, args.length(2));
    key.changed();
    key.event(KeyspaceEvents.STRING, "append");
    reply.integer(key.ref.length);
  }

  /** Makes the value of an existing string longer (or announces its change) and marks it raw. */
  static void resize(Key key, int length) {
    if (key.ref.kind != Kinds.STRING_RAW) {
      key.task().kind(key.ref, Kinds.STRING_RAW);
    }
    int before = key.ref.length;
    key.task().resize(key.ref, length);
    if (length > before) {
      int from = key.ref.offset + before;
      Arrays.fill(key.ref.array, from, key.ref.offset + length, (byte) 0);
    }
  }

  private static void requireSize(CommandContext ctx, long length) {
    if (length > ctx.longestString()) {
      throw CommandException.error("string exceeds maximum allowed size (proto-max-bulk-len)");
    }
    ctx.requireHeap(length);
  }

  static void setRange(CommandContext ctx, Args args, ReplyWriter reply) {
    long offset = args.integer(2);
    if (offset < 0) {
      throw CommandException.error("offset is out of range");
    }
    var key = ctx.open(args, 1);
    boolean exists = key.require(Kinds.STRING);
    int length = args.length(3);
    if (length == 0) {
      reply.integer(exists ? key.ref.length : 0);
      return;
    }
    requireSize(ctx, Math.addExact(Math.min(offset, Long.MAX_VALUE / 2), length));
    int end = Math.toIntExact(offset + length);
    if (!exists) {
      key.put(Kinds.STRING_RAW, 0, NOTHING, 0, 0);
    }
    resize(key, Math.max(end, key.ref.length));
    System.arraycopy(
        args.array(), args.offset(3), key.ref.array, key.ref.offset + (int) offset, length);
    if (exists) {
      key.changed();
    }
    key.event(KeyspaceEvents.STRING, "setrange");
    reply.integer(key.ref.length);
  }

  static void getRange(CommandContext ctx, Args args, ReplyWriter reply) {
    long start = args.integer(2);
    long end = args.integer(3);
    var key = ctx.read(args, 1);
    if (!key.require(Kinds.STRING)) {
      reply.bulk(args.array(), 0, 0);
      return;
    }
    int length = key.ref.length;
    if (start < 0 && end < 0 && start > end) {
      reply.bulk(args.array(), 0, 0);
      return;
    }
    long from = start < 0 ? Math.max(0, length + start) : start;
    long to = end < 0 ? Math.max(0, length + end) : Math.min(end, length - 1);
    if (from > to || length == 0) {
      reply.bulk(args.array(), 0, 0);
    } else {
      reply.bulk(key.ref.array, key.ref.offset + (int) from, (int) (to - from) + 1);
    }
  }

  static void strlen(CommandContext ctx, Args args, ReplyWriter reply) {
    var key = ctx.read(args, 1);
    reply.integer(key.require(Kinds.STRING) ? key.ref.length : 0);
  }
}
