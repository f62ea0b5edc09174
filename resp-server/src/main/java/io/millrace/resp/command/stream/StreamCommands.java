package io.millrace.resp.command.stream;

import static io.millrace.resp.command.spec.Flag.BLOCKING;
import static io.millrace.resp.command.spec.Flag.DENYOOM;
import static io.millrace.resp.command.spec.Flag.FAST;
import static io.millrace.resp.command.spec.Flag.READONLY;
import static io.millrace.resp.command.spec.Flag.WRITE;

import io.millrace.engine.tree.Cursor;
import io.millrace.resp.command.Command;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.KeyspaceEvents;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.StreamEntry;
import io.millrace.resp.type.StreamId;
import io.millrace.resp.type.StreamValue;
import java.util.List;

/** Commands of streams without consumer groups. */
public final class StreamCommands {
  private final StreamValue streams = new StreamValue();
  private final EntryCodec codec = new EntryCodec();
  private final StreamRead reads = new StreamRead(codec);

  private StreamCommands() {}

  /** All of them. */
  public static List<Command> all() {
    var commands = new StreamCommands();
    return List.of(
        commands.xadd(),
        commands.xtrim(),
        commands.xdel(),
        commands.xlen(),
        commands.xrange("XRANGE", "Answers the entries in a range of ids.", false),
        commands.xrange("XREVRANGE", "Answers the entries in a range of ids, last first.", true),
        commands.xread(),
        commands.xsetid());
  }

  private static Command.Builder stream(String name, String summary) {
    return Command.named(name).in(Group.STREAM).since("5.0.0").summary(summary);
  }

  private static Arg trim() {
    return Arg.block(
        "trim",
        Arg.oneOf("strategy", Arg.word("maxlen", "MAXLEN"), Arg.word("minid", "MINID")),
        Arg.oneOf("operator", Arg.word("equal", "="), Arg.word("approximately", "~")).maybe(),
        Arg.string("threshold"),
        Arg.integer("count").after("LIMIT").maybe());
  }

  private Command xadd() {
    return stream("XADD", "Appends an entry to a stream, which is made when missing.")
        .complexity("O(log N)")
        .flags(WRITE, DENYOOM, FAST)
        .keys(KeySpec.at(1).updates())
        .args(
            Arg.key(),
            Arg.word("nomkstream", "NOMKSTREAM").maybe(),
            trim().maybe(),
            Arg.oneOf("id-selector", Arg.word("auto-id", "*"), Arg.string("id")),
            Arg.block("data", Arg.string("field"), Arg.string("value")).many())
        .tips("nondeterministic_output")
        .runs(this::add);
  }

  private Command xtrim() {
    return stream("XTRIM", "Removes entries from the start of a stream.")
        .complexity("O(N) with N entries removed")
        .flags(WRITE)
        .keys(KeySpec.at(1).deletes())
        .args(Arg.key(), trim())
        .runs(this::trim);
  }

  private Command xdel() {
    return stream("XDEL", "Removes entries from a stream.")
        .complexity("O(log N) for each id")
        .flags(WRITE, FAST)
        .keys(KeySpec.at(1).deletes())
        .args(Arg.key(), Arg.string("id").many())
        .runs(this::delete);
  }

  private Command xlen() {
    return stream("XLEN", "Answers the number of entries of a stream.")
        .flags(READONLY, FAST)
        .keys(KeySpec.at(1).looks())
        .args(Arg.key())
        .runs((ctx, args, reply) -> {
          Key key = ctx.read(args, 1);
          reply.integer(key.require(Kinds.STREAM) ? streams.open(key).size() : 0);
        });
  }

  private Command xrange(String name, String summary, boolean reverse) {
    return stream(name, summary)
        .complexity("O(log N + M) with M entries answered")
        .flags(READONLY)
        .keys(KeySpec.at(1).reads())
        .args(
            Arg.key(),
            Arg.string(reverse ? "end" : "start"),
            Arg.string(reverse ? "start" : "end"),
            Arg.integer("count").after("COUNT").maybe())
        .runs((ctx, args, reply) -> range(ctx, args, reply, reverse));
  }

  private Command xread() {
    return stream("XREAD", "Answers the entries of streams behind given ids; waits for them.")
        .complexity("O(log N + M) with M entries answered")
        .flags(READONLY, BLOCKING)
        .keys(KeySpec.after("STREAMS", 1).firstPart(2).reads())
        .args(
            Arg.integer("count").after("COUNT").maybe(),
            Arg.integer("milliseconds").after("BLOCK").maybe(),
            Arg.block("streams", Arg.key().many(), Arg.string("id").many()).after("STREAMS"))
        .runs(reads::run);
  }

  private Command xsetid() {
    return stream("XSETID", "Sets the last id of a stream.")
        .flags(WRITE, DENYOOM, FAST)
        .keys(KeySpec.at(1).updates())
        .args(
            Arg.key(),
            Arg.string("last-id"),
            Arg.integer("entries-added").after("ENTRIESADDED").maybe(),
            Arg.string("max-deleted-id").after("MAXDELETEDID").maybe())
        .runs(this::setId);
  }

  private void add(CommandContext ctx, Args args, ReplyWriter reply) {
    TrimOptions options = TrimOptions.parse(args, true);
    int fields = options.end + 1;
    int words = args.count() - fields;
    if (words < 2 || words % 2 != 0) {
      throw CommandException.error("wrong number of arguments for 'xadd' command");
    }
    AddId wanted = AddId.parse(args, options.end);
    if (wanted.isZero()) {
      throw CommandException.error("The ID specified in XADD must be greater than 0-0");
    }
    Key key = ctx.open(args, 1);
    if (!key.require(Kinds.STREAM) && options.noMakeStream) {
      reply.nil();
      return;
    }
    StreamId last = key.found() ? streams.open(key).lastId() : StreamId.MIN;
    StreamId id = wanted.after(last, ctx.stampMs());
    StreamValue stream = streams.openOrCreate(key);
    StreamEntry entry = codec.entry(args, fields);
    stream.append(id, entry.array(), entry.length());
    key.event(KeyspaceEvents.STREAM, "xadd");
    if (options.trim(stream) > 0) {
      key.event(KeyspaceEvents.STREAM, "xtrim");
    }
    key.changed();
    ctx.signal(key);
    reply.bulk(id.text());
  }

  private void trim(CommandContext ctx, Args args, ReplyWriter reply) {
    TrimOptions options = TrimOptions.parse(args, false);
    Key key = ctx.open(args, 1);
    long removed = 0;
    if (key.require(Kinds.STREAM)) {
      removed = options.trim(streams.open(key));
      if (removed > 0) {
        key.changed();
        key.event(KeyspaceEvents.STREAM, "xtrim");
      }
    }
    reply.integer(removed);
  }

  private void delete(CommandContext ctx, Args args, ReplyWriter reply) {
    Key key = ctx.open(args, 1);
    if (!key.require(Kinds.STREAM)) {
      reply.integer(0);
      return;
    }
    for (int i = 2; i < args.count(); i++) {
      Ids.strict(args, i, 0);
    }
    StreamValue stream = streams.open(key);
    int deleted = 0;
    for (int i = 2; i < args.count(); i++) {
      if (stream.delete(Ids.strict(args, i, 0))) {
        deleted++;
      }
    }
    if (deleted > 0) {
      key.changed();
      key.event(KeyspaceEvents.STREAM, "xdel");
    }
    reply.integer(deleted);
  }

  private void range(CommandContext ctx, Args args, ReplyWriter reply, boolean reverse) {
    StreamId from = Ids.from(args, reverse ? 3 : 2);
    StreamId to = Ids.to(args, reverse ? 2 : 3);
    long count = -1;
    for (int i = 4; i < args.count(); i += 2) {
      if (!args.is(i, "COUNT") || i + 1 >= args.count()) {
        throw CommandException.SYNTAX;
      }
      count = Math.max(args.integer(i + 1), 0);
    }
    Key key = ctx.read(args, 1);
    if (!key.require(Kinds.STREAM)) {
      reply.array(0);
      return;
    }
    if (count == 0) {
      reply.nilArray();
      return;
    }
    Cursor cursor = streams.open(key).tree().cursor();
    boolean on = reverse ? StreamValue.seekFloor(cursor, to) : StreamValue.seek(cursor, from);
    int mark = reply.size();
    int shown = 0;
    while (on && inRange(cursor, from, to, reverse) && shown != count) {
      codec.reply(cursor, reply);
      shown++;
      on = reverse ? cursor.previous() : cursor.next();
    }
    reply.wrapArray(mark, shown);
  }

  private static boolean inRange(Cursor cursor, StreamId from, StreamId to, boolean reverse) {
    StreamId id = StreamValue.id(cursor);
    return reverse ? id.compareTo(from) >= 0 : id.compareTo(to) <= 0;
  }

  private void setId(CommandContext ctx, Args args, ReplyWriter reply) {
    StreamId id = Ids.strict(args, 2, 0);
    long added = -1;
    StreamId deleted = null;
    for (int i = 3; i < args.count(); i += 2) {
      boolean more = i + 1 < args.count();
      if (more && args.is(i, "ENTRIESADDED")) {
        added = args.integer(i + 1);
        if (added < 0) {
          throw CommandException.error("entries_added must be positive");
        }
      } else if (more && args.is(i, "MAXDELETEDID")) {
        deleted = Ids.strict(args, i + 1, 0);
        if (id.compareTo(deleted) < 0) {
          throw CommandException.error(
              "The ID specified in XSETID is smaller than the provided max_deleted_entry_id");
        }
      } else {
        throw CommandException.SYNTAX;
      }
    }
    Key key = ctx.open(args, 1);
    if (!key.require(Kinds.STREAM)) {
      throw CommandException.NO_SUCH_KEY;
    }
    StreamValue stream = streams.open(key);
    checkSetId(stream, id, added);
    stream.lastId(id);
    if (added >= 0) {
      stream.added(added);
    }
    if (deleted != null && !deleted.equals(StreamId.MIN)) {
      stream.deletedId(deleted);
    }
    key.changed();
    key.event(KeyspaceEvents.STREAM, "xsetid");
    reply.ok();
  }

  private static void checkSetId(StreamValue stream, StreamId id, long added) {
    if (id.compareTo(stream.deletedId()) < 0) {
      throw CommandException.error(
          "The ID specified in XSETID is smaller than current max_deleted_entry_id");
    }
    if (stream.size() > 0) {
      Cursor cursor = stream.tree().cursor();
      cursor.seekLast();
      if (id.compareTo(StreamValue.id(cursor)) < 0) {
        throw CommandException.error(
            "The ID specified in XSETID is smaller than the target stream top item");
      }
      if (added >= 0 && stream.size() > added) {
        throw CommandException.error(
            "The entries_added specified in XSETID is smaller than the target stream length");
      }
    }
  }
}
