/** Events: declared types, the shape of records, their rules of form, and their codecs. */
@NullMarked
package io.millrace.engine.event;

import org.jspecify.annotations.NullMarked;
