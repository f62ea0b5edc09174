/** Tests of the low-level state, and a heap implementation of it for tests elsewhere. */
@NullMarked
package io.millrace.engine.state;

import org.jspecify.annotations.NullMarked;
