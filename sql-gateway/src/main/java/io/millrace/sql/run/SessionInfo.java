package io.millrace.sql.run;

/**
 * What functions may ask about the session.
 *
 * @param user name the client gave
 * @param database database the client named
 * @param processId number of the connection
 */
public record SessionInfo(String user, String database, int processId) {}
