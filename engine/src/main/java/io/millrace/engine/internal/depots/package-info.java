/** Depots that outlive the checkpoint: segments copied behind the journal. */
@NullMarked
package io.millrace.engine.internal.depots;

import org.jspecify.annotations.NullMarked;
