package io.millrace.resp.command.string;

import io.millrace.resp.command.CommandContext;
import io.millrace.resp.keyspace.Key;
import io.millrace.resp.keyspace.Kinds;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandException;
import io.millrace.resp.protocol.ReplyWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * LCS: the longest common subsequence. Of the textbook's table only one bit per cell is kept: which
 * way leads back. The limit is that of Redis, which keeps four bytes.
 */
final class LcsCommand {
  private static final long MAX_CELLS = (512L << 20) / Integer.BYTES;

  private final byte[] a;
  private final byte[] b;
  private final long[] up;
  private final int length;

  private record Match(int aFrom, int aTo, int bFrom, int bTo) {}

  private LcsCommand(byte[] a, byte[] b) {
    this.a = a;
    this.b = b;
    if ((a.length + 1L) * (b.length + 1L) > MAX_CELLS) {
      throw CommandException.error(
          "Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
    }
    up = new long[(int) ((a.length + 1L) * (b.length + 1L) >>> 6) + 1];
    length = fill();
  }

  private int fill() {
    var above = new int[b.length + 1];
    var row = new int[b.length + 1];
    for (int i = 1; i <= a.length; i++) {
      int cell = i * (b.length + 1);
      for (int j = 1; j <= b.length; j++) {
        if (a[i - 1] == b[j - 1]) {
          row[j] = above[j - 1] + 1;
        } else if (above[j] > row[j - 1]) {
          row[j] = above[j];
          up[cell + j >>> 6] |= 1L << (cell + j);
        } else {
          row[j] = row[j - 1];
        }
      }
      var filled = row;
      row = above;
      above = filled;
    }
    return above[b.length];
  }

  private boolean leadsUp(int i, int j) {
    int cell = i * (b.length + 1) + j;
    return (up[cell >>> 6] & 1L << cell) != 0;
  }

  static void lcs(CommandContext ctx, Args args, ReplyWriter reply) {
    var first = ctx.read(0, args, 1);
    var second = ctx.read(1, args, 2);
    var one = value(first);
    var other = value(second);
    boolean length = false;
    boolean indexes = false;
    boolean lengths = false;
    long least = 0;
    for (int i = 3; i < args.count(); i++) {
      if (args.is(i, "IDX")) {
        indexes = true;
      } else if (args.is(i, "LEN")) {
        length = true;
      } else if (args.is(i, "WITHMATCHLEN")) {
        lengths = true;
      } else if (args.is(i, "MINMATCHLEN") && i + 1 < args.count()) {
        least = Math.max(0, args.integer(++i));
      } else {
        throw CommandException.SYNTAX;
      }
    }
    if (length && indexes) {
      throw CommandException.error("If you want both the length and indexes, please just use IDX.");
    }
    var lcs = new LcsCommand(one, other);
    if (length) {
      reply.integer(lcs.length);
    } else if (indexes) {
      lcs.replyMatches(reply, least, lengths);
    } else {
      reply.bulk(lcs.text());
    }
  }

  private static byte[] value(Key key) {
    if (!key.found()) {
      return new byte[0];
    }
    if (Kinds.type(key.ref.kind) != 0) {
      throw CommandException.error("The specified keys must contain string values");
    }
    return key.ref.copyValue();
  }

  private byte[] text() {
    var out = new byte[length];
    int left = out.length;
    int i = a.length;
    int j = b.length;
    while (left > 0) {
      if (a[i - 1] == b[j - 1]) {
        out[--left] = a[i - 1];
        i--;
        j--;
      } else if (leadsUp(i, j)) {
        i--;
      } else {
        j--;
      }
    }
    return out;
  }

  private List<Match> matches() {
    var all = new ArrayList<Match>();
    int i = a.length;
    int j = b.length;
    Match open = null;
    while (i > 0 && j > 0) {
      if (a[i - 1] == b[j - 1]) {
        if (open != null && open.aFrom() == i && open.bFrom() == j) {
          open = new Match(i - 1, open.aTo(), j - 1, open.bTo());
        } else {
          if (open != null) {
            all.add(open);
          }
          open = new Match(i - 1, i - 1, j - 1, j - 1);
        }
        i--;
        j--;
      } else if (leadsUp(i, j)) {
        i--;
      } else {
        j--;
      }
    }
    if (open != null) {
      all.add(open);
    }
    return all;
  }

  private void replyMatches(ReplyWriter reply, long least, boolean lengths) {
    var shown =
        matches().stream().filter(m -> m.aTo() - m.aFrom() + 1 >= Math.max(least, 1)).toList();
    reply.map(2);
    reply.bulk("matches");
    reply.array(shown.size());
    for (var match : shown) {
      reply.array(lengths ? 3 : 2);
      reply.array(2);
      reply.integer(match.aFrom());
      reply.integer(match.aTo());
      reply.array(2);
      reply.integer(match.bFrom());
      reply.integer(match.bTo());
      if (lengths) {
        reply.integer(match.aTo() - match.aFrom() + 1);
      }
    }
    reply.bulk("len");
    reply.integer(length);
  }
}
