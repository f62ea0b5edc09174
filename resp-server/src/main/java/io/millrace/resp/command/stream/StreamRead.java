package io.millrace.resp.command.stream;

import io.millrace.engine.tree.Cursor;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.args.Timeouts;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.StreamId;
import io.millrace.resp.type.StreamValue;

/** XREAD: what is new in several streams, waiting for it or not. */
final class StreamRead {
  private static final long NO_WAIT = -1;

  private final StreamValue stream = new StreamValue();
  private final EntryCodec codec;

  StreamRead(EntryCodec codec) {
    this.codec = codec;
  }

  /** The options in front of the keys. */
  private record Options(long count, long timeoutMs, int firstKey, int keys) {}

  void run(CommandContext ctx, Args args, ReplyWriter reply) {
    Options options = parse(ctx, args);
    int n = options.keys;
    StreamId[] after = new StreamId[n];
    for (int i = 0; i < n; i++) {
      after[i] = after(ctx, args, options, i);
    }
    int mark = reply.size();
    int served = 0;
    for (int i = 0; i < n; i++) {
      Key key = ctx.open(args, options.firstKey + i);
      StreamId from = after[i].next();
      if (key.require(Kinds.STREAM) && from != null && serve(key, from, options, args, i, reply)) {
        served++;
      }
    }
    if (served > 0) {
      wrap(reply, mark, served);
    } else if (options.timeoutMs != NO_WAIT && ctx.mayWait()) {
      Args resolved = resolved(args, options, after);
      ctx.waitFor(
          Kinds.STREAM, options.timeoutMs, resolved, options.firstKey, options.firstKey + n - 1);
    } else {
      reply.nilArray();
    }
  }

  private static Options parse(CommandContext ctx, Args args) {
    long count = 0;
    long timeoutMs = NO_WAIT;
    for (int i = 1; i < args.count(); i++) {
      boolean more = i + 1 < args.count();
      if (more && args.is(i, "BLOCK")) {
        timeoutMs = Timeouts.millis(args, ++i, ctx.stampMs());
      } else if (more && args.is(i, "COUNT")) {
        count = Math.max(args.integer(++i), 0);
      } else if (more && args.is(i, "STREAMS")) {
        int words = args.count() - i - 1;
        if (words % 2 != 0) {
          throw CommandException.error(
              "Unbalanced XREAD list of streams: for each stream key an ID or '$' must be"
                  + " specified.");
        }
        return new Options(count, timeoutMs, i + 1, words / 2);
      } else {
        throw CommandException.SYNTAX;
      }
    }
    throw CommandException.SYNTAX;
  }

  private StreamId after(CommandContext ctx, Args args, Options options, int i) {
    Key key = ctx.read(args, options.firstKey + i);
    boolean found = key.require(Kinds.STREAM);
    int at = options.firstKey + options.keys + i;
    if (args.is(at, "$")) {
      return found ? stream.open(key).lastId() : StreamId.MIN;
    }
    return Ids.strict(args, at, 0);
  }

  private boolean serve(
      Key key, StreamId from, Options options, Args args, int i, ReplyWriter reply) {
    Cursor cursor = stream.open(key).tree().cursor();
    boolean on = StreamValue.seek(cursor, from);
    if (!on) {
      return false;
    }
    int name = options.firstKey + i;
    if (!reply.resp3()) {
      reply.array(2);
    }
    reply.bulk(args.array(), args.offset(name), args.length(name));
    int mark = reply.size();
    int shown = 0;
    while (on && (options.count == 0 || shown < options.count)) {
      codec.reply(cursor, reply);
      shown++;
      on = cursor.next();
    }
    reply.wrapArray(mark, shown);
    return true;
  }

  private static void wrap(ReplyWriter reply, int mark, int served) {
    if (reply.resp3()) {
      reply.wrapMap(mark, served);
    } else {
      reply.wrapArray(mark, served);
    }
  }

  /** The command with ids in place of dollar signs: what is new is counted from now on. */
  private static Args resolved(Args args, Options options, StreamId[] after) {
    var words = new byte[args.count()][];
    int firstId = options.firstKey + options.keys;
    for (int i = 0; i < words.length; i++) {
      words[i] = i < firstId ? args.bytes(i) : after[i - firstId].text();
    }
    return Args.of(words);
  }
}
