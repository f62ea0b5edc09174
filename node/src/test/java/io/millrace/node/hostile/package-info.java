/** Values that no fold must stumble over, through every door. */
@NullMarked
package io.millrace.node.hostile;

import org.jspecify.annotations.NullMarked;
