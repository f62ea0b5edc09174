package io.millrace.engine.pstate;

import java.util.List;

/**
 * What a pstate, or a part of one, holds: scalars, maps, sets, lists and records, nested at will.
 *
 * <p>Every map and set is kept in the order of its keys. A part marked {@code subindexed} is stored
 * element by element and may be larger than memory; anything else nested is one value, rewritten
 * whole. The top level of a pstate is always stored element by element when it is a map, set or
 * list.
 *
 * <pre>{@code
 * Schema.map(LONG, STRING)
 * Schema.map(STRING, Schema.map(INSTANT, Schema.of(Payment.class)).subindexed())
 * }</pre>
 */
public sealed interface Schema permits Scalar, MapSchema, SetSchema, ListSchema, RecordSchema {

  /** True when this part is stored element by element. */
  boolean isSubindexed();

  /** A map, ordered by key. Keys are scalars other than ANY, or records of such scalars. */
  static MapSchema map(Schema key, Schema value) {
    return new MapSchema(key, value, false);
  }

  /** A set, ordered by element; elements are what map keys may be. */
  static SetSchema set(Schema element) {
    return new SetSchema(element, false);
  }

  /** The same as {@link #set}: every set is kept in order and answers ranges. */
  static SetSchema sortedSet(Schema element) {
    return set(element);
  }

  /** A list. */
  static ListSchema list(Schema element) {
    return new ListSchema(element, false);
  }

  /** A record of named fields, read and written as a map from field name to value. */
  static RecordSchema record(RecordSchema.Field... fields) {
    return new RecordSchema(List.of(fields), null);
  }

  /** A field for {@link #record} that may be null. */
  static RecordSchema.Field field(String name, Schema schema) {
    return new RecordSchema.Field(name, schema, true);
  }

  /**
   * The record schema of a Java record: field names are the component names in snake case, and
   * values are read and written as instances. Components that are primitive are never null.
   */
  static RecordSchema of(Class<? extends Record> type) {
    return RecordSchemas.derive(type);
  }

  /** The schema in JSON, as recorded in {@code sys.meta}; {@link #parse} reads it back. */
  default String toJson() {
    return SchemaText.write(this);
  }

  /**
   * Reads schema JSON. Records come back without their Java class.
   *
   * @throws SchemaException when the text is not a schema
   */
  static Schema parse(String json) {
    return SchemaText.parse(json);
  }

  /**
   * Checks this as the schema of a whole pstate.
   *
   * @return this
   * @throws SchemaException when a subindexed part hangs below a collection that is one value
   */
  default Schema checked() {
    SchemaRules.placement(this, true, "");
    return this;
  }

  /** True when this part, or a part inside it, is subindexed. */
  default boolean hasSubindexedParts() {
    return isSubindexed()
        || switch (this) {
          case Scalar _ -> false;
          case MapSchema map -> map.value().hasSubindexedParts();
          case SetSchema _ -> false;
          case ListSchema list -> list.element().hasSubindexedParts();
          case RecordSchema record ->
              record.fields().stream().anyMatch(field -> field.schema().hasSubindexedParts());
        };
  }
}
