package io.millrace.resp;

import java.util.List;
import java.util.Map;

/**
 * How the RESP door is opened.
 *
 * @param hosts addresses to bind
 * @param port port; 0 lets the system choose
 * @param lanes number of event loops
 * @param settings values of Redis settings, by their names
 */
public record RespConfig(List<String> hosts, int port, int lanes, Map<String, String> settings) {
  /** One address. */
  public RespConfig(String host, int port, int lanes, Map<String, String> settings) {
    this(List.of(host), port, lanes, settings);
  }

  /** Loopback, a port chosen by the system, one lane, default settings. */
  public static RespConfig local() {
    return new RespConfig("127.0.0.1", 0, 1, Map.of());
  }
}
