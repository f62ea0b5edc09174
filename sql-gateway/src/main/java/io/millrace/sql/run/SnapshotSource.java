package io.millrace.sql.run;

import io.millrace.engine.query.Snapshot;
import org.jspecify.annotations.Nullable;

/** Opens the one snapshot a statement reads. */
@FunctionalInterface
public interface SnapshotSource {
  /**
   * Opens a cut; may wait until the token's positions are folded.
   *
   * @param afterToken what the snapshot must contain, or null for the newest cut at hand
   */
  Snapshot open(@Nullable String afterToken);
}
