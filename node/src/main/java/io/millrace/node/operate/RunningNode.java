package io.millrace.node.operate;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node that runs, through one of its doors. */
public interface RunningNode extends AutoCloseable {
  /**
   * Where its topologies stand: maps with {@code topology}, {@code status}, {@code lag} and {@code
   * stops}, each of these a map with {@code depot}, {@code partition}, {@code offset}, {@code
   * status}, {@code place}, {@code attempts} and {@code error}.
   *
   * @throws IOException when it cannot be reached
   * @throws Refused when it answers with an error
   */
  List<Map<String, Object>> topologies() throws IOException;

  /**
   * Ends stops of a topology.
   *
   * @param verb {@code resume} or {@code skip}
   * @return a line for each
   * @throws IOException when it cannot be reached
   * @throws Refused when it answers with an error
   */
  List<String> end(String verb, String topology, Where where) throws IOException;

  @Override
  void close();

  /** Which stops; null where any is meant. */
  record Where(@Nullable String depot, @Nullable Integer partition, @Nullable Long offset) {}

  /** The node has answered with an error: its code, and a text for people. */
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /** Creates it. */
    public Refused(String code, String text) {
      super(text);
      this.code = code;
    }

    /** Stable upper-case word, the same at every door. */
    public String code() {
      return code;
    }
  }
}
