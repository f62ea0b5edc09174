package io.millrace.benchmarks.large;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;

/** One full SCAN, across a kill if one comes, and samples of HSCAN and ZSCAN on the way. */
final class Scanner {
  private static final String COUNT = "1000";
  private static final int SAMPLE_EVERY = 64;

  private final Server server;
  private final Oracle.Size size;
  private final BitSet seen = new BitSet();
  private boolean seenHash;
  private boolean seenSorted;
  private String hashCursor = "0";
  private String sortedCursor = "0";
  private long returned;
  private long calls;
  private long sampled;

  Scanner(Server server, Oracle.Size size) {
    this.server = server;
    this.size = size;
  }

  /** Runs to the end; what existed before and still exists must have been seen. */
  void run(long stringsBefore) throws IOException {
    String cursor = "0";
    boolean ended = false;
    while (!ended) {
      try (Pipe pipe = new Pipe(server.port())) {
        do {
          cursor = step(pipe, cursor);
        } while (!cursor.equals("0"));
        ended = true;
      } catch (IOException e) {
        server.awaitUp(e);
      }
    }
    check(stringsBefore);
  }

  private void check(long stringsBefore) {
    int missing = seen.nextClearBit(0);
    if (missing < stringsBefore) {
      throw new IllegalStateException(
          "SCAN missed " + new String(Oracle.key(missing), StandardCharsets.ISO_8859_1));
    }
    if (!seenHash || !seenSorted) {
      throw new IllegalStateException("SCAN missed the hash or the sorted set");
    }
  }

  private String step(Pipe pipe, String cursor) throws IOException {
    List<?> answer = pipe.askList("SCAN", cursor, "COUNT", COUNT);
    for (Object item : (List<?>) answer.get(1)) {
      see((byte[]) item);
    }
    if (++calls % SAMPLE_EVERY == 0) {
      hashCursor = fields(pipe, hashCursor);
      sortedCursor = members(pipe, sortedCursor);
    }
    return text(answer.get(0));
  }

  private void see(byte[] key) {
    returned++;
    String name = text(key);
    if (name.equals(Oracle.HASH)) {
      seenHash = true;
    } else if (name.equals(Oracle.SORTED)) {
      seenSorted = true;
    } else {
      long index = Oracle.index(key, 4);
      if (!name.startsWith("key-") || index >= size.strings()) {
        throw new IllegalStateException("SCAN returned a key that was never set: " + name);
      }
      seen.set((int) index);
    }
  }

  private String fields(Pipe pipe, String cursor) throws IOException {
    List<?> answer = pipe.askList("HSCAN", Oracle.HASH, cursor, "COUNT", "200");
    List<?> items = (List<?>) answer.get(1);
    for (int i = 0; i < items.size(); i += 2) {
      long index = Oracle.index((byte[]) items.get(i), 2);
      Checks.same("HSCAN", index, (byte[]) items.get(i + 1), Oracle.fieldValue(index));
      sampled++;
    }
    return text(answer.get(0));
  }

  private String members(Pipe pipe, String cursor) throws IOException {
    List<?> answer = pipe.askList("ZSCAN", Oracle.SORTED, cursor, "COUNT", "200");
    List<?> items = (List<?>) answer.get(1);
    for (int i = 0; i < items.size(); i += 2) {
      long index = Oracle.index((byte[]) items.get(i), 2);
      Checks.same("ZSCAN", index, (byte[]) items.get(i + 1), Checks.bytes(Oracle.score(index)));
      sampled++;
    }
    return text(answer.get(0));
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.ISO_8859_1);
  }

  /** Keys returned, repetitions included. */
  long returned() {
    return returned;
  }

  /** Different strings returned. */
  long distinct() {
    return seen.cardinality();
  }

  /** Elements of the hash and the sorted set that were compared. */
  long sampled() {
    return sampled;
  }
}
