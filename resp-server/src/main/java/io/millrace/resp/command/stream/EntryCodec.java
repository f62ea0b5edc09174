package io.millrace.resp.command.stream;

import io.millrace.engine.tree.Cursor;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.type.StreamEntry;
import io.millrace.resp.type.StreamValue;

/** Takes entries of streams from arguments, and replies them. */
final class EntryCodec {
  private final StreamEntry entry = new StreamEntry();
  private final StreamEntry.Strings strings = new StreamEntry.Strings();

  /** The entry of the arguments from one on; it is reused. */
  StreamEntry entry(Args args, int from) {
    entry.clear();
    for (int i = from; i < args.count(); i++) {
      entry.add(args.array(), args.offset(i), args.length(i));
    }
    return entry;
  }

  /** Replies the entry a cursor is on. */
  void reply(Cursor cursor, ReplyWriter reply) {
    reply.array(2);
    reply.bulk(StreamValue.id(cursor).text());
    int mark = reply.size();
    int count = 0;
    strings.open(cursor);
    while (strings.next()) {
      reply.bulk(strings.array(), strings.offset(), strings.length());
      count++;
    }
    reply.wrapArray(mark, count);
  }
}
