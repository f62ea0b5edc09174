/** The composition root: command line, configuration, wiring, start and stop order. */
@NullMarked
package io.millrace.node;

import org.jspecify.annotations.NullMarked;
