package io.millrace.resp.config;

import io.millrace.resp.config.ServerSetting.Effect;
import io.millrace.resp.keyspace.EncodingLimits;
import io.millrace.resp.keyspace.EventClasses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings that Redis clients and tools ask for and change. All of Redis's names are known and
 * stored; those that act are kept in fields as well. Used with the execution lock held.
 */
public final class ServerSettings {
  private static final Logger LOG = LoggerFactory.getLogger(ServerSettings.class);

  private final Map<String, ServerSetting> known = new LinkedHashMap<>();
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<Runnable> listeners = new ArrayList<>();
  private final List<Function<UnaryOperator<String>, @Nullable String>> guards = new ArrayList<>();
  private final Set<String> noted = new HashSet<>();

  private long maxMemory;
  private EvictionPolicy evictionPolicy = EvictionPolicy.NOEVICTION;
  private int evictionSamples;
  private long slowerThanMicros;
  private int slowLogLength;
  private final EncodingLimits encodings = new EncodingLimits();
  private long trackedKeys;
  private long longestString;

  /** Settings with their defaults. */
  public ServerSettings() {
    this(Map.of());
  }

  /** Settings with given values at start; unknown names are ignored here. */
  public ServerSettings(Map<String, String> initial) {
    for (var line : lines()) {
      if (!line.startsWith("#")) {
        var setting = ServerSetting.parse(line);
        known.put(setting.name(), setting);
        if (setting.alias() == null) {
          values.put(setting.name(), setting.initial());
        }
      }
    }
    initial.forEach((name, value) -> {
      var setting = resolve(name);
      if (setting != null) {
        values.put(setting.name(), initial(setting, value));
      }
    });
    apply();
  }

  private String initial(ServerSetting setting, String value) {
    try {
      return normalise(setting, value);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          setting.name() + " is '" + value + "': " + wrong.getMessage(), wrong);
    }
  }

  private static List<String> lines() {
    try (var in = ServerSettings.class.getResourceAsStream("settings.tsv");
        var reader =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable ServerSetting resolve(String name) {
    var setting = known.get(name.toLowerCase(Locale.ROOT));
    if (setting == null || setting.alias() == null) {
      return setting;
    }
    return known.get(setting.alias());
  }

  /** Names in order, aliases included. */
  public List<String> names() {
    return List.copyOf(known.keySet());
  }

  /** Names of the settings of which a change has an effect, without aliases. */
  List<String> names(Effect effect) {
    return known.values().stream()
        .filter(setting -> setting.alias() == null && setting.effect() == effect)
        .map(ServerSetting::name)
        .toList();
  }

  /** Value of a setting, or null when the name is unknown. */
  public @Nullable String get(String name) {
    var setting = resolve(name);
    return setting == null ? null : values.get(setting.name());
  }

  /** Value of a setting that exists. */
  public String value(String name) {
    return Objects.requireNonNull(get(name), name);
  }

  /** Value of a numeric setting that exists. */
  public long number(String name) {
    return Long.parseLong(value(name));
  }

  /**
   * Asks before each change.
   *
   * @param guard told how to look up what would hold, answers why that must not be, or null
   */
  public void guard(Function<UnaryOperator<String>, @Nullable String> guard) {
    guards.add(guard);
  }

  /** Runs an action after each change. */
  public void onChange(Runnable action) {
    listeners.add(action);
  }

  /**
   * Changes several settings, or none.
   *
   * @return null when done, else the text of the refusal
   */
  public @Nullable String set(Map<String, String> changes) {
    var next = new LinkedHashMap<String, String>();
    for (var change : changes.entrySet()) {
      var setting = resolve(change.getKey());
      if (setting == null) {
        return "ERR Unknown option or number of arguments for CONFIG SET - '"
            + change.getKey()
            + "'";
      }
      var barred = barred(setting);
      if (barred != null) {
        return refusal(change.getKey(), barred);
      }
      try {
        var value = normalise(setting, change.getValue());
        if (!value.equals(values.get(setting.name()))) {
          var refused = refusedChange(setting);
          if (refused != null) {
            return refusal(change.getKey(), refused);
          }
        }
        next.put(setting.name(), value);
      } catch (IllegalArgumentException wrong) {
        return refusal(change.getKey(), String.valueOf(wrong.getMessage()));
      }
    }
    for (var guard : guards) {
      var refused = guard.apply(name -> next.getOrDefault(name, value(name)));
      if (refused != null) {
        return refusal(changes.keySet().iterator().next(), refused);
      }
    }
    note(next);
    values.putAll(next);
    apply();
    listeners.forEach(Runnable::run);
    return null;
  }

  private @Nullable String barred(ServerSetting setting) {
    return switch (setting.effect()) {
      case FIXED -> "can't set immutable config";
      case PROTECTED ->
          value("enable-protected-configs").equals("yes") ? null : "can't set protected config";
      case ACTS, NOTED, STARTS, ABSENT -> null;
    };
  }

  /** Why a setting keeps its value: OK would be a promise that nothing keeps. */
  private static @Nullable String refusedChange(ServerSetting setting) {
    return switch (setting.effect()) {
      case STARTS -> "it is set at start: restart with --" + setting.name();
      case ABSENT -> "Millrace has nothing that another value could switch on or off";
      case ACTS, NOTED, PROTECTED, FIXED -> null;
    };
  }

  private void note(Map<String, String> next) {
    next.forEach((name, value) -> {
      var setting = known.get(name);
      if (setting != null && setting.effect() == Effect.NOTED && noted.add(name)) {
        LOG.info("CONFIG SET {}: known from Redis, without effect here", name);
      }
    });
  }

  private String normalise(ServerSetting setting, String value) {
    return switch (setting.name()) {
      case "notify-keyspace-events" -> EventClasses.normalise(value);
      case "client-output-buffer-limit" -> BufferLimits.merge(value(setting.name()), value);
      default -> setting.normalise(value);
    };
  }

  /** Text of a refusal of CONFIG SET. */
  public static String refusal(String name, String reason) {
    return "ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + reason;
  }

  /** All values by name, without aliases. */
  public Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }

  private void apply() {
    maxMemory = number("maxmemory");
    evictionPolicy = EvictionPolicy.of(value("maxmemory-policy"));
    evictionSamples = (int) number("maxmemory-samples");
    slowerThanMicros = Math.min(number("slowlog-log-slower-than"), Long.MAX_VALUE / 1000);
    slowLogLength = (int) Math.min(number("slowlog-max-len"), Integer.MAX_VALUE);
    encodings.read(this::number);
    trackedKeys = number("tracking-table-max-keys");
    longestString = number("proto-max-bulk-len");
  }

  /** Bytes of memory above which keys are evicted or writes refused; 0 = no limit. */
  public long maxMemory() {
    return maxMemory;
  }

  /** Which keys are evicted at the limit. */
  public EvictionPolicy evictionPolicy() {
    return evictionPolicy;
  }

  /** Keys compared per eviction. */
  public int evictionSamples() {
    return evictionSamples;
  }

  /** Duration that makes a command slow; negative = none is. */
  public long slowerThanMicros() {
    return slowerThanMicros;
  }

  /** Entries kept in the slow log. */
  public int slowLogLength() {
    return slowLogLength;
  }

  /** Names kept of keys that clients have read; 0 = no limit. */
  public long trackedKeys() {
    return trackedKeys;
  }

  /** Bytes of the longest string that commands may make. */
  public long longestString() {
    return longestString;
  }

  /** Up to where OBJECT ENCODING names compact forms. */
  public EncodingLimits encodings() {
    return encodings;
  }
}
