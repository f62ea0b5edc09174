package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.KeyCodec;
import io.millrace.engine.internal.codec.KeyOrder;
import io.millrace.engine.internal.codec.RecordLayout;
import io.millrace.engine.internal.codec.ValueCodec;
import io.millrace.engine.pstate.ListSchema;
import io.millrace.engine.pstate.MapSchema;
import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Scalar;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.pstate.SetSchema;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One node of a pstate's schema with the codecs of its values. Immutable, built once. */
public final class SchemaNode {
  private static final SchemaNode[] NO_FIELDS = {};

  final Schema schema;

  /** True when the value is a tree of its own. */
  final boolean tree;

  /** True for the top level when it is a tree: never null, only empty. */
  final boolean top;

  /** True when it is, or holds, a tree. */
  final boolean parts;

  final ValueCodec codec;
  private final @Nullable KeyCodec keys;
  private final @Nullable Comparator<Object> order;
  private final @Nullable SchemaNode element;
  final SchemaNode[] fields;
  private final @Nullable RecordLayout shape;

  private SchemaNode(Schema schema, boolean root) {
    this.schema = schema;
    top = root && !(schema instanceof Scalar || schema instanceof RecordSchema);
    tree = top || schema.isSubindexed();
    parts = tree || schema.hasSubindexedParts();
    codec = ValueCodec.of(schema);
    var key =
        switch (schema) {
          case MapSchema map -> map.key();
          case SetSchema set -> set.element();
          case Scalar _, ListSchema _, RecordSchema _ -> null;
        };
    keys = key == null ? null : KeyCodec.of(key);
    order = key == null ? null : KeyOrder.of(key);
    element =
        switch (schema) {
          case MapSchema map -> new SchemaNode(map.value(), false);
          case SetSchema set -> new SchemaNode(set.element(), false);
          case ListSchema list -> new SchemaNode(list.element(), false);
          case Scalar _, RecordSchema _ -> null;
        };
    if (schema instanceof RecordSchema record) {
      shape = RecordLayout.of(record);
      fields =
          record.fields().stream()
              .map(field -> new SchemaNode(field.schema(), false))
              .toArray(SchemaNode[]::new);
    } else {
      shape = null;
      fields = NO_FIELDS;
    }
  }

  /** The nodes of a pstate's schema. */
  public static SchemaNode root(Schema schema) {
    return new SchemaNode(schema.checked(), true);
  }

  /** The node of a value on its own. */
  static SchemaNode of(Schema schema) {
    return new SchemaNode(schema, false);
  }

  /** The schema. */
  public Schema schema() {
    return schema;
  }

  KeyCodec keys() {
    return Objects.requireNonNull(keys);
  }

  Schema keySchema() {
    return keys().schema();
  }

  Comparator<Object> order() {
    return Objects.requireNonNull(order);
  }

  SchemaNode element() {
    return Objects.requireNonNull(element);
  }

  RecordLayout shape() {
    return Objects.requireNonNull(shape);
  }

  RecordSchema record() {
    return (RecordSchema) schema;
  }

  ValueCodec.RecordCodec recordCodec() {
    return (ValueCodec.RecordCodec) codec;
  }

  boolean isList() {
    return schema instanceof ListSchema;
  }

  boolean isMap() {
    return schema instanceof MapSchema;
  }

  boolean isSet() {
    return schema instanceof SetSchema;
  }

  boolean isRecord() {
    return schema instanceof RecordSchema;
  }

  @Override
  public String toString() {
    return schema.toString();
  }
}
