package io.millrace.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.engine.Seeds;
import io.millrace.engine.internal.file.FaultFiles;
import io.millrace.engine.internal.log.DamageException;
import io.millrace.engine.internal.log.FsyncMode;
import io.millrace.engine.internal.log.JournalFrames;
import io.millrace.engine.internal.log.NewerFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Bits flipped, ends cut off, garbage and missing files, then a whole start: what the disk is
 * proven to have had is refused with file, byte and advice; what lies behind is cut and said; and
 * no state is ever silently another one. Trials: {@code -Dmillrace.damage.trials=700}.
 */
class DamagedStartTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.millrace.engine");

  @TempDir Path dir;

  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final Map<String, Integer> outcomes = new TreeMap<>();

  @BeforeEach
  void listen() {
    LOG.setLevel(Level.WARN);
    LOG.setAdditive(false);
    said.start();
    LOG.addAppender(said);
  }

  @AfterEach
  void loud() {
    LOG.detachAppender(said);
    LOG.setAdditive(true);
    LOG.setLevel(null);
  }

  @Test
  void damageIsRefusedOrCutAndSaidButNeverTakenForState() throws IOException {
    trials(Integer.getInteger("millrace.damage.trials", 60));
  }

  @Tag("long")
  @Test
  void sevenHundredOfThat() throws IOException {
    trials(700);
  }

  private void trials(int trials) throws IOException {
    long base = Seeds.next();
    for (int i = 0; i < trials; i++) {
      try {
        trial(base + i, i);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + (base + i) + ": " + e.getMessage(), e);
      }
    }
    System.out.println("damaged starts: " + trials + " trials " + outcomes);
    assertThat(outcomes.keySet())
        .contains("journal refused", "journal cut", "depot refused", "FORMAT refused");
  }

  private void trial(long seed, int number) throws IOException {
    Path data = Files.createTempDirectory(dir, "d").resolve("data");
    Files.createDirectory(data);
    Simulation simulation = new Simulation(seed, FsyncMode.EVERYSEC, Plant.NONE, data);
    simulation.runUntilKilled();
    FaultFiles files = simulation.machine.files;
    SplittableRandom random = new SplittableRandom(seed);
    JournalFrames frames = new JournalFrames(files, data.resolve("journal"));
    boolean copied = files.paths().stream().anyMatch(p -> below(data, p, "depots"));
    String kind = number % 10 < 6 || !copied ? "journal" : number % 10 < 9 ? "depot" : "FORMAT";
    Path file = pick(files, frames, data, kind, random);
    long checkpoint = Math.max(0, simulation.machine.disk.cutPosition());
    // A segment that the checkpoint makes needless may go at any time: that is no damage.
    boolean needed = !frames.expected(files, checkpoint).unread().contains(file);
    String how = damage(files, file, needed ? 9 : 8, random);
    JournalFrames.Expected expected = frames.expected(files, checkpoint);
    said.list.clear();
    String outcome = start(simulation, kind, file, expected, how);
    outcomes.merge(kind + " " + outcome, 1, Integer::sum);
  }

  private static Path pick(
      FaultFiles files, JournalFrames frames, Path data, String kind, SplittableRandom random) {
    List<Path> candidates =
        switch (kind) {
          case "journal" -> frames.segments();
          case "depot" -> files.paths().stream().filter(p -> below(data, p, "depots")).toList();
          default -> List.of(data.resolve("FORMAT"));
        };
    boolean newest = kind.equals("journal") && random.nextInt(3) == 0;
    return newest ? candidates.getLast() : candidates.get(random.nextInt(candidates.size()));
  }

  private static boolean below(Path data, Path file, String name) {
    return data.relativize(file).startsWith(name);
  }

  private static String damage(FaultFiles files, Path file, int kinds, SplittableRandom random) {
    byte[] bytes = files.bytes(file);
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(kinds)) {
      case 0 -> files.put(file, Arrays.copyOf(bytes, at));
      case 1 -> {
        byte[] garbage = new byte[1 + random.nextInt(200)];
        random.nextBytes(garbage);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + garbage.length);
        System.arraycopy(garbage, 0, longer, bytes.length, garbage.length);
        files.put(file, longer);
        return garbage.length + " bytes of garbage behind";
      }
      case 2 -> {
        for (int i = at; i < Math.min(bytes.length, at + 64); i++) {
          bytes[i] = (byte) random.nextInt();
        }
        files.put(file, bytes);
        return "garbage at " + at;
      }
      case 3 -> {
        Arrays.fill(bytes, at / 512 * 512, Math.min(bytes.length, at / 512 * 512 + 512), (byte) 0);
        files.put(file, bytes);
        return "zeros at " + at / 512 * 512;
      }
      case 8 -> {
        files.remove(file);
        return "removed";
      }
      default -> {
        long bit = at * 8L + random.nextInt(8);
        files.flip(file, bit);
        return "bit " + bit + " flipped";
      }
    }
    return "cut at " + at;
  }

  private String start(
      Simulation simulation, String kind, Path file, JournalFrames.Expected expected, String how)
      throws IOException {
    String what = kind + " " + file.getFileName() + " " + how;
    boolean journal = kind.equals("journal");
    try {
      simulation.startAnyway(expected.end());
    } catch (DamageException | NewerFormatException e) {
      String message = String.valueOf(e.getMessage());
      assertThat(message).as(what).contains("file=").containsIgnoringCase("restore");
      assertThat(message).as(what).contains("/" + (journal ? "journal" : "depots"));
      // What the checkpoint has is not read at the start; copying for a depot may need it.
      boolean below = expected.unread().contains(file);
      assertThat(!journal || expected.refused() || below)
          .as("%s, refused: %s", what, message)
          .isTrue();
      simulation.machine.end(false, simulation.random);
      return expected.refused() || !journal ? "refused" : "found by the copier";
    } catch (IOException e) {
      assertThat(kind).as("%s, refused: %s", what, e).isEqualTo("FORMAT");
      assertThat(e).as(what).hasMessageContaining("FORMAT").hasMessageContaining("restore");
      simulation.machine.end(false, simulation.random);
      return "refused";
    }
    assertThat(expected.refused() && journal).as("%s, must be refused", what).isFalse();
    assertThat(kind).as("%s, must be refused", what).isNotEqualTo("FORMAT");
    boolean cut = said.list.stream().anyMatch(e -> e.getMessage().startsWith("Cut {} bytes"));
    if (journal) {
      long end = simulation.machine.host().recoveredTo();
      assertThat(end).as("%s, end of the journal", what).isEqualTo(expected.end());
      assertThat(cut).as("%s, said that it was cut", what).isEqualTo(expected.cut());
    }
    simulation.goOn();
    simulation.machine.end(false, simulation.random);
    return journal && expected.cut() ? "cut" : "harmless";
  }
}
