package io.millrace.engine.internal.log;

import io.millrace.engine.state.HotPath;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A frame: what one write puts into a segment. 44 bytes of header, then whole records.
 *
 * <pre>
 *  0 magic        4   where a search for later frames stops
 *  4 header crc   4   over the salt and bytes 8..43
 *  8 version      2
 * 10 flags        2
 * 12 length       4   bytes of records that follow
 * 16 records crc  4
 * 20 epoch        8   number of the start of the node
 * 28 position     8   journal position of the first record
 * 36 synced-to    8   position up to which the disk had everything when this was written
 * </pre>
 *
 * The layout of these bytes, and what the header checksum covers, is the same in every version, so
 * that an older program can tell a newer frame from damage. The salt belongs to the data directory:
 * without it, a client could store bytes that pass for a frame.
 */
@HotPath(benchmark = "JournalBenchmark")
final class FrameFormat {
  static final int HEADER = 44;
  static final int MAGIC = 0x4d72_4a31;
  static final int VERSION = 1;

  /** First frame of a start. */
  static final int EPOCH = 1;

  /** A frame without records that says how far the disk has everything. */
  static final int MARKER = 2;

  private final CRC32C crc = new CRC32C();
  private final byte[] salted = new byte[HEADER];

  FrameFormat(long salt) {
    ByteBuffer.wrap(salted).putLong(0, salt);
  }

  /** Fills {@code header} (positioned 0 to 44) for records whose checksum is known. */
  void put(
      ByteBuffer header,
      int flags,
      int length,
      int recordsCrc,
      long epoch,
      long position,
      long syncedTo) {
    header.clear();
    header.putInt(0, MAGIC);
    header.putShort(8, (short) VERSION);
    header.putShort(10, (short) flags);
    header.putInt(12, length);
    header.putInt(16, recordsCrc);
    header.putLong(20, epoch);
    header.putLong(28, position);
    header.putLong(36, syncedTo);
    header.get(8, salted, 8, HEADER - 8);
    header.putInt(4, saltedCrc());
    header.limit(HEADER);
  }

  /** Whether the 44 bytes at {@code at} are an undamaged header of any version. */
  boolean intactHeader(byte[] bytes, int at) {
    if (intAt(bytes, at) != MAGIC) {
      return false;
    }
    System.arraycopy(bytes, at + 8, salted, 8, HEADER - 8);
    return saltedCrc() == intAt(bytes, at + 4);
  }

  private int saltedCrc() {
    crc.reset();
    crc.update(salted, 0, HEADER);
    return (int) crc.getValue();
  }

  /** Checksum of records. */
  int recordsCrc(byte[] bytes, int from, int length) {
    crc.reset();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  /** Checksum of records in several buffers; leaves their positions as they are. */
  int recordsCrc(ByteBuffer[] pieces, int from, int to) {
    crc.reset();
    for (int i = from; i < to; i++) {
      ByteBuffer piece = pieces[i];
      int at = piece.position();
      crc.update(piece);
      piece.position(at);
    }
    return (int) crc.getValue();
  }

  static int intAt(byte[] b, int at) {
    return (b[at] << 24) | (b[at + 1] & 0xff) << 16 | (b[at + 2] & 0xff) << 8 | (b[at + 3] & 0xff);
  }

  static int shortAt(byte[] b, int at) {
    return (b[at] & 0xff) << 8 | (b[at + 1] & 0xff);
  }

  static long longAt(byte[] b, int at) {
    return ((long) intAt(b, at) << 32) | (intAt(b, at + 4) & 0xffff_ffffL);
  }
}
