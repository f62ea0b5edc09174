package io.millrace.engine.internal.depots;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.depot.DepotReader;
import io.millrace.engine.depot.DepotRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a depot promises to those who append to it and read it back, whatever stands behind it. */
abstract class DepotContractTest {
  /** Makes a fresh, empty depot. */
  abstract void create() throws IOException;

  /** Has the process killed and started again. */
  abstract void restart() throws IOException;

  /** Lets time pass, so that what is done behind the appends has been done. */
  abstract void settle() throws IOException;

  abstract void close() throws IOException;

  /** Appends texts as events; returns the offset of the last one. */
  abstract long append(int partition, String... texts);

  abstract DepotReader open(int partition, long fromOffset);

  abstract DepotReader openAt(int partition, long fromTimeMs);

  abstract long endOffset(int partition);

  abstract void truncatePrefix(int partition, long before) throws IOException;

  /** The text of an event. */
  abstract String text(DepotRecord record);

  @BeforeEach
  void begin() throws IOException {
    create();
  }

  @AfterEach
  void end() throws IOException {
    close();
  }

  /** Reads to the end as the contract demands: until there is nothing, never by counting. */
  private List<String> read(int partition, long from) throws IOException {
    List<String> texts = new ArrayList<>();
    long last = from - 1;
    try (DepotReader reader = open(partition, from)) {
      for (DepotRecord record = reader.next(); record != null; record = reader.next()) {
        assertThat(record.offset()).isGreaterThan(last);
        last = record.offset();
        texts.add(text(record));
      }
    }
    assertThat(endOffset(partition)).isGreaterThan(last);
    return texts;
  }

  @Test
  void whatIsAppendedIsReadInOrderPerPartition() throws IOException {
    append(0, "a", "b");
    append(1, "x");
    append(0, "c");
    assertThat(read(0, 0)).containsExactly("a", "b", "c");
    assertThat(read(1, 0)).containsExactly("x");
    assertThat(read(2, 0)).isEmpty();
    settle();
    assertThat(read(0, 0)).containsExactly("a", "b", "c");
  }

  @Test
  void theAnsweredOffsetIsThatOfTheLastEventAndReadingStartsThere() throws IOException {
    append(0, "a");
    long offset = append(0, "b", "c");
    append(0, "d");
    assertThat(read(0, offset)).containsExactly("c", "d");
    settle();
    assertThat(read(0, offset)).containsExactly("c", "d");
    assertThat(read(0, endOffset(0))).isEmpty();
  }

  @Test
  void aReaderAtTheEndSeesWhatComesLater() throws IOException {
    append(0, "a");
    try (DepotReader reader = open(0, 0)) {
      assertThat(reader.next()).isNotNull();
      assertThat(reader.next()).isNull();
      append(0, "b");
      settle();
      DepotRecord next = reader.next();
      assertThat(next).isNotNull();
      append(0, "c");
      assertThat(reader.next()).isNotNull();
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void acknowledgedEventsAndTheEndSurviveAKill() throws IOException {
    append(0, "a");
    settle();
    append(0, "b");
    long end = endOffset(0);
    restart();
    assertThat(read(0, 0)).containsExactly("a", "b");
    assertThat(endOffset(0)).isEqualTo(end);
    append(0, "c");
    assertThat(read(0, 0)).containsExactly("a", "b", "c");
  }

  @Test
  void readingByTimeStartsAtTheFirstEventNotOlder() throws IOException {
    append(0, "a");
    long time;
    append(0, "b", "c");
    try (DepotReader reader = open(0, 0)) {
      reader.next();
      DepotRecord second = reader.next();
      assertThat(second).isNotNull();
      time = second == null ? 0 : second.timeMs();
    }
    for (int i = 0; i < 2; i++) {
      try (DepotReader reader = openAt(0, time)) {
        DepotRecord first = reader.next();
        assertThat(first).isNotNull();
        assertThat(first == null ? 0 : first.timeMs()).isGreaterThanOrEqualTo(time);
      }
      settle();
    }
    try (DepotReader reader = openAt(0, Long.MAX_VALUE)) {
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void truncatingAPrefixNeverTakesWhatIsNotBelowIt() throws IOException {
    for (int i = 0; i < 100; i++) {
      append(0, "event " + i);
      if (i % 10 == 0) {
        settle();
      }
    }
    settle();
    truncatePrefix(0, 50);
    List<String> left = read(0, 0);
    assertThat(left).contains("event 99").hasSizeGreaterThanOrEqualTo(50);
    append(0, "more");
    assertThat(read(0, 0)).hasSize(left.size() + 1);
  }
}
