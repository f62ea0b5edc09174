package io.millrace.engine.internal.stage;

import io.millrace.engine.event.InvalidEventException;
import io.millrace.engine.internal.codec.ByteReader;
import io.millrace.engine.internal.codec.ByteWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Waiting stages as bytes. A place is known by its name, and a topology and a depot by the first
 * name they had: so a stage is found again whatever is added or renamed in the module.
 */
public final class StageCodec {
  private static final int FORMAT = 2;

  /** Places were numbers, in the order of the definition. */
  private static final int NUMBERED = 1;

  /** {@link #FORMAT} with the idempotency key of the event behind the stamp. */
  private static final int KEYED = 3;

  private final HopValueCodec values;
  private final Aliases aliases;
  private final Map<String, StreamPlan> streams = new HashMap<>();
  private final ByteWriter out = new ByteWriter();

  public StageCodec(HopValueCodec values, Aliases aliases, List<StreamPlan> streams) {
    this.values = values;
    this.aliases = aliases;
    streams.forEach(stream -> this.streams.put(stream.name, stream));
  }

  public HopValueCodec values() {
    return values;
  }

  public Aliases aliases() {
    return aliases;
  }

  public byte[] value(Object value) {
    out.clear();
    values.write(value, out);
    return out.toBytes();
  }

  public byte[] encode(Stage stage) {
    out.clear();
    var key = stage.origin.key();
    out.put(key == null ? FORMAT : KEYED);
    HopValueCodec.text(aliases.firstStream(stage.stream.name), out);
    HopValueCodec.text(stage.node.place, out);
    out.varint(stage.task);
    HopValueCodec.text(aliases.firstDepot(stage.origin.depot()), out);
    out.varint(stage.origin.partition());
    out.varint(stage.origin.offset());
    out.varint(stage.origin.timeMs());
    if (key != null) {
      HopValueCodec.bytes(key, out);
    }
    values.write(stage.value, out);
    return out.toBytes();
  }

  /**
   * What stands in front of the value.
   *
   * @param stream present name of the topology
   * @param place name of the place, or its number in old entries
   * @param value where the value begins
   * @param givenUp whether the directory knows no more of the topology reading the depot
   */
  public record Head(
      String stream,
      String place,
      boolean numbered,
      int task,
      Origin origin,
      int value,
      boolean givenUp) {
    @Override
    public String toString() {
      return "topology "
          + stream
          + ", place "
          + (place.isEmpty() ? "from " + origin.depot() : place)
          + ", event of depot "
          + origin.depot()
          + " partition "
          + origin.partition()
          + " offset "
          + origin.offset();
    }
  }

  public Head head(byte[] bytes) {
    var in = new ByteReader(bytes, 0, bytes.length);
    var format = in.get();
    if (format != FORMAT && format != NUMBERED && format != KEYED) {
      throw new IllegalStateException("a waiting hop has an unknown format: " + format);
    }
    var firstStream = HopValueCodec.text(in);
    var place = format == NUMBERED ? Long.toString(in.varint()) : HopValueCodec.text(in);
    var task = (int) in.varint();
    var firstDepot = HopValueCodec.text(in);
    var partition = (int) in.varint();
    var offset = in.varint();
    var timeMs = in.varint();
    var key = format == KEYED ? in.copy(in.length()) : null;
    var origin = new Origin(aliases.depotOf(firstDepot), partition, offset, timeMs, key);
    return new Head(
        aliases.streamOf(firstStream),
        place,
        format == NUMBERED,
        task,
        origin,
        in.position(),
        aliases.isGivenUp(firstStream, firstDepot));
  }

  private @Nullable CompiledNode node(StreamPlan stream, Head head) {
    if (!head.numbered) {
      return stream.place(head.origin.depot(), head.place);
    }
    var number = Integer.parseInt(head.place);
    return number < stream.nodes.length ? stream.nodes[number] : null;
  }

  /**
   * Reads a stage.
   *
   * @throws PlacelessException when this version of the module has no place for it
   */
  public Stage decode(byte[] bytes, @Nullable AppendOutcome outcome) {
    var head = head(bytes);
    var stream = streams.get(head.stream);
    var node = stream == null ? null : node(stream, head);
    if (stream == null || node == null) {
      throw new PlacelessException(head, "no such place in this version");
    }
    try {
      var in = new ByteReader(bytes, head.value, bytes.length - head.value);
      var value = Objects.requireNonNull(values.read(in), "value of a waiting hop");
      return new Stage(stream, node, head.task, value, head.origin, outcome);
    } catch (IllegalStateException | InvalidEventException e) {
      throw new PlacelessException(head, String.valueOf(e.getMessage()));
    }
  }

  /** A waiting stage has no place in this version of the module. */
  public static final class PlacelessException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final transient Head head;

    PlacelessException(Head head, String why) {
      super(head + ": " + why);
      this.head = head;
    }

    public Head head() {
      return head;
    }
  }
}
