package io.millrace.engine.event;

import io.millrace.engine.table.ColumnType;

/**
 * A component of an event as a column.
 *
 * @param name component name in snake case
 * @param type column type; nested values are JSON
 * @param required whether it must be there
 */
public record EventField(String name, ColumnType type, boolean required) {}
