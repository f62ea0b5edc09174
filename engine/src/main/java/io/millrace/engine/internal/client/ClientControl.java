package io.millrace.engine.internal.client;

import io.millrace.engine.internal.runtime.FoldExecution;
import io.millrace.engine.internal.runtime.Node;
import io.millrace.engine.internal.topology.ModuleHost;
import io.millrace.engine.state.Execution;
import io.millrace.engine.state.ReadTooLargeException;
import io.millrace.engine.topology.StopEnded;
import io.millrace.engine.topology.TopologyControl;
import io.millrace.engine.topology.TopologyException;
import io.millrace.engine.topology.TopologyException.Reason;
import io.millrace.engine.topology.TopologyStanding;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topologies of all modules of an engine, for operators. */
public final class ClientControl implements TopologyControl {
  private static final Logger LOG = LoggerFactory.getLogger(ClientControl.class);
  private static final long FRESH_NS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long RELEASE_NS = TimeUnit.SECONDS.toNanos(30);

  /** Waiting stages looked at for a lag, so that the lock is held for a millisecond at most. */
  private static final int MOST_LOOKED_AT = 100_000;

  private static final int MOST_LISTED = 20;

  private final List<ModuleHost> hosts;
  private final Node node;
  private final int tasks;
  private final AtomicReference<Seen> seen;

  /** What was seen last, and when by {@link System#nanoTime}. */
  private record Seen(List<TopologyStanding> standings, long atNs) {}

  /** Control over hosted modules. */
  ClientControl(List<ModuleHost> hosts, Node node, int tasks) {
    this.tasks = tasks;
    this.hosts = hosts;
    this.node = node;
    seen = new AtomicReference<>(new Seen(List.of(), System.nanoTime() - FRESH_NS));
  }

  @Override
  public List<TopologyStanding> standings() {
    var last = seen.get();
    if (hosts.isEmpty() || System.nanoTime() - last.atNs < FRESH_NS) {
      return last.standings;
    }
    var now = node.glance(this::standings);
    if (now == null) {
      return last.standings;
    }
    seen.set(new Seen(now, System.nanoTime()));
    return now;
  }

  @Override
  public List<TopologyStanding> standings(Execution held) {
    var all = new ArrayList<TopologyStanding>();
    hosts.forEach(host -> all.addAll(host.standings((FoldExecution) held, MOST_LOOKED_AT)));
    return all;
  }

  @Override
  public List<TopologyStanding> standingsNow() {
    var found = node.read(held -> standings((Execution) held));
    released(found.position());
    return found.value();
  }

  @Override
  public List<StopEnded> end(String name, Which which, Decision decision) {
    var topology = named(name);
    check(topology, which, decision);
    if (node.journal().full()) {
      throw new TopologyException(
          Reason.NO_SPACE, "the disk is full: make room, then try again; nothing has happened");
    }
    var ended = new ArrayList<StopEnded>();
    var position = 0L;
    try {
      for (var stop : topology.ending.find(which)) {
        var done = topology.ending.end(stop, decision);
        position = Math.max(position, done.position());
        done.value().ifPresent(ended::add);
      }
    } catch (ReadTooLargeException e) {
      throw new TopologyException(Reason.BUSY, String.valueOf(e.getMessage()));
    } finally {
      ended.forEach(one -> LOG.warn("{}", one.text()));
    }
    if (ended.isEmpty()) {
      throw nothing(topology, which);
    }
    released(position);
    return ended;
  }

  private void released(long position) {
    if (!node.awaitReleased(position, RELEASE_NS)) {
      throw new TopologyException(
          Reason.TIMEOUT,
          "the journal could not be written in time: what was asked may or may not have happened,"
              + " list the topologies to see");
    }
  }

  /** A topology that was found by its name. */
  private record Named(ModuleHost host, String name, StopEnding ending) {
    String qualified() {
      return host.name() + "/" + name;
    }
  }

  private Named named(String name) {
    var all = new TreeMap<String, Named>();
    for (var host : hosts) {
      for (var stream : host.definition().streams()) {
        var one = new Named(host, stream.name(), new StopEnding(host, stream.name(), node));
        all.put(one.qualified(), one);
      }
    }
    var exact = all.get(name);
    var alike = all.values().stream().filter(one -> one.name.equals(name)).toList();
    if (exact == null && alike.size() != 1) {
      throw new TopologyException(
          Reason.UNKNOWN_TOPOLOGY,
          (alike.isEmpty() ? "there is no topology '" : "several topologies are called '")
              + name
              + "'; there are "
              + (all.isEmpty() ? "none" : String.join(", ", all.keySet())));
    }
    return exact == null ? alike.getFirst() : exact;
  }

  private void check(Named topology, Which which, Decision decision) {
    var depot = which.depot();
    var depots = topology.host.depotsOf(topology.name);
    if (depot != null && !depots.contains(depot)) {
      throw new TopologyException(
          Reason.UNKNOWN_DEPOT,
          topology.qualified()
              + " reads no depot '"
              + depot
              + "'; it reads "
              + String.join(", ", depots));
    }
    if (which.partition() < -1 || which.partition() >= tasks) {
      throw new TopologyException(
          Reason.NO_PARTITION,
          "there is no partition "
              + which.partition()
              + "; there are partitions 0 to "
              + (tasks - 1));
    }
    if (decision == Decision.SKIP && (depot == null || which.partition() < 0)) {
      throw new TopologyException(
          Reason.NOT_NAMED,
          "a skip gives up one event: name its depot and partition; " + listed(topology));
    }
  }

  private TopologyException nothing(Named topology, Which which) {
    var there = topology.ending.find(new Which(which.depot(), which.partition(), -1));
    if (which.offset() >= 0 && !there.isEmpty()) {
      return new TopologyException(
          Reason.OTHER_OFFSET,
          topology.qualified()
              + " has not stopped at offset "
              + which.offset()
              + "; "
              + listed(topology));
    }
    return new TopologyException(
        Reason.NOT_STOPPED,
        topology.qualified() + " has not stopped" + where(which) + "; " + listed(topology));
  }

  private static String where(Which which) {
    return (which.depot() == null ? "" : " at depot=" + which.depot())
        + (which.partition() < 0 ? "" : " partition=" + which.partition());
  }

  private static String listed(Named topology) {
    var stops = topology.ending.find(Which.ALL);
    if (stops.isEmpty()) {
      return "it has stopped nowhere";
    }
    return stops.stream()
        .limit(MOST_LISTED)
        .map(stop ->
            "depot=" + stop.depot() + " partition=" + stop.partition() + " offset=" + stop.offset())
        .collect(
            Collectors.joining(
                "; ",
                "it has stopped at: ",
                stops.size() > MOST_LISTED
                    ? "; and " + (stops.size() - MOST_LISTED) + " more"
                    : ""));
  }
}
