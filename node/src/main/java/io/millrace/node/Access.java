package io.millrace.node;

import io.millrace.resp.server.Doorkeeper;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the doors: the password of all of them, and protected mode. Both change when a client
 * sets them; any thread may ask.
 */
final class Access {
  private volatile String password = "";
  private volatile boolean protectedMode = true;

  void password(String next) {
    password = next;
  }

  void protectedMode(String yesOrNo) {
    protectedMode = yesOrNo.equals("yes");
  }

  /** The password of the moment, empty for none. */
  String password() {
    return password;
  }

  /** Whether protected mode lets a client in, which then still has to know the password. */
  boolean admits(@Nullable InetAddress client) {
    return !protectedMode || !password.isEmpty() || Doorkeeper.isLoopback(client);
  }
}
