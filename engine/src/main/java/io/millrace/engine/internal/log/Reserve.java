package io.millrace.engine.internal.log;

import io.millrace.engine.internal.file.FileHandle;
import io.millrace.engine.internal.file.FileLayer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of zeros that is given up when the disk is full, so that what is already decided can still
 * be written and the node can stop in good order.
 */
final class Reserve {
  private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);
  private static final String NAME = "reserve";
  private static final int BLOCK = 256 << 10;

  private final FileLayer files;
  private final Path file;
  private final Path half;
  private final long size;
  private volatile boolean held;

  Reserve(JournalConfig config) throws IOException {
    files = config.files();
    file = config.directory().resolve(NAME);
    half = config.directory().resolve(NAME + ".tmp");
    size = config.reserveBytes();
    files.delete(half);
    if (files.exists(file)) {
      held = wanted() && sizeOf() == size;
      if (!held) {
        files.delete(file);
      }
    }
  }

  private long sizeOf() throws IOException {
    try (FileHandle handle = files.open(file, FileLayer.Mode.READ)) {
      return handle.size();
    }
  }

  boolean wanted() {
    return size > 0;
  }

  boolean held() {
    return held;
  }

  /** Gives the space back; false when there was nothing to give. */
  boolean release() throws IOException {
    if (!held) {
      return false;
    }
    held = false;
    files.delete(file);
    LOG.warn("Used the disk reserve of the journal: bytes={}", size);
    return true;
  }

  /** Takes the space again; true when it is held or none is wanted. */
  boolean restore() {
    if (held || !wanted()) {
      return true;
    }
    try {
      fill();
      files.rename(half, file);
      held = true;
      return true;
    } catch (IOException e) {
      LOG.debug("The disk reserve cannot be taken yet", e);
      try {
        files.delete(half);
      } catch (IOException again) {
        LOG.debug("Nor can its beginning be deleted", again);
      }
      return false;
    }
  }

  private void fill() throws IOException {
    files.delete(half);
    ByteBuffer[] zeros = {ByteBuffer.allocate((int) Math.min(BLOCK, size))};
    try (FileHandle handle = files.open(half, FileLayer.Mode.CREATE)) {
      long at = 0;
      while (at < size) {
        zeros[0].clear().limit((int) Math.min(zeros[0].capacity(), size - at));
        at += handle.write(zeros, 0, 1, at);
      }
    }
  }
}
