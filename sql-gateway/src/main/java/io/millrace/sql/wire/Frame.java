package io.millrace.sql.wire;

import io.netty.buffer.ByteBuf;

/**
 * One message of a client.
 *
 * @param type type byte, 0 for the start-up messages that have none
 * @param body what follows the length; the receiver releases it
 */
record Frame(byte type, ByteBuf body) {}
