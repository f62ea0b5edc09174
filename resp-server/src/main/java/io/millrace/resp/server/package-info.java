/**
 * What all clients share: settings and counters, who may come in, who listens, watches or waits,
 * and what is told to them. Knows sessions; knows nothing of what runs a command.
 */
@NullMarked
package io.millrace.resp.server;

import org.jspecify.annotations.NullMarked;
