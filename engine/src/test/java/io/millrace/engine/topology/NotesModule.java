package io.millrace.engine.topology;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;

import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import java.util.List;
import java.util.stream.LongStream;

/** Texts under numbers, and questions whose fold reads as many of them as they say. */
public final class NotesModule implements EngineModule {
  /** Notes of {@link #batches}: together more than a hot tier of 1 MiB holds. */
  public static final long KEYS = 6_000;

  private static final int BATCH = 200;

  /** A text under a number. */
  public record Note(long id, String text) {}

  /** A question that reads the first notes. */
  public record Ask(long keys) {}

  /** All notes, to be appended to the depot {@code notes}. */
  public static List<List<Object>> batches() {
    var text = "x".repeat(400);
    return LongStream.range(0, KEYS / BATCH)
        .mapToObj(batch ->
            LongStream.range(batch * BATCH, (batch + 1) * BATCH)
                .<Object>mapToObj(id -> new Note(id, text))
                .toList())
        .toList();
  }

  @Override
  public void define(Definition def) {
    var notes = def.depot("notes", Note.class).partitionBy(Note::id);
    var asks = def.depot("asks", Ask.class).partitionBy(Ask::keys);
    var texts = def.pstate("texts", Schema.map(LONG, STRING));
    var found = def.pstate("found", Schema.map(LONG, LONG));
    def.stream("notes").from(notes).write(texts, Note::id).set(Note::text);
    def.stream("asking")
        .from(asks)
        .each((ask, at) -> {
          var characters = 0L;
          for (var id = 0L; id < ask.keys(); id++) {
            String text = at.read(texts).key(id).get();
            characters += text == null ? 0 : text.length();
          }
          at.write(found).key(ask.keys()).set(characters);
        });
  }
}
