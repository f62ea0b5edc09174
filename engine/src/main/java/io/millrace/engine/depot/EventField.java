package io.millrace.engine.depot;

import io.millrace.engine.query.ColumnType;

/**
 * A component of an event as a column.
 *
 * @param name component name in snake case
 * @param type column type; nested values are JSON
 * @param required whether it must be there
 */
public record EventField(String name, ColumnType type, boolean required) {}
