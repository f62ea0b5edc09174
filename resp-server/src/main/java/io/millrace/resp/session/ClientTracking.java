package io.millrace.resp.session;

import java.util.Set;
import java.util.TreeSet;

/**
 * How a client wants to hear of changes of what it has read. Used with the execution lock held.
 *
 * @param redirect number of the client that is told instead; 0 for none
 * @param options options of CLIENT TRACKING
 * @param prefixes beginnings of names, in broadcasting mode
 */
public record ClientTracking(long redirect, Set<Option> options, TreeSet<String> prefixes) {
  /** Options of CLIENT TRACKING. */
  public enum Option {
    /** All names with a prefix, read or not. */
    BCAST,
    /** Only what is read after CLIENT CACHING YES. */
    OPTIN,
    /** All but what is read after CLIENT CACHING NO. */
    OPTOUT,
    /** Not what the client changes itself. */
    NOLOOP
  }

  /** True when an option is chosen. */
  public boolean has(Option option) {
    return options.contains(option);
  }
}
