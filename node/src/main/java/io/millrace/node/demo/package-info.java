/** The sample modules: what the demo runs, and what a newcomer reads first. */
@NullMarked
package io.millrace.node.demo;

import org.jspecify.annotations.NullMarked;
