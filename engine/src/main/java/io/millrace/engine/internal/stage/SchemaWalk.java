package io.millrace.engine.internal.stage;

import io.millrace.engine.path.Navigator;
import io.millrace.engine.path.Path;
import io.millrace.engine.pstate.ListSchema;
import io.millrace.engine.pstate.MapSchema;
import io.millrace.engine.pstate.RecordSchema;
import io.millrace.engine.pstate.Schema;
import org.jspecify.annotations.Nullable;

/** Follows a path of keys through a schema. */
final class SchemaWalk {
  private SchemaWalk() {}

  /** The schema a path of keys and indexes leads to, or null when it is another kind of path. */
  static @Nullable Schema at(Schema schema, Path path) {
    Schema here = schema;
    for (var step : path.steps()) {
      if (here instanceof MapSchema map && isKey(step)) {
        here = map.value();
      } else if (here instanceof RecordSchema record && step instanceof Navigator.Key key) {
        var field = record.indexOf(String.valueOf(key.key()));
        if (field < 0) {
          return null;
        }
        here = record.fields().get(field).schema();
      } else if (here instanceof ListSchema list && step instanceof Navigator.Nth) {
        here = list.element();
      } else {
        return null;
      }
    }
    return here;
  }

  private static boolean isKey(Navigator step) {
    return step instanceof Navigator.Key || step instanceof Navigator.Must;
  }
}
