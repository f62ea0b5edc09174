package io.millrace.resp.command.args;

import io.millrace.engine.tree.Cursor;
import io.millrace.engine.tree.PageTree;
import io.millrace.resp.command.Command;
import io.millrace.resp.command.spec.Arg;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.command.spec.Group;
import io.millrace.resp.command.spec.KeySpec;
import io.millrace.resp.protocol.ReplyWriter;

/**
 * The SCAN family over a tree whose keys begin with 32 bits of a hash: the cursor of a client is
 * the next hash, so it stays valid whatever happens in between. Elements of one hash come together.
 */
public final class HashScan {
  private static final int PREFIX = 4;

  /** Writes one element. */
  @FunctionalInterface
  public interface Element {
    /** Writes the element a cursor is on. */
    void write(Cursor at, ReplyWriter to);
  }

  private HashScan() {}

  /** Begins the declaration of a scan of a key's elements. */
  public static Command.Builder command(Group group, String name, String summary) {
    return Command.of(group, name, "2.8.0", summary, Flag.READONLY)
        .keys(KeySpec.at(1).reads())
        .args(
            Arg.key(),
            Arg.integer("cursor"),
            Arg.pattern("pattern").after("MATCH").maybe(),
            Arg.integer("count").after("COUNT").maybe())
        .tips("nondeterministic_output");
  }

  /** Replies the part of a tree from a hash on; {@code width} replies for each element. */
  public static void reply(
      PageTree tree, long from, ScanOptions options, int width, Element element, ReplyWriter to) {
    Cursor cursor = tree.cursor();
    long most = tree.isInline() ? Long.MAX_VALUE : options.count();
    boolean more = from < 1L << 32 && cursor.seek(start(from), 0, PREFIX, true);
    var found = new ReplyWriter();
    int shown = 0;
    long seen = 0;
    long last = -1;
    while (more && (seen < most || prefix(cursor) == last)) {
      last = prefix(cursor);
      seen++;
      if (options.matches(
          cursor.array(), cursor.keyOffset() + PREFIX, cursor.keyLength() - PREFIX)) {
        element.write(cursor, found);
        shown += width;
      }
      more = cursor.next();
    }
    to.array(2);
    to.bulkInteger(more ? prefix(cursor) : 0);
    to.array(shown);
    to.raw(found.array(), 0, found.size());
  }

  /** The reply for a key that does not exist. */
  public static void replyNothing(ReplyWriter to) {
    to.array(2);
    to.bulkInteger(0);
    to.array(0);
  }

  /** The first key of a hash. */
  public static byte[] start(long from) {
    return new byte[] {
      (byte) (from >>> 24), (byte) (from >>> 16), (byte) (from >>> 8), (byte) from
    };
  }

  /** The hash in front of the key a cursor is on. */
  public static long prefix(Cursor cursor) {
    byte[] array = cursor.array();
    int at = cursor.keyOffset();
    return (array[at] & 0xFFL) << 24
        | (array[at + 1] & 0xFFL) << 16
        | (array[at + 2] & 0xFFL) << 8
        | array[at + 3] & 0xFFL;
  }
}
