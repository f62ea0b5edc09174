package io.millrace.engine.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Seeds;
import io.millrace.engine.state.Execution;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
  private static final long[] NUMBERS = {
    0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, 1L << 35, Long.MAX_VALUE, -1
  };

  @Test
  void everyCombinationOfPartsComesBackAsItWasWritten() {
    long seed = Seeds.next();
    SplittableRandom random = new SplittableRandom(seed);
    for (int parts = 0; parts < 1 << 7; parts++) {
      for (int round = 0; round < 20; round++) {
        roundTrip(parts, random, seed);
      }
    }
  }

  private static void roundTrip(int parts, SplittableRandom random, long seed) {
    long offset = NUMBERS[random.nextInt(NUMBERS.length)];
    long time = NUMBERS[random.nextInt(NUMBERS.length)];
    int depot = (int) NUMBERS[random.nextInt(7)];
    RecordDraft draft =
        new RecordDraft().reset(depot, random.nextInt(64), offset, time, random.nextInt(), 3);
    int[] tasks = random.ints(1 + random.nextInt(9), 0, 1 << 20).toArray();
    byte[] key = bytes(random);
    byte[] trace = bytes(random);
    if ((parts & 1) != 0) {
      draft.flags(1 + random.nextInt(255));
    }
    if ((parts & 2) != 0) {
      draft.participants(tasks);
    }
    if ((parts & 4) != 0) {
      draft.participants(Execution.ALL_TASKS);
    }
    if ((parts & 8) != 0) {
      draft.cause(random.nextInt(64), random.nextInt(1000), offset, random.nextInt(1 << 20));
    }
    if ((parts & 16) != 0) {
      draft.seed(random.nextLong());
    }
    if ((parts & 32) != 0) {
      draft.key(key, 0, key.length);
    }
    if ((parts & 64) != 0) {
      draft.trace(trace, 0, trace.length);
    }
    byte[] body = bytes(random);
    RecordView view = written(draft, body);
    assertThat(view.depot()).as("seed %d", seed).isEqualTo(draft.depot);
    assertThat(view.partition()).isEqualTo(draft.partition);
    assertThat(view.offset()).isEqualTo(offset);
    assertThat(view.timeMs()).isEqualTo(time);
    assertThat(view.type()).isEqualTo(draft.type);
    assertThat(view.version()).isEqualTo(3);
    assertThat(view.flags()).isEqualTo(draft.flags);
    boolean all = (parts & 4) != 0;
    assertThat(view.allTasks()).isEqualTo(all);
    assertThat(view.participantCount()).isEqualTo((parts & 2) != 0 && !all ? tasks.length : 0);
    for (int i = 0; i < view.participantCount(); i++) {
      assertThat(view.participant(i)).isEqualTo(tasks[i]);
    }
    optionalPartsComeBack(view, draft, parts);
    assertThat(view.body()).isEqualTo(body);
  }

  private static void optionalPartsComeBack(RecordView view, RecordDraft draft, int parts) {
    assertThat(view.hasCause()).isEqualTo((parts & 8) != 0);
    if (view.hasCause()) {
      assertThat(view.causeTask()).isEqualTo(draft.causeTask);
      assertThat(view.causeDepot()).isEqualTo(draft.causeDepot);
      assertThat(view.causeOffset()).isEqualTo(draft.causeOffset);
      assertThat(view.causeOrdinal()).isEqualTo(draft.causeOrdinal);
    }
    assertThat(view.hasSeed()).isEqualTo((parts & 16) != 0);
    if (view.hasSeed()) {
      assertThat(view.seed()).isEqualTo(draft.seed);
    }
    assertThat(view.hasKey()).isEqualTo((parts & 32) != 0);
    if (view.hasKey()) {
      assertThat(part(view, view.keyOffset(), view.keyLength())).isEqualTo(draft.key);
    }
    assertThat(view.hasTrace()).isEqualTo((parts & 64) != 0);
    if (view.hasTrace()) {
      assertThat(part(view, view.traceOffset(), view.traceLength())).isEqualTo(draft.trace);
    }
  }

  private static byte[] part(RecordView view, int from, int length) {
    return Arrays.copyOfRange(view.bytes(), from, from + length);
  }

  private static byte[] bytes(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static RecordView written(RecordDraft draft, byte[] body) {
    RecordWriter writer = new RecordWriter();
    writer.encode(draft, body.length);
    byte[] whole = new byte[writer.length() + body.length + 5];
    System.arraycopy(writer.bytes(), writer.start(), whole, 3, writer.length());
    System.arraycopy(body, 0, whole, 3 + writer.length(), body.length);
    RecordView view = new RecordView();
    int end = view.wrap(whole, 3, whole.length - 2, 1000);
    assertThat(end).isEqualTo(whole.length - 2);
    assertThat(view.position()).isEqualTo(1000);
    assertThat(view.endPosition()).isEqualTo(1000 + writer.length() + body.length);
    return view;
  }

  @Test
  void bytesThatAreNoRecordAreRefusedWithoutReadingPastTheEnd() {
    long seed = Seeds.next();
    SplittableRandom random = new SplittableRandom(seed);
    RecordView view = new RecordView();
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      if (noise.length > 1 && random.nextBoolean()) {
        noise[0] = (byte) (noise.length - 1);
        noise[1] &= RecordFormat.KNOWN;
      }
      try {
        int end = view.wrap(noise, 0, noise.length, 0);
        assertThat(end).as("seed %d", seed).isBetween(8, noise.length);
        assertThat(view.body()).hasSize(view.bodyLength());
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("cannot be read");
      }
    }
  }

  @Test
  void flagsBeyondOneByteAreRefused() {
    assertThatThrownBy(() -> new RecordDraft().flags(256))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("flags=256");
  }
}
