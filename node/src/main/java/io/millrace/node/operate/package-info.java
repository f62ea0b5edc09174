/** How the command line talks to a node that runs. */
@NullMarked
package io.millrace.node.operate;

import org.jspecify.annotations.NullMarked;
