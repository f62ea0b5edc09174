package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.meta.NameTable.Kind;
import io.millrace.engine.internal.runtime.HostedContext;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names of a module's depots and topologies: in entries stands the first name a thing had, in code
 * and messages the present one. Used with the lock held.
 */
final class Aliases {
  private static final String STREAM = "stream.";

  private final Map<String, String> firstDepots = new HashMap<>();
  private final Map<String, String> firstStreams = new HashMap<>();
  private @Nullable HostedContext context;

  /** Takes what the directory knows now. */
  void refresh(HostedContext known) {
    context = known;
    firstDepots.clear();
    firstStreams.clear();
  }

  /** Name of the family that records the deployment of a topology. */
  static String family(String stream) {
    return STREAM + stream;
  }

  /** First name of a depot, by its present one. */
  String firstDepot(String depot) {
    var known = context;
    return known == null
        ? depot
        : firstDepots.computeIfAbsent(depot, name -> known.firstName(Kind.DEPOT, name));
  }

  /** First name of a topology, by its present one. */
  String firstStream(String stream) {
    var known = context;
    return known == null
        ? stream
        : firstStreams.computeIfAbsent(
            stream, name -> known.firstName(Kind.FAMILY, family(name)).substring(STREAM.length()));
  }

  /** Present name of a depot, by any it has had. */
  String depot(String anyName) {
    return context == null ? anyName : context.presentName(Kind.DEPOT, anyName);
  }

  /** Present name of a topology, by any it has had. */
  String stream(String anyName) {
    return context == null
        ? anyName
        : context.presentName(Kind.FAMILY, family(anyName)).substring(STREAM.length());
  }
}
