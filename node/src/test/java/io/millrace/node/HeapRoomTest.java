package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeapRoomTest {
  private static final long MIB = 1 << 20;

  private final AtomicLong allocated = new AtomicLong();
  private final AtomicLong live = new AtomicLong(256 * MIB);
  private final List<String> set = new ArrayList<>();

  private HeapRoom room(long maxHeap) {
    return new HeapRoom(
        allocated::get, live::get, maxHeap, (min, max) -> set.add(min + ".." + max));
  }

  @Test
  void aNodeThatAllocatesMuchGetsRoomAndGivesItBackWhenQuiet() {
    var heap = room(8192 * MIB);
    heap.look();
    assertThat(set).isEmpty();
    allocated.addAndGet(HeapRoom.BUSY_BYTES);
    heap.look();
    assertThat(set).containsExactly("50..65");
    for (int second = 1; second < HeapRoom.QUIET_SECONDS; second++) {
      heap.look();
    }
    assertThat(set).hasSize(1);
    heap.look();
    assertThat(set).containsExactly("50..65", "5..15");
    heap.look();
    assertThat(set).hasSize(2);
  }

  @Test
  void theRoomIsASmallShareOfASmallHeapAndOfALargeStore() {
    var heap = room(512 * MIB);
    allocated.addAndGet(HeapRoom.BUSY_BYTES);
    heap.look();
    assertThat(set).containsExactly("11..26");

    live.set(6000 * MIB);
    set.clear();
    var large = room(12_288 * MIB);
    allocated.addAndGet(HeapRoom.BUSY_BYTES);
    large.look();
    assertThat(set).as("the launcher's ratio is room enough").isEmpty();
  }

  @Test
  void littleChangesOfWhatLivesMoveNothing() {
    var heap = room(8192 * MIB);
    for (int second = 0; second < 10; second++) {
      allocated.addAndGet(HeapRoom.BUSY_BYTES);
      live.addAndGet(4 * MIB);
      heap.look();
    }
    assertThat(set).containsExactly("49..64");
  }
}
