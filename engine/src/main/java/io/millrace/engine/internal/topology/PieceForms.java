package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.codec.ByteReader;
import io.millrace.engine.internal.codec.ByteWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Waiting pieces as bytes. */
final class PieceForms {
  private static final int FORMAT = 1;

  private final ValueForms values;
  private final Map<String, StreamPlan> streams = new HashMap<>();
  private final ByteWriter out = new ByteWriter();

  PieceForms(ValueForms values, List<StreamPlan> streams) {
    this.values = values;
    streams.forEach(stream -> this.streams.put(stream.name, stream));
  }

  ValueForms values() {
    return values;
  }

  byte[] value(Object value) {
    out.clear();
    values.write(value, out);
    return out.toBytes();
  }

  byte[] encode(Piece piece) {
    out.clear();
    out.put(FORMAT);
    ValueForms.text(piece.stream.name, out);
    out.varint(piece.node.id);
    out.varint(piece.task);
    ValueForms.text(piece.origin.depot(), out);
    out.varint(piece.origin.partition());
    out.varint(piece.origin.offset());
    out.varint(piece.origin.timeMs());
    values.write(piece.value, out);
    return out.toBytes();
  }

  /** Reads a piece; null when its topology is not part of the module any more. */
  @Nullable Piece decode(byte[] bytes, @Nullable Outcome outcome) {
    var in = new ByteReader(bytes, 0, bytes.length);
    if (in.get() != FORMAT) {
      throw new IllegalStateException("a waiting hop has an unknown format");
    }
    var stream = streams.get(ValueForms.text(in));
    var node = (int) in.varint();
    var task = (int) in.varint();
    var origin = new Origin(ValueForms.text(in), (int) in.varint(), in.varint(), in.varint());
    if (stream == null || node >= stream.nodes.length) {
      return null;
    }
    var value = Objects.requireNonNull(values.read(in), "value of a waiting hop");
    return new Piece(stream, stream.nodes[node], task, value, origin, outcome);
  }
}
