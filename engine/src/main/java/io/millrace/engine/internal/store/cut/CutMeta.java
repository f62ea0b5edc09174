package io.millrace.engine.internal.store.cut;

import io.millrace.engine.internal.store.cold.Space;
import io.millrace.engine.state.SpaceOrder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a checkpoint says about itself, written in the same batch as its entries.
 *
 * @param position journal position of the cut
 * @param stampMs stamp of the newest record in the cut
 * @param nextSpace number of the next space
 * @param spaces spaces in use
 * @param counts entries per task and space
 * @param nextIds next number of a page or part, per task
 * @param newIds next id that code sees, per task; 0 while these are taken from {@code nextIds}, as
 *     in every checkpoint of format 1
 * @param lastPositions position of the last record per task
 * @param runtimeMeta opaque bytes of the runtime
 */
public record CutMeta(
    long position,
    long stampMs,
    int nextSpace,
    List<Space> spaces,
    List<Count> counts,
    long[] nextIds,
    long[] newIds,
    long[] lastPositions,
    byte[] runtimeMeta) {
  static final int VERSION = 2;

  /** The oldest that is read. */
  private static final int OLDEST = 1;

  /** Entries of one space on one task. */
  public record Count(int task, int space, long entries) {}

  public byte[] encode() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeByte(VERSION);
      out.writeLong(position);
      out.writeLong(stampMs);
      out.writeInt(nextSpace);
      out.writeInt(spaces.size());
      for (Space space : spaces) {
        out.writeInt(space.id);
        out.writeInt(space.family);
        out.writeByte(space.order == SpaceOrder.HASH ? 0 : 1);
      }
      out.writeInt(counts.size());
      for (Count count : counts) {
        out.writeShort(count.task);
        out.writeInt(count.space);
        out.writeLong(count.entries);
      }
      out.writeInt(nextIds.length);
      for (int task = 0; task < nextIds.length; task++) {
        out.writeLong(nextIds[task]);
        out.writeLong(newIds[task]);
        out.writeLong(lastPositions[task]);
      }
      out.writeInt(runtimeMeta.length);
      out.write(runtimeMeta);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static CutMeta decode(byte[] encoded) {
    try {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded));
      int version = in.readUnsignedByte();
      if (version < OLDEST || version > VERSION) {
        throw new IllegalStateException(
            "checkpoint written by another version: format=" + version + " known=" + VERSION);
      }
      long position = in.readLong();
      long stampMs = in.readLong();
      int nextSpace = in.readInt();
      List<Space> spaces = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        int id = in.readInt();
        int family = in.readInt();
        spaces.add(new Space(id, family, in.readByte() == 0 ? SpaceOrder.HASH : SpaceOrder.KEY));
      }
      List<Count> counts = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        counts.add(new Count(in.readUnsignedShort(), in.readInt(), in.readLong()));
      }
      int tasks = in.readInt();
      long[] nextIds = new long[tasks];
      long[] newIds = new long[tasks];
      long[] lastPositions = new long[tasks];
      for (int task = 0; task < tasks; task++) {
        nextIds[task] = in.readLong();
        newIds[task] = version == OLDEST ? 0 : in.readLong();
        lastPositions[task] = in.readLong();
      }
      byte[] runtimeMeta = in.readNBytes(in.readInt());
      return new CutMeta(
          position,
          stampMs,
          nextSpace,
          spaces,
          counts,
          nextIds,
          newIds,
          lastPositions,
          runtimeMeta);
    } catch (IOException e) {
      throw new UncheckedIOException("checkpoint meta record is cut short", e);
    }
  }
}
