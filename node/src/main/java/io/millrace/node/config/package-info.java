/** Configuration: one flat namespace in the syntax of {@code redis.conf}, for all doors. */
@NullMarked
package io.millrace.node.config;

import org.jspecify.annotations.NullMarked;
