package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ids that code asks for, beside collections whose pages are laid out by what is in memory. */
class NewIdsTest {
  private static final int MEMBERS = 300;

  @TempDir Path directory;

  record Name(String name) {}

  record Given(String name, long id) {}

  static final class Names implements EngineModule {
    @Override
    public void define(Definition def) {
      var names = def.depot("names", Name.class).partitionBy(Name::name);
      var ids = def.pstate("ids", Schema.map(STRING, LONG));
      def.stream("naming")
          .from(names)
          .each((name, at) -> at.write(ids).key(name.name()).set(at.newId()));
      var guestIds = def.pstate("guest_ids", Schema.map(STRING, LONG));
      var guests = def.depot("guests", Name.class).partitionBy(Name::name);
      def.stream("greeting")
          .from(guests)
          .map((guest, at) -> new Given(guest.name(), at.newId()))
          .hop(Given::name)
          .each((given, at) -> at.write(guestIds).key(given.name()).set(given.id()));
    }
  }

  private Engine open(SetsModule sets) throws IOException {
    var config =
        EngineConfig.in(directory.resolve("data"))
            .withTasks(1)
            .withMemory(64 << 20, 8 << 20)
            .withKeepJournal(true)
            .withKeptCheckpoints(2)
            .withBackground(false);
    return Engine.open(config, List.of(sets), List.of(new Names()), failure -> {});
  }

  private static List<Long> name(Engine engine, String... names) {
    Stream.of(names).forEach(name -> engine.depot("names").append(new Name(name)));
    return ids(engine, names);
  }

  private static List<Long> ids(Engine engine, String... names) {
    return idsIn("ids", engine, names);
  }

  private static List<Long> idsIn(String pstate, Engine engine, String... names) {
    return Stream.of(names)
        .map(name -> (Long) Objects.requireNonNull(engine.pstate(pstate).get(key(name))))
        .toList();
  }

  @Test
  void idsAreTheSameWhenTheirRecordsAreFoldedOverPagesThatAreOnDisk() throws IOException {
    var sets = new SetsModule();
    List<Long> told;
    try (var engine = open(sets)) {
      var lane = engine.lane(Runnable::run);
      for (var other = 0; other < 5; other++) {
        sets.change(lane, "other-" + other, true, MEMBERS, 1, 0);
      }
      sets.change(lane, "set", true, MEMBERS, 1, 0);
      engine.checkpoint();
      for (var rest = 1; rest < 10; rest++) {
        sets.change(lane, "set", false, MEMBERS, 10, rest);
      }
      sets.change(lane, "set", true, MEMBERS, 1, 0);
      told = name(engine, "a", "b");
      engine.abandon();
    }
    sets = new SetsModule();
    try (var engine = open(sets)) {
      assertThat(ids(engine, "a", "b")).isEqualTo(told);
      assertThat(name(engine, "c", "d")).doesNotContainAnyElementsOf(told);
    }
  }

  @Test
  void anIdTakenBeforeALaterStageHasToWaitForTheDiskIsTakenOnce() throws IOException {
    try (var engine = open(new SetsModule())) {
      for (var i = 0; i < MEMBERS; i++) {
        engine.depot("names").append(new Name("known-" + i));
      }
    }
    List<Long> told;
    try (var engine = open(new SetsModule())) {
      engine.depot("guests").append(new Name("known-77"));
      told = idsIn("guest_ids", engine, "known-77");
      engine.abandon();
    }
    try (var engine = open(new SetsModule())) {
      assertThat(idsIn("guest_ids", engine, "known-77")).isEqualTo(told);
      assertThat(name(engine, "a")).doesNotContainAnyElementsOf(told);
    }
  }
}
