package io.millrace.http.exchange;

import io.millrace.engine.depot.FoldStop;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Stops of topologies as JSON, with the requests that end them. */
public final class StopJson {
  private StopJson() {}

  /** The members of a stop. */
  public static Map<String, Object> of(FoldStop stop) {
    var members = new LinkedHashMap<String, Object>();
    members.put("topology", stop.topology());
    members.put("status", stop.catchingUp() ? "catching_up" : "stopped");
    members.put("depot", stop.depot());
    members.put("partition", stop.partition());
    members.put("offset", stop.offset());
    members.put("place", stop.place());
    members.put("attempts", stop.attempts());
    members.put("error", stop.error());
    members.put("since", stop.sinceMs());
    if (stop.catchingUp()) {
      members.put("nextOffset", stop.nextOffset());
      members.put("target", stop.target());
    } else {
      members.put("resume", request(stop, "resume"));
      members.put("skip", request(stop, "skip"));
    }
    return members;
  }

  /** How to end a stop at this door, for the end of a sentence. */
  public static String remedy(FoldStop stop) {
    return "; when its code is mended: "
        + request(stop, "resume")
        + "; to give the event up: "
        + request(stop, "skip");
  }

  private static String request(FoldStop stop, String verb) {
    return "POST /topologies/"
        + stop.topology()
        + "/"
        + verb
        + "?depot="
        + URLEncoder.encode(stop.depot(), StandardCharsets.UTF_8)
        + "&partition="
        + stop.partition();
  }
}
