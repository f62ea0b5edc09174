/** Tests of the journal and the depot segments, and the file layer that cuts the power. */
@NullMarked
package io.millrace.engine.internal.log;

import org.jspecify.annotations.NullMarked;
