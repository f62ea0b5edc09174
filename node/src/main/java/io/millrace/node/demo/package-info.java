/** Sample modules, and the commands that fill and show them. */
@NullMarked
package io.millrace.node.demo;

import org.jspecify.annotations.NullMarked;
