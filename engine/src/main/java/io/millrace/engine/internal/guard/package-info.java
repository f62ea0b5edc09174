/** What keeps the code of modules from holding a node: limits, and the watchdog behind them. */
@NullMarked
package io.millrace.engine.internal.guard;

import org.jspecify.annotations.NullMarked;
