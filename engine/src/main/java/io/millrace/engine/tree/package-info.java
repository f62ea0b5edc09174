/** Ordered trees of pages inside a task's state: everything larger than one value. */
@NullMarked
package io.millrace.engine.tree;

import org.jspecify.annotations.NullMarked;
