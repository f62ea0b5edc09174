package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.state.Lane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationTest {
  record Fan(long id, int width) {}

  static final class FanOut implements EngineModule {
    @Override
    public void define(Definition def) {
      var fans = def.depot("fans", Fan.class).partitionBy(Fan::id);
      var hits = def.pstate("hits", Schema.map(Scalar.LONG, Scalar.LONG));
      def.stream("fan")
          .from(fans)
          .explode(fan -> LongStream.range(0, fan.width()).boxed().toList())
          .hop(leaf -> leaf)
          .each((leaf, at) -> at.write(hits).key(leaf).set(leaf));
    }
  }

  @TempDir Path dir;

  private EngineConfig config() {
    return EngineConfig.in(dir.resolve("data"))
        .withTasks(4)
        .withMemory(8 << 20, 1 << 20)
        .withCheckpoints(2_000, Long.MAX_VALUE, Long.MAX_VALUE)
        .withKeepJournal(true)
        .withKeptCheckpoints(2)
        .withBackground(false);
  }

  /** Fills a directory with some cuts and leaves it as a crash would; returns the digest. */
  private long fill(EngineConfig config) throws Exception {
    KvModule kv = new KvModule();
    try (Engine engine = Engine.open(config, List.of(kv))) {
      Lane lane = engine.lane(Runnable::run);
      for (int i = 0; i < 1_000; i++) {
        kv.put(lane, "key" + i % 90, "value" + i);
        if (i % 200 == 150) {
          engine.checkpoint();
        }
      }
      long digest = engine.digest();
      assertThat(engine.status().checkpoints()).isEqualTo(5);
      assertThat(engine.status().flushes()).isGreaterThanOrEqualTo(5);
      assertThat(engine.status().truncatedSegments()).isPositive();
      assertThat(engine.status().checkpointPhase()).isEqualTo("idle");
      engine.abandon();
      return digest;
    }
  }

  private static Verification verify(EngineConfig config) throws IOException {
    return Verification.run(config, () -> List.of(new KvModule()), List::of);
  }

  private Map<String, Long> sizes() throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sizes.put(file.toString(), Files.size(file));
      }
    }
    sizes.keySet().removeIf(name -> name.endsWith("LOCK"));
    return sizes;
  }

  @Test
  void foldsFromZeroAndFromEachKeptCheckpointAgreeAndNothingIsChanged() throws Exception {
    long live = fill(config());
    Map<String, Long> before = sizes();
    Verification found = verify(config());
    assertThat(found.complete()).isTrue();
    assertThat(found.folds())
        .extracting(Verification.Fold::from)
        .containsExactly("zero", "checkpoint", "checkpoint", "state");
    assertThat(found.folds()).extracting(Verification.Fold::digest).containsOnly(live);
    assertThat(found.agree()).isTrue();
    assertThat(found.frames()).isGreaterThan(900);
    assertThat(found.folds().getFirst().records()).isGreaterThan(1_000);
    assertThat(found.folds().getLast().records()).isBetween(1L, 60L);
    assertThat(sizes()).isEqualTo(before);
    try (Engine engine = Engine.open(config(), List.of(new KvModule()))) {
      assertThat(engine.digest()).isEqualTo(live);
    }
  }

  @Test
  void keptCheckpointsHoldTheJournalThatTheyNeed() throws Exception {
    EngineConfig config = config().withKeepJournal(false);
    long live = fill(config);
    Verification found = verify(config);
    assertThat(found.complete()).isFalse();
    assertThat(found.start()).isPositive();
    assertThat(found.folds())
        .extracting(Verification.Fold::from)
        .containsExactly("checkpoint", "checkpoint", "state");
    assertThat(found.folds()).extracting(Verification.Fold::digest).containsOnly(live);
  }

  @Test
  void whatACrashLeftOfACheckpointIsClearedAway() throws Exception {
    fill(config());
    Path kept = dir.resolve("data/checkpoints");
    Files.createDirectories(kept.resolve("00000000000000009999.tmp"));
    Files.createDirectories(kept.resolve("17.gone/inner"));
    try (Engine engine = Engine.open(config(), List.of(new KvModule()))) {
      assertThat(engine.status().epoch()).isEqualTo(2);
      try (Stream<Path> left = Files.list(kept)) {
        assertThat(left).hasSize(2).allMatch(p -> p.getFileName().toString().length() == 20);
      }
    }
  }

  @Test
  void aSegmentThatACrashLeftWithBothItsNamesIsOne() throws Exception {
    long live = fill(config());
    Path archived;
    try (Stream<Path> files = Files.list(dir.resolve("data/archive"))) {
      archived = files.sorted().reduce((first, second) -> second).orElseThrow();
    }
    Path again = dir.resolve("data/journal").resolve(archived.getFileName());
    Files.createLink(again, archived);
    assertThat(verify(config()).folds()).hasSize(4).allMatch(fold -> fold.digest() == live);
    try (Engine engine = Engine.open(config().withKeptCheckpoints(0), List.of(new KvModule()))) {
      assertThat(engine.digest()).isEqualTo(live);
      engine.checkpoint();
      assertThat(again).doesNotExist();
      assertThat(archived).exists();
    }
    assertThat(verify(config()).complete()).isTrue();
  }

  @Test
  void workThatWaitsAtTheEndIsToldBecauseTheNextStartGoesOnWithIt() throws Exception {
    EngineConfig config = config().withBackground(false);
    Supplier<List<? extends EngineModule>> fan = () -> List.of(new FanOut());
    try (Engine engine = Engine.open(config, List.of(new KvModule()), fan.get(), failure -> {})) {
      engine.depot("fans").append(new Fan(1, 50_000), AppendAck.APPENDED);
      engine.abandon();
    }
    Verification found = Verification.run(config, () -> List.of(new KvModule()), fan);
    assertThat(found.agree()).isTrue();
    assertThat(found.waiting()).isTrue();
    long atRest;
    try (Engine engine = Engine.open(config, List.of(new KvModule()), fan.get(), failure -> {})) {
      assertThat(engine.digest()).isEqualTo(found.folds().getFirst().digest());
      engine.housekeep();
      atRest = engine.digest();
    }
    found = Verification.run(config, () -> List.of(new KvModule()), fan);
    assertThat(found.waiting()).isFalse();
    assertThat(found.folds()).extracting(Verification.Fold::digest).containsOnly(atRest);
    assertThat(atRest).isNotEqualTo(0);
  }

  @Test
  void damageInTheArchiveIsNamed() throws Exception {
    fill(config());
    Path first = dir.resolve("data/archive/00000000000000000000.journal");
    byte[] bytes = Files.readAllBytes(first);
    bytes[bytes.length / 2] ^= 1;
    Files.write(first, bytes);
    assertThatThrownBy(() -> verify(config()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("file=journal/00000000000000000000.journal")
        .hasMessageNotContaining("scratch");
  }

  @Test
  void aDirectoryInUseOrAbsentIsRefused() throws Exception {
    assertThatThrownBy(() -> verify(config())).hasMessageContaining("There is no data directory");
    try (Engine engine = Engine.open(config(), List.of(new KvModule()))) {
      assertThat(engine.status().epoch()).isEqualTo(1);
      assertThatThrownBy(() -> verify(config())).hasMessageContaining("in use by another process");
    }
  }
}
