package io.millrace.resp.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Without a password and without protected mode, nobody listens beyond loopback. */
public final class OpenDoor {
  private OpenDoor() {}

  /**
   * The guard of the settings of a node.
   *
   * @param hosts addresses the doors are bound to
   */
  public static Function<UnaryOperator<String>, @Nullable String> of(List<String> hosts) {
    var open = hosts.stream().filter(host -> !loopback(host)).toList();
    return settings -> {
      boolean anybody =
          !open.isEmpty()
              && settings.apply("requirepass").isEmpty()
              && settings.apply("protected-mode").equals("no");
      return anybody
          ? "the node listens on "
              + String.join(" ", open)
              + ": without a password and without protected mode anybody could come in"
          : null;
    };
  }

  private static boolean loopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      return false;
    }
  }
}
