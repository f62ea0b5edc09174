package io.millrace.http.ingest;

import com.fasterxml.jackson.databind.util.RawValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What topologies answered to the lines of a bulk, as much of it as an answer may carry. Batches
 * are added one at a time.
 */
final class BulkAcks {
  private static final int MOST_CHARS = 1 << 20;

  private final StringBuilder json = new StringBuilder();
  private long leftOut;

  synchronized void add(List<@Nullable String> acks, List<Long> lines) {
    for (var i = 0; i < acks.size(); i++) {
      var one = acks.get(i);
      if (one == null) {
        continue;
      }
      if (leftOut > 0 || json.length() + one.length() > MOST_CHARS) {
        leftOut++;
        continue;
      }
      json.append(json.isEmpty() ? "[" : ",");
      json.append("{\"line\":").append(lines.get(i)).append(",\"acks\":").append(one).append('}');
    }
  }

  /** Members of the answer. */
  synchronized Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    if (!json.isEmpty()) {
      members.put("acks", new RawValue(json + "]"));
    }
    if (leftOut > 0) {
      members.put("acksLeftOut", leftOut);
    }
    return members;
  }
}
