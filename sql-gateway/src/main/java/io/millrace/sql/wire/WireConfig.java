package io.millrace.sql.wire;

import io.millrace.engine.state.RequestMemory;
import java.net.InetAddress;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Limits and access of the wire.
 *
 * @param password what every user must know at the moment, empty for nothing
 * @param cleartext asks for the password itself rather than by SCRAM-SHA-256
 * @param maxConnections connections at once
 * @param maxMessageBytes largest message of a client that has logged in
 * @param loginTimeoutMs time a client has to log in
 * @param admits whether a client of an address may come in at the moment, password or not
 * @param requests the memory that requests of all doors may hold together
 */
public record WireConfig(
    Supplier<String> password,
    boolean cleartext,
    int maxConnections,
    int maxMessageBytes,
    long loginTimeoutMs,
    Predicate<InetAddress> admits,
    RequestMemory requests) {}
