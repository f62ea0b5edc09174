/** From text to plan: parser, validator, planner and plan cache. */
@NullMarked
package io.millrace.sql.plan;

import org.jspecify.annotations.NullMarked;
