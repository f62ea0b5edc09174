package io.millrace.resp.session;

import java.util.LinkedHashSet;
import java.util.Set;

/** Channels and patterns a client listens to; bytes are kept as one char each. */
public final class Subscriptions {
  private final Session session;
  private final Set<String> channels = new LinkedHashSet<>();
  private final Set<String> patterns = new LinkedHashSet<>();
  private final Set<String> shardChannels = new LinkedHashSet<>();

  Subscriptions(Session session) {
    this.session = session;
  }

  /** The client. */
  public Session session() {
    return session;
  }

  /** Channels. */
  public Set<String> channels() {
    return channels;
  }

  /** Patterns. */
  public Set<String> patterns() {
    return patterns;
  }

  /** Shard channels. */
  public Set<String> shardChannels() {
    return shardChannels;
  }

  /** Number of channels and patterns. */
  public int count() {
    return channels.size() + patterns.size();
  }

  /** True when there is any subscription. */
  public boolean any() {
    return count() + shardChannels.size() > 0;
  }
}
