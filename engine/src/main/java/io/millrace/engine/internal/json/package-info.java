/** Values as JSON, without a schema. */
@NullMarked
package io.millrace.engine.internal.json;

import org.jspecify.annotations.NullMarked;
