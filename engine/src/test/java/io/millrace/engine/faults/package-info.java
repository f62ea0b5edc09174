/** Calls of the operating system that fail, under a node with its real files and its RocksDB. */
@NullMarked
package io.millrace.engine.faults;

import org.jspecify.annotations.NullMarked;
