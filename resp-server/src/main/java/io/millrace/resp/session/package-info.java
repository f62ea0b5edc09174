/**
 * What the server knows of one client: its session, queue, subscriptions and tracking. Knows what
 * commands are, but neither what is shared by clients nor what runs a command.
 */
@NullMarked
package io.millrace.resp.session;

import org.jspecify.annotations.NullMarked;
