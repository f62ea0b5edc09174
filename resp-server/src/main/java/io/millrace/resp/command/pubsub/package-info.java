/** Publish and subscribe. */
@NullMarked
package io.millrace.resp.command.pubsub;

import org.jspecify.annotations.NullMarked;
