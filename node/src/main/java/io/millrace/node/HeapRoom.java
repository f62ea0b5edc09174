package io.millrace.node;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the collector room while much is allocated, and takes it back when the node is quiet. The
 * launcher keeps free heap within 15 %, so that memory goes back to the system; but with so little
 * room ingest and queries mean a collection every few milliseconds and one marking after the other,
 * and each of their pauses is felt at every door. Both ratios can be changed while the JVM runs.
 */
final class HeapRoom {
  /** The ratios of the launcher; with any others the user has decided. */
  static final int TIGHT_MIN = 5;

  static final int TIGHT_MAX = 15;

  /** Bytes allocated in a second that mean: there is work. Commands over RESP rarely need it. */
  static final long BUSY_BYTES = 32L << 20;

  /** Seconds without work until the room is taken back. */
  static final int QUIET_SECONDS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(HeapRoom.class);
  private static final String MIN_FLAG = "MinHeapFreeRatio";
  private static final String MAX_FLAG = "MaxHeapFreeRatio";
  private static final long MOST_ROOM = 256L << 20;
  private static final int SHARE_OF_HEAP = 16;
  private static final int SPREAD = 15;
  private static final int MOST_MIN = 60;

  /** Takes the least and the most free heap, in percent. */
  @FunctionalInterface
  interface Ratios {
    void set(int min, int max);
  }

  private final LongSupplier allocated;
  private final LongSupplier live;
  private final long room;
  private final Ratios ratios;
  private long allocatedBefore;
  private int quiet = QUIET_SECONDS;
  private int min = TIGHT_MIN;

  /**
   * Watches a heap.
   *
   * @param allocated bytes allocated so far
   * @param live bytes that stay
   * @param maxHeap limit of the heap
   */
  HeapRoom(LongSupplier allocated, LongSupplier live, long maxHeap, Ratios ratios) {
    this.allocated = allocated;
    this.live = live;
    this.room = Math.min(MOST_ROOM, maxHeap / SHARE_OF_HEAP);
    this.ratios = ratios;
    this.allocatedBefore = allocated.getAsLong();
  }

  /** Starts watching this JVM once a second, unless its ratios are not the launcher's. */
  static void watch() {
    var flags = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    var old =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().equals("G1 Old Gen"))
            .findFirst();
    if (flags == null
        || old.isEmpty()
        || value(flags, MIN_FLAG) != TIGHT_MIN
        || value(flags, MAX_FLAG) != TIGHT_MAX
        || !(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads)) {
      return;
    }
    MemoryPoolMXBean pool = old.get();
    var watched =
        new HeapRoom(
            threads::getTotalThreadAllocatedBytes,
            () -> pool.getUsage().getUsed(),
            Runtime.getRuntime().maxMemory(),
            (min, max) -> set(flags, min, max));
    Thread.ofPlatform().name("heap-room").daemon().start(() -> watch(watched));
  }

  private static void watch(HeapRoom watched) {
    try {
      while (true) {
        TimeUnit.SECONDS.sleep(1);
        watched.look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalArgumentException refused) {
      LOG.warn("The heap's room cannot be changed: {}", refused.getMessage());
    }
  }

  private static int value(HotSpotDiagnosticMXBean flags, String name) {
    return Integer.parseInt(flags.getVMOption(name).getValue());
  }

  /** The least may never be above the most, not even for a moment. */
  private static void set(HotSpotDiagnosticMXBean flags, int min, int max) {
    flags.setVMOption(MAX_FLAG, Integer.toString(Math.max(max, value(flags, MIN_FLAG))));
    flags.setVMOption(MIN_FLAG, Integer.toString(min));
    flags.setVMOption(MAX_FLAG, Integer.toString(max));
  }

  /** One look, once a second. */
  void look() {
    var now = allocated.getAsLong();
    quiet = now - allocatedBefore >= BUSY_BYTES ? 0 : Math.min(quiet + 1, QUIET_SECONDS);
    allocatedBefore = now;
    var wanted = quiet < QUIET_SECONDS ? minimum() : TIGHT_MIN;
    // What lives changes little by little: no reason to move the heap's size about.
    if (Math.abs(wanted - min) > SPREAD / 3 || (wanted == TIGHT_MIN && min != TIGHT_MIN)) {
      min = wanted;
      ratios.set(wanted, wanted == TIGHT_MIN ? TIGHT_MAX : wanted + SPREAD);
    }
  }

  /** The share of the heap that the room is, beside what lives. */
  private int minimum() {
    var share = 100 * room / (room + Math.max(1, live.getAsLong()));
    return (int) Math.max(TIGHT_MIN, Math.min(MOST_MIN, share));
  }
}
