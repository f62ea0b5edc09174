/** Facts about a node that its operators ask for. */
@NullMarked
package io.millrace.engine.health;

import org.jspecify.annotations.NullMarked;
