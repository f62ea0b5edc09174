package io.millrace.node;

import com.sun.management.UnixOperatingSystemMXBean;
import io.millrace.engine.Engine;
import io.millrace.engine.health.HealthFact;
import io.millrace.engine.health.HealthFact.Severity;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each door may take of the descriptors that the process may have, when the files have theirs.
 *
 * @param limit descriptors of the process, 0 when not known
 * @param resp connections of the RESP door
 * @param sql connections of the SQL door
 * @param http connections of the HTTP door
 */
record Descriptors(long limit, int resp, int sql, int http) {
  private static final Logger LOG = LoggerFactory.getLogger(Descriptors.class);

  /** A node that serves fewer connections than this is of no use. */
  private static final int LEAST = 24;

  /** What doors need beside their connections, and connections on their way out. */
  private static final int MARGIN = 24;

  /** Part of its limit from which on a process is said to run short. */
  private static final double SHORT = 0.9;

  /** Divides what there is among the doors; lowers their limits, with a warning, as Redis does. */
  static Descriptors plan(int resp, int sql, int http) {
    return plan(allowed(), open(), Engine.filesNeeded(), resp, sql, http);
  }

  /**
   * The same of given figures.
   *
   * @param open descriptors that are open already
   * @param files descriptors that files may need
   * @throws CommandFailure when too few are left
   */
  static Descriptors plan(long limit, long open, int files, int resp, int sql, int http) {
    long wanted = (long) resp + sql + http;
    long left = limit - open - files - MARGIN;
    if (limit <= 0 || left >= wanted) {
      return new Descriptors(limit, resp, sql, http);
    }
    if (left < LEAST) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "the limit of open files is too low: ulimit -n is "
              + limit
              + ", and at least "
              + (limit + LEAST - left)
              + " are needed; raise it (ulimit -n, LimitNOFILE, --ulimit nofile)");
    }
    int forSql = (int) Math.min(sql, Math.max(LEAST / 4, left / 8));
    int forHttp = (int) Math.min(http, Math.max(LEAST / 4, left / 8));
    int forResp = (int) Math.min(resp, left - forSql - forHttp);
    LOG.warn(
        "{} connections need more than the {} open files that ulimit -n allows: maxclients has been"
            + " reduced to {}, sql-max-connections to {}, http-max-connections to {}; raise the"
            + " limit for more",
        wanted,
        limit,
        forResp,
        forSql,
        forHttp);
    return new Descriptors(limit, forResp, forSql, forHttp);
  }

  private static long allowed() {
    return system() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : 0;
  }

  private static long open() {
    return system() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  private static Object system() {
    return ManagementFactory.getOperatingSystemMXBean();
  }

  /** What the process uses of its limits. */
  List<HealthFact> facts() {
    var runtime = Runtime.getRuntime();
    return List.of(
        fact("descriptors_used", open(), limit, "raise ulimit -n"),
        fact(
            "heap_used_bytes",
            runtime.totalMemory() - runtime.freeMemory(),
            runtime.maxMemory(),
            ""));
  }

  private static HealthFact fact(String name, long used, long most, String advice) {
    boolean high = most > 0 && used > most * SHORT && !advice.isEmpty();
    var text = used + " of " + most;
    return new HealthFact(
        name, high ? Severity.WARNING : Severity.GOOD, high ? text + "; " + advice : text, used);
  }
}
