package io.millrace.engine.faults;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The page through which {@code faults.c} is steered, and the plans it knows. */
final class CallFaults {
  static final String PAGE = "CALL_FAULTS_PAGE";
  static final String ROOT = "CALL_FAULTS_ROOT";
  static final int BYTES = 4096;

  private static final int OPEN = 1;
  private static final int WRITE = 2;
  private static final int SYNC = 4;
  private static final int RENAME = 8;
  private static final int READ = 16;
  private static final int UNLINK = 32;

  private static final int EIO = 5;
  private static final int EMFILE = 24;
  private static final int ENOSPC = 28;

  private static final int KINDS = 0;
  private static final int AT = 4;
  private static final int ERROR = 8;
  private static final int HOW = 12;
  private static final int CALLS = 16;
  private static final int FAILED = 20;

  /** What fails and how. */
  enum Plan {
    OPEN_FAILS(OPEN, EIO, 0),
    WRITE_FAILS(WRITE, EIO, 0),
    SYNC_FAILS(SYNC, EIO, 0),
    RENAME_FAILS(RENAME, EIO, 0),
    READ_FAILS(READ, EIO, 0),
    UNLINK_FAILS(UNLINK, EIO, 0),
    NO_DESCRIPTOR(OPEN, EMFILE, 0),
    WRITE_IS_SHORT(WRITE, 0, 1),
    READ_IS_SHORT(READ, 0, 1),
    NO_SPACE_ONCE(OPEN | WRITE | RENAME, ENOSPC, 0),
    NO_SPACE_FROM_THEN_ON(OPEN | WRITE | RENAME, ENOSPC, 2);

    private final int kinds;
    private final int error;
    private final int how;

    Plan(int kinds, int error, int how) {
      this.kinds = kinds;
      this.error = error;
      this.how = how;
    }

    /** Whether space comes back, so that the node must go on by itself. */
    boolean noSpace() {
      return error == ENOSPC;
    }

    /** Whether nothing fails at all: a part is done, and said. */
    boolean harmless() {
      return how == 1;
    }
  }

  private final MappedByteBuffer page;

  private CallFaults(MappedByteBuffer page) {
    this.page = page;
  }

  static CallFaults attach(Path page) throws IOException {
    try (FileChannel channel =
        FileChannel.open(page, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
      mapped.order(ByteOrder.nativeOrder());
      return new CallFaults(mapped);
    }
  }

  /** From now on the {@code n}-th call of a plan fails. */
  void arm(Plan plan, int n) {
    page.putInt(KINDS, 0);
    page.putInt(AT, n);
    page.putInt(ERROR, plan.error);
    page.putInt(HOW, plan.how);
    page.putInt(CALLS, 0);
    page.putInt(FAILED, 0);
    page.putInt(KINDS, plan.kinds);
  }

  void disarm() {
    page.putInt(KINDS, 0);
  }

  /** How many calls have failed since it was armed. */
  int failed() {
    return page.getInt(FAILED);
  }

  /** How many calls were counted since it was armed. */
  int calls() {
    return page.getInt(CALLS);
  }
}
