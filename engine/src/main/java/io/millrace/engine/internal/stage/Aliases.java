package io.millrace.engine.internal.stage;

import io.millrace.engine.internal.meta.NameTable.Kind;
import io.millrace.engine.internal.runtime.HostedContext;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names of a module's depots and topologies: in entries stands the first name a thing had, in code
 * and messages the present one. Used with the lock held.
 */
public final class Aliases {
  private static final String STREAM = "stream.";

  /** So that what was given up is not taken for what has its name now. */
  private static final String GIVEN_UP = " (given up)";

  private final Map<String, String> firstDepots = new HashMap<>();
  private final Map<String, String> firstStreams = new HashMap<>();
  private @Nullable HostedContext context;

  /** Takes what the directory knows now. */
  public void refresh(HostedContext known) {
    context = known;
    firstDepots.clear();
    firstStreams.clear();
  }

  /** Name of the family that records the deployment of a topology. */
  public static String family(String stream) {
    return STREAM + stream;
  }

  /** First name of a depot, by its present one. */
  public String firstDepot(String depot) {
    var known = context;
    return known == null
        ? depot
        : firstDepots.computeIfAbsent(depot, name -> known.firstName(Kind.DEPOT, name));
  }

  /** First name of a topology, by its present one. */
  public String firstStream(String stream) {
    var known = context;
    return known == null
        ? stream
        : firstStreams.computeIfAbsent(
            stream, name -> known.firstName(Kind.FAMILY, family(name)).substring(STREAM.length()));
  }

  /** Present name of a depot, by its first one, as it stands in entries. */
  public String depotOf(String firstName) {
    if (context == null) {
      return firstName;
    }
    var present = context.presentNameOf(Kind.DEPOT, firstName);
    return present == null ? firstName + GIVEN_UP : present;
  }

  /** Present name of a topology, by its first one, as it stands in entries. */
  public String streamOf(String firstName) {
    if (context == null) {
      return firstName;
    }
    var present = context.presentNameOf(Kind.FAMILY, family(firstName));
    return present == null ? firstName + GIVEN_UP : present.substring(STREAM.length());
  }

  /** True when the directory knows no more that a topology reads a depot; by first names. */
  public boolean isGivenUp(String firstStream, String firstDepot) {
    var known = context;
    if (known == null) {
      return false;
    }
    var stream = known.presentNameOf(Kind.FAMILY, family(firstStream));
    var depot = known.presentNameOf(Kind.DEPOT, firstDepot);
    return stream == null
        || depot == null
        || known.knowsSources() && !known.knowsSource(stream.substring(STREAM.length()), depot);
  }

  /** Present name of a depot, by any it has had, as it stands in tokens. */
  public String depot(String anyName) {
    return context == null ? anyName : context.presentName(Kind.DEPOT, anyName);
  }

  /** Present name of a depot as records name it: by its first name, older ones by any. */
  public String recordedDepot(String name) {
    var known = context != null && context.presentNameOf(Kind.DEPOT, name) != null;
    return known ? depotOf(name) : depot(name);
  }

  /** Present name of a topology as records name it: by its first name, older ones by any. */
  public String recordedStream(String name) {
    if (context == null) {
      return name;
    }
    var known = context.presentNameOf(Kind.FAMILY, family(name)) != null;
    return known
        ? streamOf(name)
        : context.presentName(Kind.FAMILY, family(name)).substring(STREAM.length());
  }
}
