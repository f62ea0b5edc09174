/** Events that would hold a node, sent to a real one. */
@NullMarked
package io.millrace.node.holds;

import org.jspecify.annotations.NullMarked;
