package io.millrace.engine.internal.store.cold;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many descriptors the files of an engine may take, of those the process may have. */
public final class OpenFiles {
  private static final int MOST_TABLES = 512;
  private static final int LEAST_TABLES = 32;

  /** Of a process's descriptors, the part that may hold tables of the cold tier. */
  private static final int SHARE = 5;

  /** Journal segments, depots being written and read, the store's own logs and manifests. */
  private static final int OTHERS = 40;

  private OpenFiles() {}

  /** Tables of the cold tier that may be open at once. */
  static int tables() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      return (int)
          Math.clamp(system.getMaxFileDescriptorCount() / SHARE, LEAST_TABLES, MOST_TABLES);
    }
    return MOST_TABLES;
  }

  /** All files together. */
  public static int most() {
    return tables() + OTHERS;
  }
}
