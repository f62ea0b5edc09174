package io.millrace.resp.keyspace;

import io.millrace.engine.state.Ref;
import java.nio.ByteBuffer;

/** The stored row that says which spaces a database has. */
public final class HomeEntry {
  private HomeEntry() {}

  /** Key of the row of a database. */
  public static byte[] name(int database) {
    return new byte[] {'d', 'b', (byte) database};
  }

  static byte[] encode(int version, int entries, int pages) {
    return ByteBuffer.allocate(9).put((byte) version).putInt(entries).putInt(pages).array();
  }

  static int entries(Ref row, int version) {
    if (row.array[row.offset] != version) {
      throw new IllegalStateException(
          "unknown layout of the database map: version=" + row.array[row.offset]);
    }
    return entries(row);
  }

  /** Space of the keys. */
  public static int entries(Ref row) {
    return ByteBuffer.wrap(row.array).getInt(row.offset + 1);
  }

  /** Space of the pages. */
  public static int pages(Ref row) {
    return ByteBuffer.wrap(row.array).getInt(row.offset + 5);
  }
}
