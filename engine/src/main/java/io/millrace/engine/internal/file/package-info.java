/** Files: the layer below journal and depots, and its errors. */
@NullMarked
package io.millrace.engine.internal.file;

import org.jspecify.annotations.NullMarked;
