package io.millrace.engine.internal.plan;

import io.millrace.engine.path.Navigator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A navigator whose values have the types of the schema.
 *
 * @param navigator the navigator
 * @param in what it starts from
 * @param field index of the record field of a key, or -1
 * @param key encoded key or element, or null
 * @param from encoded lower bound of a range, or null
 * @param to encoded upper bound of a range, or null
 * @param branches of Multi: each alternative with the rest of the path behind it; of a path inside
 *     the step: that path
 */
record PlanStep(
    Navigator navigator,
    SchemaNode in,
    int field,
    byte @Nullable [] key,
    byte @Nullable [] from,
    byte @Nullable [] to,
    List<PathPlan> branches) {

  PlanStep(Navigator navigator, SchemaNode in) {
    this(navigator, in, -1, null, null, null, List.of());
  }

  static PlanStep field(Navigator navigator, SchemaNode in, int field) {
    return new PlanStep(navigator, in, field, null, null, null, List.of());
  }

  static PlanStep keyed(Navigator navigator, SchemaNode in, byte[] key) {
    return new PlanStep(navigator, in, -1, key, null, null, List.of());
  }

  static PlanStep branching(Navigator navigator, SchemaNode in, List<PathPlan> branches) {
    return new PlanStep(navigator, in, -1, null, null, null, branches);
  }
}
