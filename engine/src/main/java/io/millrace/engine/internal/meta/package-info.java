/**
 * What modules declare, in the form a data directory remembers it ({@code sys.meta}), and what may
 * change between two versions of a module.
 */
@NullMarked
package io.millrace.engine.internal.meta;

import org.jspecify.annotations.NullMarked;
