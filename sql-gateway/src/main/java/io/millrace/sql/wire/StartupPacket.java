package io.millrace.sql.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a client says of itself before it logs in.
 *
 * @param user name, empty when it gave none
 * @param database name, that of the user when it gave none
 * @param settings settings of the session, in order
 * @param unknown protocol options that are not known here
 */
record StartupPacket(String user, String database, List<Parameter> settings, List<String> unknown) {
  /** A setting of the session. */
  record Parameter(String name, String value) {}

  /** Reads what stands behind the protocol version. */
  static StartupPacket read(MessageReader in) {
    var settings = new ArrayList<Parameter>();
    var unknown = new ArrayList<String>();
    var user = "";
    var database = "";
    while (in.more()) {
      var name = in.string();
      if (name.isEmpty()) {
        break;
      }
      var value = in.string();
      switch (name.toLowerCase(Locale.ROOT)) {
        case "user" -> user = value;
        case "database" -> database = value;
        case "options", "replication" -> {
          // Command line options of a PostgreSQL server; none of ours.
        }
        default -> {
          if (name.startsWith("_pq_.")) {
            unknown.add(name);
          } else {
            settings.add(new Parameter(name, value));
          }
        }
      }
    }
    return new StartupPacket(user, database.isEmpty() ? user : database, settings, unknown);
  }
}
