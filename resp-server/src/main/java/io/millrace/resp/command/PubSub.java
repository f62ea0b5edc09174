package io.millrace.resp.command;

import io.millrace.resp.protocol.Glob;
import io.millrace.resp.protocol.ReplyWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Who listens to which channel. Used with the execution lock held. */
public final class PubSub {
  private final Map<String, Set<Subscriptions>> channels = new LinkedHashMap<>();
  private final Map<String, Set<Subscriptions>> patterns = new LinkedHashMap<>();
  private final Map<String, Set<Subscriptions>> shardChannels = new LinkedHashMap<>();
  private final ReplyWriter scratch = new ReplyWriter();

  /** Channels with their listeners. */
  public Map<String, Set<Subscriptions>> channels() {
    return channels;
  }

  /** Patterns with their listeners. */
  public Map<String, Set<Subscriptions>> patterns() {
    return patterns;
  }

  /** Shard channels with their listeners. */
  public Map<String, Set<Subscriptions>> shardChannels() {
    return shardChannels;
  }

  /** Adds a listener; true when it is new. */
  public static boolean join(
      Map<String, Set<Subscriptions>> to, Set<String> own, String name, Subscriptions who) {
    if (!own.add(name)) {
      return false;
    }
    to.computeIfAbsent(name, n -> new LinkedHashSet<>()).add(who);
    return true;
  }

  /** Removes a listener; true when it was one. */
  public static boolean part(
      Map<String, Set<Subscriptions>> from, Set<String> own, String name, Subscriptions who) {
    if (!own.remove(name)) {
      return false;
    }
    var listeners = from.get(name);
    if (listeners != null) {
      listeners.remove(who);
      if (listeners.isEmpty()) {
        from.remove(name);
      }
    }
    return true;
  }

  /** Removes a client from everything. */
  public void leave(Subscriptions who) {
    for (var name : Set.copyOf(who.channels())) {
      part(channels, who.channels(), name, who);
    }
    for (var name : Set.copyOf(who.patterns())) {
      part(patterns, who.patterns(), name, who);
    }
    for (var name : Set.copyOf(who.shardChannels())) {
      part(shardChannels, who.shardChannels(), name, who);
    }
  }

  /** Number of clients a message would reach. */
  public int receivers(String channel) {
    int count = channels.getOrDefault(channel, Set.of()).size();
    var name = channel.getBytes(StandardCharsets.ISO_8859_1);
    for (var entry : patterns.entrySet()) {
      if (matches(entry.getKey(), name)) {
        count += entry.getValue().size();
      }
    }
    return count;
  }

  /** Sends a message to all who listen; it leaves when {@code position} is released. */
  public void publish(String channel, byte[] message, long position) {
    for (var who : channels.getOrDefault(channel, Set.of())) {
      send(who, position, message, "message", channel);
    }
    var name = channel.getBytes(StandardCharsets.ISO_8859_1);
    for (var entry : patterns.entrySet()) {
      if (matches(entry.getKey(), name)) {
        for (var who : entry.getValue()) {
          send(who, position, message, "pmessage", entry.getKey(), channel);
        }
      }
    }
  }

  /** Sends a message to all who listen to a shard channel. */
  public void publishShard(String channel, byte[] message, long position) {
    for (var who : shardChannels.getOrDefault(channel, Set.of())) {
      send(who, position, message, "smessage", channel);
    }
  }

  private void send(Subscriptions who, long position, byte[] message, String... head) {
    scratch.reset(0);
    scratch.protocol(who.session().protocol());
    scratch.push(head.length + 1);
    for (var word : head) {
      scratch.bulk(word.getBytes(StandardCharsets.ISO_8859_1));
    }
    scratch.bulk(message);
    who.session().push(Arrays.copyOf(scratch.array(), scratch.size()), position);
  }

  private static boolean matches(String pattern, byte[] name) {
    var glob = pattern.getBytes(StandardCharsets.ISO_8859_1);
    return Glob.matches(glob, 0, glob.length, name, 0, name.length);
  }
}
