package io.millrace.engine.internal.depots;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.millrace.engine.internal.file.FileHandle;
import io.millrace.engine.internal.log.DamageException;
import io.millrace.engine.internal.log.NewerFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A block of a depot segment: 84 bytes of header, then events, each with its journal position. The
 * headers are the sparse index: a search hops from one to the next.
 *
 * <pre>
 *  0 magic 4, header crc 4 (over the salt and bytes 8..83), version 2, flags 2
 * 12 stored length 4, raw length 4, crc of the stored bytes 4, events 4
 * 28 depot 4, partition 4, first offset 8, last offset 8
 * 52 journal position of the first event 8, behind the last 8, first time 8, last time 8
 * </pre>
 *
 * @param flags {@link #PACKED}
 * @param stored bytes behind the header
 * @param raw bytes once unpacked
 * @param crc checksum of the stored bytes
 * @param count events
 * @param firstPosition journal position that the events' positions count from
 * @param endPosition journal position behind the last event
 */
record DepotBlock(
    int flags,
    int stored,
    int raw,
    int crc,
    int count,
    int depot,
    int partition,
    long firstOffset,
    long lastOffset,
    long firstPosition,
    long endPosition,
    long firstTime,
    long lastTime) {
  static final int HEADER = 84;
  static final int PACKED = 1;
  private static final int MAGIC = 0x4d72_4431;
  private static final int VERSION = 1;
  private static final int LEVEL = 3;
  private static final String ADVICE =
      "Nothing was changed. Restore a backup of this directory; the other partitions are intact.";

  /** The block with its bytes, packed where that is smaller. */
  static ByteBuffer encode(DepotBlock block, byte[] raw, boolean pack, long salt) {
    byte[] stored = raw;
    int length = block.raw;
    int flags = 0;
    if (pack) {
      byte[] packed = new byte[(int) Zstd.compressBound(block.raw)];
      long size = Zstd.compressByteArray(packed, 0, packed.length, raw, 0, block.raw, LEVEL);
      if (!Zstd.isError(size) && size < block.raw) {
        stored = packed;
        length = (int) size;
      }
      // The flag says that packing was tried, so that it is not tried again.
      flags = PACKED;
    }
    ByteBuffer out = ByteBuffer.allocate(HEADER + length);
    out.putInt(MAGIC).putInt(0).putShort((short) VERSION).putShort((short) flags);
    out.putInt(length).putInt(block.raw).putInt(crcOf(stored, 0, length)).putInt(block.count);
    out.putInt(block.depot).putInt(block.partition);
    out.putLong(block.firstOffset).putLong(block.lastOffset);
    out.putLong(block.firstPosition).putLong(block.endPosition);
    out.putLong(block.firstTime).putLong(block.lastTime);
    out.putInt(4, headerCrc(out.array(), salt));
    out.put(stored, 0, length);
    return out.flip();
  }

  private static int crcOf(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  private static int headerCrc(byte[] header, long salt) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(8).putLong(0, salt));
    crc.update(header, 8, HEADER - 8);
    return (int) crc.getValue();
  }

  /** Reads the header at {@code at}. */
  static DepotBlock header(FileHandle handle, String file, long at, long salt) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(fully(handle, file, at, HEADER));
    if (in.getInt(0) != MAGIC || in.getInt(4) != headerCrc(in.array(), salt)) {
      throw new DamageException(file, at, -1, "The depot segment is damaged", ADVICE);
    }
    if (in.getShort(8) > VERSION) {
      throw new NewerFormatException(file, in.getShort(8), VERSION);
    }
    in.position(10);
    return new DepotBlock(
        in.getShort(),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong());
  }

  /** Reads and unpacks the events of this block, whose header is at {@code at}. */
  byte[] events(FileHandle handle, String file, long at) throws IOException {
    byte[] bytes = fully(handle, file, at + HEADER, stored);
    if (crcOf(bytes, 0, stored) != crc) {
      throw new DamageException(file, at, firstOffset, "The depot segment is damaged", ADVICE);
    }
    if ((flags & PACKED) == 0 || stored == raw) {
      return bytes;
    }
    try {
      return Zstd.decompress(bytes, raw);
    } catch (ZstdException e) {
      DamageException damage =
          new DamageException(
              file, at, firstOffset, "The depot segment cannot be unpacked", ADVICE);
      damage.initCause(e);
      throw damage;
    }
  }

  private static byte[] fully(FileHandle handle, String file, long at, int length)
      throws IOException {
    if (length < 0 || at + length > handle.size()) {
      throw new DamageException(
          file, at, -1, "The depot segment ends in the middle of a block", ADVICE);
    }
    ByteBuffer in = ByteBuffer.allocate(length);
    while (in.hasRemaining()) {
      if (handle.read(in, at + in.position()) < 0) {
        throw new DamageException(
            file, at, -1, "The depot segment ends in the middle of a block", ADVICE);
      }
    }
    return in.array();
  }

  /** Bytes in the file. */
  long bytes() {
    return HEADER + (long) stored;
  }
}
