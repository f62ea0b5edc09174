package io.millrace.resp.command.server;

import io.millrace.engine.health.HealthFacts;
import io.millrace.resp.command.CommandContext;
import io.millrace.resp.keyspace.Keyspace;
import io.millrace.resp.server.Identity;
import io.millrace.resp.server.Server;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** The sections of INFO. */
final class InfoText {
  private final CommandContext ctx;
  private final Server server;
  private final StringBuilder text = new StringBuilder();

  InfoText(CommandContext ctx) {
    this.ctx = ctx;
    this.server = ctx.server();
  }

  @Override
  public String toString() {
    return text.toString();
  }

  void section(String name) {
    if (!text.isEmpty()) {
      text.append("\r\n");
    }
    text.append("# ")
        .append(name.substring(0, 1).toUpperCase(Locale.ROOT))
        .append(name, 1, name.length())
        .append("\r\n");
    switch (name) {
      case "server" -> server();
      case "clients" -> clients();
      case "memory" -> memory();
      case "persistence" -> persistence();
      case "stats" -> stats();
      case "replication" -> replication();
      case "cpu" -> cpu();
      case "commandstats" -> commandStats();
      case "errorstats" -> line("errorstat_ERR", "count=" + server.stats().errors);
      case "millrace" -> {
        server.engine().figures().forEach(this::line);
        line("commands_retried", server.stats().retries);
      }
      case "health" -> health();
      case "topologies" -> topologies();
      case "cluster" -> line("cluster_enabled", 0);
      case "keyspace" -> keyspace();
      default -> {}
    }
  }

  private void line(String name, Object value) {
    text.append(name).append(':').append(value).append("\r\n");
  }

  /** A line for each fact: its figure, how bad it is, and one line of text at the end. */
  private void health() {
    var facts = server.engine().health();
    line("health_status", lower(HealthFacts.worst(facts)));
    for (var fact : facts) {
      double value = fact.value();
      line(
          "health_" + fact.name(),
          "value="
              + (value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value))
              + ",severity="
              + lower(fact.severity())
              + ",text="
              + fact.text().replaceAll("[\\r\\n]+", " "));
    }
  }

  private void topologies() {
    for (var standing : server.engine().topologies().standings()) {
      line(
          "topology_" + standing.topology(),
          "status="
              + standing.status().toLowerCase(Locale.ROOT)
              + ",stopped_partitions="
              + standing.stopped()
              + ",catching_up_partitions="
              + standing.catchingUp()
              + ",lag="
              + standing.lag()
              + ",most_lag="
              + standing.mostLag());
    }
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  private void server() {
    long up = Math.max(0, (System.currentTimeMillis() - server.startedMs()) / 1000);
    line("redis_version", Identity.REDIS_VERSION);
    line("server_name", Identity.SERVER_NAME);
    line("millrace_version", Identity.VERSION);
    line("redis_git_sha1", "00000000");
    line("redis_git_dirty", 0);
    line("redis_build_id", "0");
    line("redis_mode", "standalone");
    line(
        "os",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    line("arch_bits", 64);
    line("multiplexing_api", "epoll");
    line("process_id", ProcessHandle.current().pid());
    line("run_id", String.format("%040x", server.startedMs()));
    line("tcp_port", server.settings().value("port"));
    line("server_time_usec", ctx.stampMs() * 1000);
    line("uptime_in_seconds", up);
    line("uptime_in_days", up / 86400);
    line("hz", server.settings().value("hz"));
    line("configured_hz", server.settings().value("hz"));
    line("executable", "millrace");
    line("config_file", "");
    line("io_threads_active", 0);
  }

  private void clients() {
    line("connected_clients", server.sessions().size());
    line("cluster_connections", 0);
    line("maxclients", server.settings().value("maxclients"));
    line("client_recent_max_input_buffer", 0);
    line("client_recent_max_output_buffer", 0);
    line("blocked_clients", server.waiters().size() + server.pause().size());
    line("tracking_clients", server.tracking().clients());
    line("pubsub_clients", server.sessions().stream().filter(s -> s.subscriptions().any()).count());
    line(
        "watching_clients", server.sessions().stream().filter(s -> !s.watched().isEmpty()).count());
  }

  private void memory() {
    var runtime = Runtime.getRuntime();
    long used = server.engine().usedMemory();
    long heap = runtime.totalMemory();
    line("used_memory", used);
    line("used_memory_human", human(used));
    line("used_memory_rss", heap);
    line("used_memory_rss_human", human(heap));
    line("used_memory_peak", used);
    line("used_memory_peak_human", human(used));
    line("used_memory_dataset", used);
    line("total_system_memory", runtime.maxMemory());
    line("total_system_memory_human", human(runtime.maxMemory()));
    line("used_memory_lua", 0);
    line("used_memory_scripts", 0);
    line("number_of_cached_scripts", 0);
    line("number_of_functions", 0);
    line("maxmemory", server.settings().maxMemory());
    line("maxmemory_human", human(server.settings().maxMemory()));
    line("maxmemory_policy", server.settings().value("maxmemory-policy"));
    line("allocator_frag_ratio", "1.00");
    line("mem_fragmentation_ratio", "1.00");
    line("mem_not_counted_for_evict", 0);
    line("mem_allocator", "jvm");
    line("active_defrag_running", 0);
    line("lazyfree_pending_objects", 0);
  }

  private static String human(long bytes) {
    if (bytes < 1024) {
      return bytes + "B";
    }
    double value = bytes;
    var units = "KMGT";
    int unit = -1;
    while (value >= 1024 && unit < units.length() - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.2f%c", value, units.charAt(unit));
  }

  private void persistence() {
    line("loading", 0);
    line("async_loading", 0);
    line("rdb_changes_since_last_save", 0);
    var disk = server.engine().disk();
    line("rdb_bgsave_in_progress", disk.checkpointRunning() ? 1 : 0);
    line("rdb_last_save_time", server.engine().lastCheckpointSeconds());
    line("rdb_last_bgsave_status", disk.failedSinceMs() == 0 ? "ok" : "err");
    line("aof_enabled", 1);
    line("aof_rewrite_in_progress", 0);
    line("aof_last_bgrewrite_status", "ok");
    line("aof_last_write_status", disk.refusing() ? "err" : "ok");
    line("aof_current_size", server.engine().journalPosition());
    line("millrace_refused_folds", server.stats().refusedFolds);
  }

  private void stats() {
    var stats = server.stats();
    line("total_connections_received", stats.connections);
    line("acl_access_denied_auth", stats.accessDeniedAuth);
    line("total_commands_processed", stats.commands);
    line("instantaneous_ops_per_sec", server.commandsPerSecond());
    line("total_net_input_bytes", stats.inputBytes);
    line("total_net_output_bytes", stats.outputBytes);
    line("rejected_connections", stats.rejectedConnections);
    line("sync_full", 0);
    line("expired_keys", stats.expiredKeys);
    line("evicted_keys", stats.evictedKeys);
    line("keyspace_hits", stats.keyspaceHits);
    line("keyspace_misses", stats.keyspaceMisses);
    line("pubsub_channels", server.pubSub().channels().size());
    line("pubsub_patterns", server.pubSub().patterns().size());
    line("latest_fork_usec", 0);
    line("tracking_total_keys", server.tracking().keys());
    line("tracking_total_items", server.tracking().items());
    line("tracking_total_prefixes", server.tracking().prefixes());
    line("total_error_replies", stats.errors);
    line("client_query_buffer_limit_disconnections", stats.inputDisconnections);
    line("client_output_buffer_limit_disconnections", stats.outputDisconnections);
    line("millrace_unfinished_command_disconnections", stats.unfinishedDisconnections);
  }

  private void replication() {
    line("role", "master");
    line("connected_slaves", 0);
    line("master_failover_state", "no-failover");
    line("master_replid", String.format("%040x", server.startedMs()));
    line("master_repl_offset", server.engine().journalPosition());
    line("repl_backlog_active", 0);
  }

  private void cpu() {
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean os) {
      double seconds = os.getProcessCpuTime() / 1e9;
      line("used_cpu_sys", String.format(Locale.ROOT, "%.6f", 0.0));
      line("used_cpu_user", String.format(Locale.ROOT, "%.6f", seconds));
    }
  }

  private void commandStats() {
    var stats = server.stats();
    for (var command : server.table().all()) {
      int id = command.id();
      long calls = stats.calls[id];
      if (calls > 0 || stats.rejected[id] > 0) {
        long micros = stats.nanos[id] / 1000;
        double each = calls == 0 ? 0 : stats.nanos[id] / 1000.0 / calls;
        line(
            "cmdstat_" + command.fullName(),
            String.format(
                Locale.ROOT,
                "calls=%d,usec=%d,usec_per_call=%.2f,rejected_calls=%d,failed_calls=%d",
                calls,
                micros,
                each,
                stats.rejected[id],
                stats.failed[id]));
      }
    }
  }

  private void keyspace() {
    ctx.lookAtAll();
    for (int i = 0; i < Keyspace.DATABASES; i++) {
      var database = ctx.keyspace().database(i);
      long keys = ctx.keyspace().count(database, ctx.execution());
      if (keys > 0) {
        line("db" + i, "keys=" + keys + ",expires=" + database.deadlines() + ",avg_ttl=0");
      }
    }
  }
}
