package io.millrace.engine.pstate;

import io.millrace.engine.event.Names;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record of named fields.
 *
 * @param fields the fields in order
 * @param type Java record that carries values, or null when values are maps by field name
 */
public record RecordSchema(List<Field> fields, @Nullable Class<? extends Record> type)
    implements Schema {

  /**
   * A field.
   *
   * @param name name, {@code [a-z][a-z0-9_]*}
   * @param schema what it holds
   * @param nullable false for primitive components
   */
  public record Field(String name, Schema schema, boolean nullable) {
    /** Brings the name to snake case and checks it. */
    public Field {
      name = checked(name);
    }
  }

  private static String checked(String name) {
    try {
      return Names.check("field", name);
    } catch (IllegalArgumentException e) {
      throw new SchemaException(String.valueOf(e.getMessage()));
    }
  }

  /** Copies the fields and checks that names are unique. */
  public RecordSchema {
    fields = List.copyOf(fields);
    var seen = new HashSet<String>();
    for (var field : fields) {
      if (!seen.add(field.name())) {
        throw new SchemaException("record has two fields named " + field.name());
      }
    }
    if (fields.isEmpty()) {
      throw new SchemaException("record has no fields");
    }
  }

  @Override
  public boolean isSubindexed() {
    return false;
  }

  /** Index of a field, by its name or by the Java component name; -1 when there is none. */
  public int indexOf(String name) {
    for (var i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(name)) {
        return i;
      }
    }
    for (var i = 0; i < fields.size(); i++) {
      if (isCamel(fields.get(i).name(), name)) {
        return i;
      }
    }
    var snake = Names.snakeCase(name);
    return snake.equals(name) ? -1 : indexOf(snake);
  }

  /** True when a camel case name, one capital per word, is that of a field. */
  private static boolean isCamel(String field, String camel) {
    var at = 0;
    for (var i = 0; i < camel.length(); i++) {
      var c = camel.charAt(i);
      if (Character.isUpperCase(c)) {
        if (at >= field.length() || field.charAt(at++) != '_') {
          return false;
        }
        c = Character.toLowerCase(c);
      }
      if (at >= field.length() || field.charAt(at++) != c) {
        return false;
      }
    }
    return at == field.length();
  }

  @Override
  public String toString() {
    if (type != null) {
      return type.getSimpleName();
    }
    var names = new StringBuilder("record(");
    for (var field : fields) {
      names.append(names.length() == 7 ? "" : ", ").append(field.name());
    }
    return names.append(')').toString();
  }
}
