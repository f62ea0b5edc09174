package io.millrace.engine.table;

/**
 * A column of a table.
 *
 * @param name lower-case name
 * @param type type
 * @param nullable whether null can occur
 */
public record Column(String name, ColumnType type, boolean nullable) {}
