package io.millrace.resp.server;

import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.session.Session;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/** Clients that see every command. Used with the execution lock held. */
public final class Monitors {
  private static final String HEX = "0123456789abcdef";

  private final Set<Session> clients = new LinkedHashSet<>();

  /** True when somebody looks. */
  public boolean any() {
    return !clients.isEmpty();
  }

  /** True when a client sees every command. */
  public boolean contains(Session session) {
    return clients.contains(session);
  }

  /** Begins to show commands to a client; false when it sees them already. */
  public boolean add(Session session) {
    return clients.add(session);
  }

  /** Shows nothing more to a client. */
  public void remove(Session session) {
    clients.remove(session);
  }

  /** Shows a command that a client has run. */
  void show(Session by, int database, CommandSpec spec, Args args, long position) {
    if (spec.has(Flag.ADMIN) || spec.has(Flag.SKIP_MONITOR)) {
      return;
    }
    long micros = System.currentTimeMillis() * 1000 + System.nanoTime() / 1000 % 1000;
    var line = new StringBuilder(64);
    line.append('+').append(micros / 1_000_000).append('.');
    line.append(Long.toString(1_000_000 + micros % 1_000_000), 1, 7);
    line.append(" [").append(database).append(' ').append(by.address()).append(']');
    var secrets = Secrets.of(spec, args);
    for (int i = 0; i < args.count(); i++) {
      line.append(' ');
      if (secrets.contains(i)) {
        line.append('"').append(Secrets.SHOWN).append('"');
      } else {
        quote(args, i, line);
      }
    }
    line.append("\r\n");
    var bytes = line.toString().getBytes(StandardCharsets.ISO_8859_1);
    clients.forEach(client -> client.push(bytes, position));
  }

  private static void quote(Args args, int i, StringBuilder to) {
    to.append('"');
    for (byte b : args.bytes(i)) {
      int c = b & 0xFF;
      switch (c) {
        case '\\', '"' -> to.append('\\').append((char) c);
        case '\n' -> to.append("\\n");
        case '\r' -> to.append("\\r");
        case '\t' -> to.append("\\t");
        case 7 -> to.append("\\a");
        case '\b' -> to.append("\\b");
        default -> {
          if (c >= ' ' && c < 127) {
            to.append((char) c);
          } else {
            to.append("\\x").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
          }
        }
      }
    }
    to.append('"');
  }
}
