package io.millrace.node;

import io.millrace.node.config.ConfigKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;

/** Ports of a demo: the usual ones, or the next that are free, said aloud. */
final class DemoPorts {
  private static final String[] DOORS = {"port", "sql-port", "http-port"};
  private static final int TRIES = 100;

  private DemoPorts() {}

  static Map<String, String> free(CommandSpec spec) {
    var ports = new LinkedHashMap<String, String>();
    for (var door : DOORS) {
      if (!Subcommands.given(spec, door)) {
        var key = Objects.requireNonNull(ConfigKeys.all().get(door));
        var usual = Integer.parseInt(key.defaultValue());
        var port = firstFree(usual);
        if (port != usual) {
          System.out.println("Port " + usual + " is taken: " + door + " is " + port + ".");
        }
        ports.put(door, Integer.toString(port));
      }
    }
    return ports;
  }

  private static int firstFree(int usual) {
    for (var port = usual; port < usual + TRIES; port++) {
      if (isFree(port)) {
        return port;
      }
    }
    return usual;
  }

  private static boolean isFree(int port) {
    try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  /** Puts a node's ports into a text. */
  static String fill(String template, MillraceNode node) {
    return template
        .replace("{resp}", Integer.toString(node.respPort()))
        .replace("{sql}", Integer.toString(node.sqlPort()))
        .replace("{http}", Integer.toString(node.httpPort()));
  }
}
