package io.millrace.sql.run;

import java.util.IdentityHashMap;
import java.util.Map;

/** Counters of EXPLAIN ANALYZE, per plan node. */
public final class Profile {
  private final Map<Object, Counters> byNode = new IdentityHashMap<>();

  /** What one node did. */
  public static final class Counters {
    private long rows;
    private long nanos;
    private long opened;

    /** Rows delivered. */
    public long rows() {
      return rows;
    }

    /** Time spent in the node and its inputs. */
    public long nanos() {
      return nanos;
    }

    /** How often the node ran. */
    public long opened() {
      return opened;
    }

    /** Adds one call's work. */
    public void add(long moreRows, long moreNanos) {
      rows += moreRows;
      nanos += moreNanos;
    }

    /** Counts a start. */
    public void open(long moreNanos) {
      opened++;
      nanos += moreNanos;
    }
  }

  /** Counters of a node. */
  public Counters of(Object node) {
    return byNode.computeIfAbsent(node, key -> new Counters());
  }
}
