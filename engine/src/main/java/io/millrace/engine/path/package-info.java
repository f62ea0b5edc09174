/** Paths: navigators into a pstate and terminals for writes, with their text form. */
@NullMarked
package io.millrace.engine.path;

import org.jspecify.annotations.NullMarked;
