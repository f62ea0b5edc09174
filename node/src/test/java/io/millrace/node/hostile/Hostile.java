package io.millrace.node.hostile;

import static io.millrace.engine.pstate.Scalar.ANY;
import static io.millrace.engine.pstate.Scalar.BOOLEAN;
import static io.millrace.engine.pstate.Scalar.BYTES;
import static io.millrace.engine.pstate.Scalar.DOUBLE;
import static io.millrace.engine.pstate.Scalar.INSTANT;
import static io.millrace.engine.pstate.Scalar.INT;
import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;
import static io.millrace.engine.pstate.Scalar.UUID;

import io.millrace.engine.depot.Depot;
import io.millrace.engine.event.EventFormat;
import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.PState;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.topology.StreamTopology;
import io.millrace.engine.topology.TaskContext;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stores every component of an event where a module would: in records, alone, as keys it hops to,
 * in collections that are one value and in such that are not, and as a value of any type; passes it
 * on to another depot and answers with it.
 */
public final class Hostile implements EngineModule {
  /** A choice. */
  public enum Kind {
    SMALL,
    LARGE
  }

  /** A record inside an event. */
  public record Part(@Nullable String name, @Nullable Double weight) {}

  /** One component is there beside the id, the others are null. */
  public record Thing(
      long id,
      @Nullable String text,
      @Nullable Long whole,
      @Nullable Integer number,
      @Nullable Short small,
      @Nullable Byte tiny,
      @Nullable Double real,
      @Nullable Float half,
      @Nullable Boolean truth,
      byte @Nullable [] bytes,
      @Nullable UUID uuid,
      @Nullable Instant at,
      @Nullable BigDecimal amount,
      @Nullable Kind kind,
      @Nullable List<String> words,
      @Nullable Set<Long> marks,
      @Nullable Map<String, Double> totals,
      @Nullable Part part) {}

  /** What is stored of it. */
  public record Stored(
      @Nullable String text,
      @Nullable Long whole,
      @Nullable Integer number,
      @Nullable Short small,
      @Nullable Byte tiny,
      @Nullable Double real,
      @Nullable Float half,
      @Nullable Boolean truth,
      byte @Nullable [] bytes,
      @Nullable UUID uuid,
      @Nullable Instant at,
      @Nullable String amount,
      @Nullable Kind kind,
      @Nullable List<String> words,
      @Nullable Set<Long> marks,
      @Nullable Map<String, Double> totals,
      @Nullable Part part) {}

  private static Stored stored(Thing t) {
    var amount = t.amount();
    return new Stored(
        t.text(),
        t.whole(),
        t.number(),
        t.small(),
        t.tiny(),
        t.real(),
        t.half(),
        t.truth(),
        t.bytes(),
        t.uuid(),
        t.at(),
        amount == null ? null : amount.toString(),
        t.kind(),
        t.words(),
        t.marks(),
        t.totals(),
        t.part());
  }

  @Override
  public void define(Definition def) {
    var sent = def.depot("sent", Thing.class).partitionBy(Thing::id);
    var packed = def.depot("packed", Thing.class).partitionBy(Thing::id).format(EventFormat.BINARY);
    var passed =
        def.depot("passed", Thing.class)
            .partitionBy(Thing::id)
            .format(EventFormat.BINARY)
            .topologyOnly();
    var things = def.pstate("things", Schema.map(LONG, Schema.of(Stored.class)));
    var anything = def.pstate("anything", Schema.map(LONG, ANY));
    var again = def.pstate("again", Schema.map(LONG, Schema.of(Stored.class)));
    var words = def.pstate("words", Schema.map(LONG, Schema.list(STRING).subindexed()));
    var totals = def.pstate("totals", Schema.map(LONG, Schema.map(STRING, DOUBLE).subindexed()));
    var store = def.stream("store");
    for (var depot : List.of(sent, packed)) {
      store
          .from(depot)
          .each((thing, at) -> {
            at.write(things).key(thing.id()).set(stored(thing));
            at.write(anything).key(thing.id()).set(any(thing));
            collections(thing, at, words, totals);
            at.append(passed, thing);
            at.ack(answer(thing));
          });
    }
    def.stream("again")
        .from(passed)
        .each((thing, at) -> at.write(again).key(thing.id()).set(stored(thing)));
    keys(def, List.of(sent, packed));
    depotsByKey(def, def.stream("directly"));
  }

  private static void collections(Thing thing, TaskContext at, PState words, PState totals) {
    if (thing.words() != null) {
      thing.words().forEach(word -> at.write(words).key(thing.id()).add(word));
    }
    if (thing.totals() != null) {
      thing
          .totals()
          .forEach((name, total) -> at.write(totals).key(thing.id()).key(name).set(total));
    }
  }

  /** Depots whose partition is that of the key it is stored under. */
  private static void depotsByKey(Definition def, StreamTopology direct) {
    var texts = def.depot("texts", Thing.class).partitionBy(Thing::text);
    var times = def.depot("times", Thing.class).partitionBy(Thing::at);
    var reals = def.depot("reals", Thing.class).partitionBy(Thing::real);
    var halves = def.depot("halves", Thing.class).partitionBy(Thing::half);
    direct(direct, texts, def.pstate("direct_text", Schema.map(STRING, LONG)), Thing::text);
    direct(direct, times, def.pstate("direct_at", Schema.map(INSTANT, LONG)), Thing::at);
    direct(direct, reals, def.pstate("direct_real", Schema.map(DOUBLE, LONG)), Thing::real);
    direct(direct, halves, def.pstate("direct_half", Schema.map(DOUBLE, LONG)), Thing::half);
  }

  private static void direct(
      StreamTopology direct, Depot<Thing> depot, PState into, Function<Thing, Object> key) {
    direct.from(depot).each((thing, at) -> at.write(into).key(key.apply(thing)).set(thing.id()));
  }

  private static void keys(Definition def, List<Depot<Thing>> depots) {
    var byText = def.pstate("by_text", Schema.map(STRING, LONG));
    var byWhole = def.pstate("by_whole", Schema.map(LONG, LONG));
    var byNumber = def.pstate("by_number", Schema.map(INT, LONG));
    var byReal = def.pstate("by_real", Schema.map(DOUBLE, LONG));
    var byTruth = def.pstate("by_truth", Schema.map(BOOLEAN, LONG));
    var byBytes = def.pstate("by_bytes", Schema.map(BYTES, LONG));
    var byUuid = def.pstate("by_uuid", Schema.map(UUID, LONG));
    var byAt = def.pstate("by_at", Schema.map(INSTANT, Schema.set(LONG).subindexed()));
    var stream = def.stream("keys");
    for (var depot : depots) {
      var flow = stream.from(depot);
      flow.filter(t -> t.text() != null).groupBy(Thing::text).count(byText);
      flow.filter(t -> t.whole() != null).groupBy(Thing::whole).count(byWhole);
      flow.filter(t -> t.number() != null).groupBy(Thing::number).count(byNumber);
      flow.filter(t -> t.real() != null).groupBy(Thing::real).count(byReal);
      flow.filter(t -> t.truth() != null).groupBy(Thing::truth).count(byTruth);
      flow.filter(t -> t.bytes() != null).groupBy(Thing::bytes).count(byBytes);
      flow.filter(t -> t.uuid() != null).groupBy(Thing::uuid).count(byUuid);
      flow.filter(t -> t.at() != null)
          .hop(Thing::at)
          .each((t, at) -> at.write(byAt).key(t.at()).add(t.id()));
    }
  }

  private static Object any(Thing t) {
    var all = new LinkedHashMap<String, @Nullable Object>();
    all.put("text", t.text());
    all.put("whole", t.whole());
    all.put("number", t.number());
    all.put("real", t.real());
    all.put("half", t.half());
    all.put("truth", t.truth());
    all.put("bytes", t.bytes());
    all.put("uuid", t.uuid());
    all.put("at", t.at());
    all.put("kind", t.kind());
    all.put("words", t.words());
    all.put("totals", t.totals());
    return all;
  }

  /** What an answer can be made of. */
  private static Object answer(Thing t) {
    var all = new ArrayList<@Nullable Object>();
    all.add(t.text());
    all.add(t.bytes() == null || t.bytes().length > 1000 ? null : t.bytes());
    all.add(t.real());
    all.add(t.at());
    return all.getFirst() instanceof String text && text.length() > 1000 ? "long" : all;
  }
}
