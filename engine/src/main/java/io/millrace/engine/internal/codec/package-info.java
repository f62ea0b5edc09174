/**
 * Bytes of values, keys and events. Values are encoded by schema, keys so that byte order is value
 * order, events so that they explain themselves.
 */
@NullMarked
package io.millrace.engine.internal.codec;

import org.jspecify.annotations.NullMarked;
