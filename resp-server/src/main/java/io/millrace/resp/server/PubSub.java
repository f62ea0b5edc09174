package io.millrace.resp.server;

import io.millrace.engine.state.RequestMemory;
import io.millrace.resp.protocol.Glob;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.session.Lent;
import io.millrace.resp.session.Subscriptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who listens to which channel. Used with the execution lock held. */
public final class PubSub {
  private static final byte[] NONE = new byte[0];
  private static final int EMPTY_BULK = "$0\r\n\r\n".length();

  private final Map<String, Set<Subscriptions>> channels = new LinkedHashMap<>();
  private final Map<String, Set<Subscriptions>> patterns = new LinkedHashMap<>();
  private final Map<String, Set<Subscriptions>> shardChannels = new LinkedHashMap<>();
  private final ReplyWriter scratch = new ReplyWriter();
  private final RequestMemory memory;

  /** Nobody listens yet; large messages are taken from a memory while they wait. */
  public PubSub(RequestMemory memory) {
    this.memory = memory;
  }

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
    send(channels.getOrDefault(channel, Set.of()), position, message, "message", channel);
    var name = channel.getBytes(StandardCharsets.ISO_8859_1);
    for (var entry : patterns.entrySet()) {
      if (matches(entry.getKey(), name)) {
        send(entry.getValue(), position, message, "pmessage", entry.getKey(), channel);
      }
    }
  }

  /** Sends a message to all who listen to a shard channel. */
  public void publishShard(String channel, byte[] message, long position) {
    var listeners = shardChannels.getOrDefault(channel, Set.of());
    send(listeners, position, message, "smessage", channel);
  }

  /** Sends one array to all who speak one version of the protocol. */
  private void send(Set<Subscriptions> all, long position, byte[] message, String... head) {
    if (message.length >= Lent.LARGE) {
      sendLarge(all, position, message, head);
      return;
    }
    byte[] second = NONE;
    byte[] third = NONE;
    for (var who : all) {
      boolean resp3 = who.session().protocol() >= 3;
      if ((resp3 ? third : second) == NONE) {
        begin(who.session().protocol(), head);
        scratch.bulk(message);
        var made = Arrays.copyOf(scratch.array(), scratch.size());
        second = resp3 ? second : made;
        third = resp3 ? made : third;
      }
      who.session().push(resp3 ? third : second, position);
    }
  }

  private void begin(int protocol, String... head) {
    scratch.reset(0);
    scratch.protocol(protocol);
    scratch.push(head.length + 1);
    for (var word : head) {
      scratch.bulk(word.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  /** Whom there is no memory for is disconnected, as one who does not read. */
  private void sendLarge(Set<Subscriptions> all, long position, byte[] message, String... head) {
    var lent = new @Nullable Lent[2];
    for (var who : List.copyOf(all)) {
      int version = who.session().protocol() >= 3 ? 1 : 0;
      var bytes = lent[version];
      if (bytes == null) {
        bytes = lend(who.session().protocol(), message, head);
        lent[version] = bytes;
      }
      if (bytes == null) {
        who.session().kill();
      } else {
        who.session().push(bytes, position);
      }
    }
    for (var bytes : lent) {
      if (bytes != null) {
        bytes.release();
      }
    }
  }

  private @Nullable Lent lend(int protocol, byte[] message, String... head) {
    begin(protocol, head);
    scratch.bulk(NONE);
    // Behind the head comes "$0", with two line ends: the length is put in its place.
    int at = scratch.size() - EMPTY_BULK;
    var length = ("$" + message.length + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    int size = at + length.length + message.length + 2;
    var bytes = memory.array(size);
    if (bytes == null) {
      return null;
    }
    System.arraycopy(scratch.array(), 0, bytes, 0, at);
    System.arraycopy(length, 0, bytes, at, length.length);
    System.arraycopy(message, 0, bytes, at + length.length, message.length);
    bytes[size - 2] = '\r';
    bytes[size - 1] = '\n';
    return new Lent(bytes, memory);
  }

  private static boolean matches(String pattern, byte[] name) {
    var glob = pattern.getBytes(StandardCharsets.ISO_8859_1);
    return Glob.matches(glob, 0, glob.length, name, 0, name.length);
  }
}
