package io.millrace.engine.pstate;

/** What is allowed where in a schema. */
final class SchemaRules {
  private SchemaRules() {}

  /** Keys are scalars other than ANY, or flat records of such scalars that are not optional. */
  static void key(Schema key, String what) {
    switch (key) {
      case Scalar scalar -> {
        if (scalar == Scalar.ANY) {
          throw new SchemaException("a " + what + " cannot be any: it has no order");
        }
      }
      case RecordSchema record -> {
        for (var field : record.fields()) {
          if (!(field.schema() instanceof Scalar scalar) || scalar == Scalar.ANY) {
            throw new SchemaException(
                "a " + what + " must be flat, but field " + field.name() + " is " + field.schema());
          }
        }
      }
      case MapSchema _, SetSchema _, ListSchema _ ->
          throw new SchemaException("a " + what + " cannot be " + key + ": use a scalar or record");
    }
  }

  /** Refuses subindexed parts below a collection that is itself one value. */
  static void placement(Schema schema, boolean storedApart, String where) {
    switch (schema) {
      case Scalar _ -> {}
      case SetSchema _ -> {}
      case MapSchema map -> element(map.value(), storedApart, where + ".*");
      case ListSchema list -> element(list.element(), storedApart, where + ".*");
      case RecordSchema record -> {
        for (var field : record.fields()) {
          placement(field.schema(), field.schema().isSubindexed(), where + "." + field.name());
        }
      }
    }
  }

  private static void element(Schema element, boolean parentApart, String where) {
    if (!parentApart && element.hasSubindexedParts()) {
      throw new SchemaException(
          "schema"
              + where
              + " has a subindexed part below a collection that is one value; "
              + "mark the collection above it subindexed");
    }
    placement(element, element.isSubindexed(), where);
  }
}
