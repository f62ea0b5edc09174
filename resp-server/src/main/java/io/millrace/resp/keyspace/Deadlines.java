package io.millrace.resp.keyspace;

import io.millrace.engine.state.HotPath;
import java.util.Arrays;

/**
 * Which entries may be expired: a binary heap of (deadline, task, space, hash) in plain arrays.
 *
 * <p>Derived from state, never part of it. For each entry with a deadline there is at least one
 * element whose time is at or before it; an element that turns out to be early is put back with the
 * entry's real deadline, so that renewing a deadline costs nothing here.
 */
@HotPath(benchmark = "KeyspaceBenchmark")
final class Deadlines {
  private long[] times = new long[64];
  private long[] hashes = new long[64];
  private long[] places = new long[64];
  private int size;

  /** Number of elements. */
  int size() {
    return size;
  }

  /** Hash of the entry of an element; the first has the nearest deadline. */
  long hash(int element) {
    return hashes[element];
  }

  /** Task of the entry of an element. */
  int task(int element) {
    return (int) (places[element] >>> 32);
  }

  /** Space of the entry of an element. */
  int space(int element) {
    return (int) places[element];
  }

  void clear() {
    size = 0;
  }

  long firstTime() {
    return size == 0 ? Long.MAX_VALUE : times[0];
  }

  long firstHash() {
    return hashes[0];
  }

  int firstTask() {
    return (int) (places[0] >>> 32);
  }

  int firstSpace() {
    return (int) places[0];
  }

  void add(long time, int task, int space, long hash) {
    if (size == times.length) {
      times = Arrays.copyOf(times, size * 2);
      hashes = Arrays.copyOf(hashes, size * 2);
      places = Arrays.copyOf(places, size * 2);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (times[parent] <= time) {
        break;
      }
      move(parent, at);
      at = parent;
    }
    set(at, time, hash, (long) task << 32 | space & 0xFFFFFFFFL);
  }

  void removeFirst() {
    size--;
    if (size == 0) {
      return;
    }
    long time = times[size];
    long hash = hashes[size];
    long place = places[size];
    int at = 0;
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && times[child + 1] < times[child]) {
        child++;
      }
      if (times[child] >= time) {
        break;
      }
      move(child, at);
      at = child;
    }
    set(at, time, hash, place);
  }

  /** Visits the elements whose time is at or before {@code time}, without order. */
  void visitUntil(long time, Visitor visitor) {
    visitUntil(0, time, visitor);
  }

  private void visitUntil(int at, long time, Visitor visitor) {
    if (at < size && times[at] <= time) {
      visitor.visit((int) (places[at] >>> 32), (int) places[at], hashes[at]);
      visitUntil(2 * at + 1, time, visitor);
      visitUntil(2 * at + 2, time, visitor);
    }
  }

  /** Receives elements. */
  interface Visitor {
    void visit(int task, int space, long hash);
  }

  private void move(int from, int to) {
    times[to] = times[from];
    hashes[to] = hashes[from];
    places[to] = places[from];
  }

  private void set(int at, long time, long hash, long place) {
    times[at] = time;
    hashes[at] = hash;
    places[at] = place;
  }
}
