package io.millrace.engine.depot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every depot log must do; each implementation runs it. */
public abstract class DepotLogContractTest {
  /** Number of the depot that is used; an implementation may set it when it creates the log. */
  protected int depot = 4;

  private @Nullable DepotLog opened;

  /** A fresh, empty log that keeps {@link #depot}. */
  protected abstract DepotLog create() throws IOException;

  /** The same log after its process was killed and started again. */
  protected abstract DepotLog restart() throws IOException;

  /** Lets time pass, so that what an implementation does behind the appends has been done. */
  protected abstract void settle() throws IOException;

  @BeforeEach
  void open() throws IOException {
    opened = create();
  }

  @AfterEach
  void close() throws IOException {
    log().close();
  }

  private DepotLog log() {
    DepotLog log = opened;
    if (log == null) {
      throw new IllegalStateException("not open");
    }
    return log;
  }

  /** An event that carries a text. */
  protected DepotEvent event(String text) {
    return new DepotEvent(1, 1, 0, null, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The text of an event. */
  protected String text(DepotRecord record) {
    return new String(record.body(), StandardCharsets.UTF_8);
  }

  private long append(int partition, String... texts) {
    List<DepotEvent> batch = new ArrayList<>();
    for (String text : texts) {
      batch.add(event(text));
    }
    return log().append(depot, partition, batch, AppendAck.APPENDED).join();
  }

  /** Reads to the end as the contract demands: until there is nothing, never by counting. */
  private List<String> read(int partition, long from) throws IOException {
    List<String> texts = new ArrayList<>();
    long last = from - 1;
    try (DepotReader reader = log().open(depot, partition, from)) {
      for (DepotRecord record = reader.next(); record != null; record = reader.next()) {
        assertThat(record.offset()).isGreaterThan(last);
        last = record.offset();
        texts.add(text(record));
      }
    }
    assertThat(log().endOffset(depot, partition)).isGreaterThan(last);
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
    assertThat(read(0, log().endOffset(depot, 0))).isEmpty();
  }

  @Test
  void aReaderAtTheEndSeesWhatComesLater() throws IOException {
    append(0, "a");
    try (DepotReader reader = log().open(depot, 0, 0)) {
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
    long end = log().endOffset(depot, 0);
    opened = restart();
    assertThat(read(0, 0)).containsExactly("a", "b");
    assertThat(log().endOffset(depot, 0)).isEqualTo(end);
    append(0, "c");
    assertThat(read(0, 0)).containsExactly("a", "b", "c");
  }

  @Test
  void readingByTimeStartsAtTheFirstEventNotOlder() throws IOException {
    append(0, "a");
    long time;
    append(0, "b", "c");
    try (DepotReader reader = log().open(depot, 0, 0)) {
      reader.next();
      DepotRecord second = reader.next();
      assertThat(second).isNotNull();
      time = second == null ? 0 : second.timeMs();
    }
    for (int i = 0; i < 2; i++) {
      try (DepotReader reader = log().openAt(depot, 0, time)) {
        DepotRecord first = reader.next();
        assertThat(first).isNotNull();
        assertThat(first == null ? 0 : first.timeMs()).isGreaterThanOrEqualTo(time);
      }
      settle();
    }
    try (DepotReader reader = log().openAt(depot, 0, Long.MAX_VALUE)) {
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
    log().truncatePrefix(depot, 0, 50);
    List<String> left = read(0, 0);
    assertThat(left).contains("event 99").hasSizeGreaterThanOrEqualTo(50);
    append(0, "more");
    assertThat(read(0, 0)).hasSize(left.size() + 1);
  }

  @Test
  void anEmptyBatchIsRefused() {
    assertThatThrownBy(() -> log().append(depot, 0, List.of(), AppendAck.APPENDED).join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }
}
