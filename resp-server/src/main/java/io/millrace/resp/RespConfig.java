package io.millrace.resp;

import java.util.Map;

/**
 * How the RESP door is opened.
 *
 * @param host address to bind
 * @param port port; 0 lets the system choose
 * @param lanes number of event loops
 * @param settings values of Redis settings, by their names
 */
public record RespConfig(String host, int port, int lanes, Map<String, String> settings) {
  /** Loopback, a port chosen by the system, one lane, default settings. */
  public static RespConfig local() {
    return new RespConfig("127.0.0.1", 0, 1, Map.of());
  }
}
