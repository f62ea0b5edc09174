package io.millrace.engine.topology;

import static io.millrace.engine.path.Path.key;
import static io.millrace.engine.pstate.Scalar.BOOLEAN;
import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.path.Path;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.testing.TestEngine;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The acceptance programs: each with 1, 2 and 8 tasks and a restart and a crash in the middle. */
class ProgramsTest {
  private static TestEngine start(int tasks, EngineModule module) {
    return TestEngine.builder(module).tasks(tasks).start();
  }

  // Profiles -------------------------------------------------------------------------------------

  record Registration(UUID uuid, String username, String pwdHash) {}

  record Edit(String field, String value) {}

  record ProfileEdits(long userId, List<Edit> edits) {}

  record NewProfile(long userId, String username, String pwdHash) {}

  static final class ProfileModule implements EngineModule {
    @Override
    public void define(Definition def) {
      var registrations =
          def.depot("registrations", Registration.class).partitionBy(Registration::username);
      var edits = def.depot("edits", ProfileEdits.class).partitionBy(ProfileEdits::userId);
      var byName =
          def.pstate(
              "username_to_reg",
              Schema.map(
                  STRING,
                  Schema.record(Schema.field("user_id", LONG), Schema.field("uuid", STRING))));
      var profiles = def.pstate("profiles", Schema.map(LONG, Schema.map(STRING, STRING)));
      def.values(List.of(NewProfile.class));

      var stream = def.stream("profiles");
      stream
          .from(registrations)
          .<NewProfile>explode((reg, at) -> {
            Map<String, Object> known = at.read(byName).key(reg.username()).get();
            var uuid = reg.uuid().toString();
            if (known != null && !uuid.equals(known.get("uuid"))) {
              return List.of();
            }
            var id =
                known == null ? at.newId() : (Long) Objects.requireNonNull(known.get("user_id"));
            at.write(byName).key(reg.username()).set(Map.of("user_id", id, "uuid", uuid));
            return List.of(new NewProfile(id, reg.username(), reg.pwdHash()));
          })
          .hop(NewProfile::userId)
          .each((profile, at) -> {
            at.write(profiles).key(profile.userId()).key("username").set(profile.username());
            at.write(profiles).key(profile.userId()).key("pwdHash").set(profile.pwdHash());
            at.ack(profile.userId());
          });
      stream
          .from(edits)
          .each((event, at) -> {
            for (var edit : event.edits()) {
              at.write(profiles).key(event.userId()).key(edit.field()).set(edit.value());
            }
          });
    }
  }

  private static long registered(TestEngine engine, Registration registration) {
    var id = engine.depot("registrations").append(registration).returned("profiles");
    return (Long) Objects.requireNonNull(id);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void usernamesAreRegisteredOnceAndProfilesEdited(int tasks) {
    try (var engine = start(tasks, new ProfileModule())) {
      var alice = new Registration(new UUID(1, 1), "alice", "hash1");
      var aliceId = registered(engine, alice);
      var bobId = registered(engine, new Registration(new UUID(1, 2), "bob", "hash2"));
      assertThat(aliceId).isNotEqualTo(bobId);
      engine.crash();
      assertThat(
              engine
                  .depot("registrations")
                  .append(new Registration(new UUID(1, 3), "alice", "hash3"))
                  .returned("profiles"))
          .isNull();
      assertThat(engine.depot("registrations").append(alice).returned("profiles"))
          .isEqualTo(aliceId);
      assertThat(engine.pstate("profiles").get(key(aliceId, "username"))).isEqualTo("alice");
      engine.restart();
      engine
          .depot("edits")
          .append(
              new ProfileEdits(
                  aliceId,
                  List.of(
                      new Edit("displayName", "Alice Smith"),
                      new Edit("heightInches", "65"),
                      new Edit("pwdHash", "hash4"))));
      assertThat(engine.pstate("profiles").get(key(aliceId)))
          .isEqualTo(
              Map.of(
                  "username", "alice",
                  "displayName", "Alice Smith",
                  "heightInches", "65",
                  "pwdHash", "hash4"));
      engine
          .depot("edits")
          .append(new ProfileEdits(bobId, List.of(new Edit("displayName", "Bobby"))));
      assertThat(engine.pstate("profiles").get(key(bobId)))
          .isEqualTo(Map.of("username", "bob", "pwdHash", "hash2", "displayName", "Bobby"));
      assertThat(engine.digest()).isEqualTo(engine.refoldFromZero());
    }
  }

  // Bank transfer --------------------------------------------------------------------------------

  record Transfer(String transferId, long from, long to, long amt) {}

  record Deposit(long userId, long amt) {}

  record Credit(Transfer transfer, boolean success) {
    long to() {
      return transfer.to();
    }
  }

  static final class Bank implements EngineModule {
    @Override
    public void define(Definition def) {
      var transfers = def.depot("transfers", Transfer.class).partitionBy(Transfer::from);
      var deposits = def.depot("deposits", Deposit.class).partitionBy(Deposit::userId);
      var funds = def.pstate("funds", Schema.map(LONG, LONG));
      var entry =
          Schema.record(
              Schema.field("user", LONG),
              Schema.field("amt", LONG),
              Schema.field("success", BOOLEAN));
      var outgoing =
          def.pstate("outgoing", Schema.map(LONG, Schema.map(STRING, entry).subindexed()));
      var incoming =
          def.pstate("incoming", Schema.map(LONG, Schema.map(STRING, entry).subindexed()));

      var stream = def.stream("banking");
      stream
          .from(transfers)
          .map((event, at) -> {
            long balance = at.read(funds).key(event.from()).orElse(0L);
            var success = balance >= event.amt();
            if (success) {
              at.write(funds).key(event.from()).set(balance - event.amt());
            }
            at.write(outgoing)
                .key(event.from())
                .key(event.transferId())
                .set(Map.of("user", event.to(), "amt", event.amt(), "success", success));
            return new Credit(event, success);
          })
          .hop(Credit::to)
          .each((credit, at) -> {
            var event = credit.transfer();
            if (credit.success()) {
              at.write(funds).key(event.to()).increment(event.amt());
            }
            at.write(incoming)
                .key(event.to())
                .key(event.transferId())
                .set(Map.of("user", event.from(), "amt", event.amt(), "success", credit.success()));
          });
      stream.from(deposits).groupBy(Deposit::userId).sum(funds, Deposit::amt);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void transfersNeverOverdrawAndAreLoggedOnBothSides(int tasks) {
    try (var engine = start(tasks, new Bank())) {
      engine.depot("deposits").append(new Deposit(1, 200));
      engine.depot("deposits").append(new Deposit(2, 100));
      engine.checkpoint();
      engine.depot("deposits").append(new Deposit(3, 100));
      engine.depot("transfers").append(new Transfer("t1", 1, 2, 50));
      engine.crash();
      engine.depot("transfers").append(new Transfer("t2", 1, 3, 160));
      engine.depot("transfers").append(new Transfer("t3", 1, 3, 25));
      engine.restart();
      engine.depot("transfers").append(new Transfer("t4", 3, 2, 10));

      var funds = engine.pstate("funds");
      assertThat(funds.get(key(1L))).isEqualTo(125L);
      assertThat(funds.get(key(2L))).isEqualTo(160L);
      assertThat(funds.get(key(3L))).isEqualTo(115L);
      assertThat(engine.pstate("outgoing").get(key(1L).count())).isEqualTo(3L);
      assertThat(engine.pstate("outgoing").get(key(1L, "t2", "success"))).isEqualTo(false);
      assertThat(engine.pstate("outgoing").get(key(3L, "t4", "success"))).isEqualTo(true);
      assertThat(engine.pstate("incoming").get(key(2L).count())).isEqualTo(2L);
      assertThat(engine.pstate("incoming").select(key(3L).mapVals().key("success")))
          .containsExactlyInAnyOrder(true, false);
      assertThat(engine.digest()).isEqualTo(engine.refoldFromZero());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void aDepositIsOneReadAndOneWrite(int tasks) {
    try (var engine = start(tasks, new Bank())) {
      engine.depot("deposits").append(new Deposit(1, 200));
      var before = engine.counters();
      engine.depot("deposits").append(new Deposit(1, 50));
      var cost = engine.counters().since(before);
      assertThat(cost.reads()).isEqualTo(1);
      assertThat(cost.writes()).isEqualTo(1);
      assertThat(cost.hops()).isZero();
      assertThat(cost.steps()).isZero();
    }
  }

  // Top spenders ---------------------------------------------------------------------------------

  record Purchase(String userId, long cents) {}

  static final class Spenders implements EngineModule {
    @Override
    public void define(Definition def) {
      var purchases = def.depot("purchases", Purchase.class).partitionBy(Purchase::userId);
      var total = def.pstate("user_total_spend", Schema.map(STRING, LONG));
      var top =
          def.globalPstate(
              "top",
              Schema.list(
                  Schema.record(Schema.field("user", STRING), Schema.field("total", LONG))));
      def.stream("spending")
          .from(purchases)
          .groupBy(Purchase::userId)
          .sum(total, Purchase::cents)
          .hopGlobal()
          .top(top, 3, Keyed::key, Keyed::present);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void topSpendersAreKeptInOrder(int tasks) {
    try (var engine = start(tasks, new Spenders())) {
      var purchases = engine.depot("purchases");
      purchases.append(new Purchase("alice", 300));
      purchases.append(new Purchase("bob", 200));
      purchases.append(new Purchase("charlie", 100));
      engine.crash();
      purchases = engine.depot("purchases");
      purchases.append(new Purchase("david", 100));
      purchases.append(new Purchase("emily", 400));
      assertThat(engine.pstate("top").select(Path.all().key("user")))
          .containsExactly("emily", "alice", "bob");
      purchases.append(new Purchase("david", 250));
      assertThat(engine.pstate("top").select(Path.all()))
          .containsExactly(
              Map.of("user", "emily", "total", 400L),
              Map.of("user", "david", "total", 350L),
              Map.of("user", "alice", "total", 300L));
      assertThat(engine.digest()).isEqualTo(engine.refoldFromZero());
    }
  }

  // Family tree ----------------------------------------------------------------------------------

  record Person(long id, @Nullable Long parent1, @Nullable Long parent2, String name) {}

  static final class FamilyTree implements EngineModule {
    @Override
    public void define(Definition def) {
      var people = def.depot("people", Person.class).partitionBy(Person::id);
      var tree =
          def.pstate(
              "tree",
              Schema.map(
                  LONG,
                  Schema.record(
                      Schema.field("parent1", LONG),
                      Schema.field("parent2", LONG),
                      Schema.field("name", STRING),
                      Schema.field("children", Schema.set(LONG)))));
      def.stream("family")
          .from(people)
          .each((person, at) -> {
            at.write(tree).key(person.id()).key("name").set(person.name());
            at.write(tree).key(person.id()).key("parent1").set(person.parent1());
            at.write(tree).key(person.id()).key("parent2").set(person.parent2());
          })
          .explode(person ->
              java.util.stream.Stream.of(person.parent1(), person.parent2())
                  .filter(Objects::nonNull)
                  .map(parent -> new Keyed<>(parent, person.id()))
                  .toList())
          .hop(Keyed::key)
          .each(
              (child, at) -> at.write(tree).key(child.key()).key("children").add(child.present()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void childrenAreFiledUnderEachParent(int tasks) {
    try (var engine = start(tasks, new FamilyTree())) {
      var people = engine.depot("people");
      for (var founder = 1; founder <= 6; founder++) {
        people.append(new Person(founder, null, null, "Person " + founder));
      }
      people.append(new Person(7, 1L, 2L, "Person 7"));
      people.append(new Person(8, 3L, 4L, "Person 8"));
      engine.crash();
      people = engine.depot("people");
      people.append(new Person(9, 1L, 5L, "Person 9"));
      people.append(new Person(10, 7L, 8L, "Person 10"));
      people.append(new Person(11, 9L, 10L, "Person 11"));
      for (var id = 12; id <= 14; id++) {
        people.append(new Person(id, 10L, 11L, "Person " + id));
      }
      var tree = engine.pstate("tree");
      assertThat(tree.get(key(6L, "name"))).isEqualTo("Person 6");
      assertThat(tree.get(key(6L, "children").count())).isEqualTo(0L);
      assertThat(tree.get(key(10L, "children"))).isEqualTo(Set.of(11L, 12L, 13L, 14L));
      assertThat(tree.get(key(11L, "children").count())).isEqualTo(3L);
      assertThat(tree.get(key(10L, "children").contains(13L))).isEqualTo(true);
      assertThat(engine.digest()).isEqualTo(engine.refoldFromZero());
    }
  }

  // Small ones -----------------------------------------------------------------------------------

  record Line(String text) {}

  static final class WordCount implements EngineModule {
    @Override
    public void define(Definition def) {
      var lines = def.depot("lines", Line.class);
      var words = def.pstate("words", Schema.map(STRING, LONG));
      def.stream("count")
          .from(lines)
          .explode(line -> List.of(line.text().split(" ")))
          .groupBy(String::valueOf)
          .count(words)
          .each((word, at) -> at.ack(word.value()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void wordsAreCountedAndTheRunningCountIsAnswered(int tasks) {
    try (var engine = start(tasks, new WordCount())) {
      for (var expected = 1L; expected <= 3; expected++) {
        assertThat(engine.depot("lines").append(new Line("wheel")).returned("count"))
            .isEqualTo(expected);
        engine.crash();
      }
      engine.depot("lines").append(new Line("a wheel turns a wheel"));
      assertThat(engine.pstate("words").get(key("wheel"))).isEqualTo(5L);
      assertThat(engine.pstate("words").get(key("a"))).isEqualTo(2L);
      assertThat(engine.pstate("words").get(Path.count())).isEqualTo(3L);
    }
  }

  record PageVisit(String path, String session) {}

  static final class Analytics implements EngineModule {
    @Override
    public void define(Definition def) {
      var visits = def.depot("visits", PageVisit.class).partitionBy(PageVisit::session);
      var counts = def.pstate("path_counts", Schema.map(STRING, LONG));
      var history = def.pstate("history", Schema.map(STRING, Schema.list(STRING).subindexed()));
      var pages = def.stream("pages").from(visits);
      pages.each((visit, at) -> at.write(history).key(visit.session()).add(visit.path()));
      pages.groupBy(PageVisit::path).count(counts);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void pagesAreCountedAndSessionsKeepTheirHistory(int tasks) {
    try (var engine = start(tasks, new Analytics())) {
      engine.depot("visits").append(new PageVisit("/a", "s1"));
      engine.depot("visits").append(new PageVisit("/b", "s1"));
      engine.crash();
      engine.depot("visits").append(new PageVisit("/a", "s2"));
      engine.depot("visits").append(new PageVisit("/a", "s1"));
      assertThat(engine.pstate("path_counts").get(key("/a"))).isEqualTo(3L);
      assertThat(engine.pstate("history").select(key("s1").all()))
          .containsExactly("/a", "/b", "/a");
      assertThat(engine.pstate("history").select(key("s2").all())).containsExactly("/a");
      assertThat(engine.digest()).isEqualTo(engine.refoldFromZero());
    }
  }

  record Pair(String a, String b) {
    Pair turned() {
      return new Pair(b, a);
    }
  }

  static final class PairCounts implements EngineModule {
    @Override
    public void define(Definition def) {
      var pairs = def.depot("pairs", Pair.class).partitionBy(Pair::a);
      var counts = def.pstate("counts", Schema.map(STRING, Schema.map(STRING, LONG)));
      var totals = def.pstate("totals", Schema.map(STRING, LONG));
      def.stream("pairs")
          .from(pairs)
          .explode(p -> p.a().equals(p.b()) ? List.of(p) : List.of(p, p.turned()))
          .groupBy(Pair::a)
          .each((pair, at) -> {
            at.write(counts).key(pair.a()).key(pair.b()).increment(1);
            at.write(totals).key(pair.a()).increment(1);
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void pairsAreCountedInBothDirectionsOnce(int tasks) {
    try (var engine = start(tasks, new PairCounts())) {
      engine.depot("pairs").append(new Pair("a", "b"));
      engine.depot("pairs").append(new Pair("b", "c"));
      engine.restart();
      engine.depot("pairs").append(new Pair("a", "a"));
      assertThat(engine.pstate("totals").get(key("a"))).isEqualTo(2L);
      assertThat(engine.pstate("totals").get(key("b"))).isEqualTo(2L);
      assertThat(engine.pstate("totals").get(key("c"))).isEqualTo(1L);
      assertThat(engine.pstate("counts").get(key("b"))).isEqualTo(Map.of("a", 1L, "c", 1L));
      assertThat(engine.digest()).isEqualTo(engine.refoldFromZero());
    }
  }
}
