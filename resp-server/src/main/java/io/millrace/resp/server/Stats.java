package io.millrace.resp.server;

/** Counters of the server; changed with the execution lock held. */
public final class Stats {
  /** Keys found by reading commands. */
  public long keyspaceHits;

  /** Keys not found by reading commands. */
  public long keyspaceMisses;

  /** Keys whose time was up. */
  public long expiredKeys;

  /** Keys removed to make room. */
  public long evictedKeys;

  /** Commands executed. */
  public long commands;

  /** Commands that had to wait for the disk before they could run, counted once per attempt. */
  public long retries;

  /** Error replies. */
  public long errors;

  /** Connections accepted. */
  public long connections;

  /** Connections refused. */
  public long rejectedConnections;

  /** Connections closed because more of their input waits than may. */
  public long inputDisconnections;

  /** Connections closed because their clients did not read. */
  public long outputDisconnections;

  /** Connections closed because they held scarce memory for a command that did not come. */
  public long unfinishedDisconnections;

  /** Logins refused. */
  public long accessDeniedAuth;

  /** Calls by command number. */
  public long[] calls = new long[0];

  /** Microseconds by command number, times 1000. */
  public long[] nanos = new long[0];

  /** Calls that failed, by command number. */
  public long[] failed = new long[0];

  /** Calls refused before they ran, by command number. */
  public long[] rejected = new long[0];

  /** Bytes received. */
  public long inputBytes;

  /** Bytes sent. */
  public long outputBytes;

  /** Logged commands that were refused, and changed nothing, when they were folded again. */
  public long refusedFolds;

  /** Clears all counters. */
  public void reset() {
    int commandsKnown = calls.length;
    keyspaceHits = 0;
    keyspaceMisses = 0;
    expiredKeys = 0;
    evictedKeys = 0;
    commands = 0;
    retries = 0;
    errors = 0;
    connections = 0;
    rejectedConnections = 0;
    inputDisconnections = 0;
    outputDisconnections = 0;
    unfinishedDisconnections = 0;
    accessDeniedAuth = 0;
    inputBytes = 0;
    outputBytes = 0;
    size(commandsKnown);
  }

  /** Makes room for counters of that many commands, all zero. */
  public void size(int commandsKnown) {
    calls = new long[commandsKnown];
    nanos = new long[commandsKnown];
    failed = new long[commandsKnown];
    rejected = new long[commandsKnown];
  }
}
