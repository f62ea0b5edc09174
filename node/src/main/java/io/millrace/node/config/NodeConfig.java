package io.millrace.node.config;

import io.millrace.engine.EngineConfig;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The settings of one node, checked, with typed access. */
public final class NodeConfig {
  private static final long MIN_HOT_MEMORY = 1 << 20;

  /** Heap that is neither for hot memory nor, by half, for what surrounds it. */
  private static final long BESIDE_HOT = 48L << 20;

  private static final long MIN_BLOCK_CACHE = 8L << 20;

  /** Keys whose values nobody is shown. */
  private static final Set<String> SECRETS =
      Set.of("requirepass", "masterauth", "user", "tls-key-file-pass", "tls-client-key-file-pass");

  private final Map<String, Setting> settings;

  NodeConfig(Map<String, Setting> settings) {
    this.settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    checkTogether();
  }

  private void checkTogether() {
    var tasks = number("tasks");
    if (tasks < 1 || tasks > 16_384 || Long.bitCount(tasks) != 1) {
      throw refuse("tasks", "a power of two from 1 to 16384");
    }
    if (number("databases") < 1) {
      throw refuse("databases", "at least 1");
    }
    for (var limit : List.of("fold-max-events", "fold-max-time-ms")) {
      if (number(limit) < 1) {
        throw refuse(limit, "at least 1");
      }
    }
    if (number("lanes") > 256) {
      throw refuse("lanes", "at most 256");
    }
    if (number("login-timeout") < 1 || number("login-timeout") > 3_600) {
      throw refuse("login-timeout", "1 to 3600 seconds");
    }
    if (text("dir").isEmpty()) {
      throw refuse("dir", "a directory");
    }
    for (var address : bind()) {
      if (!address.isLoopbackAddress() && password().isEmpty()) {
        throw new ConfigException(
            setting("bind").origin()
                + ": bind to "
                + address.getHostAddress()
                + " is open to other machines: set requirepass, or bind to 127.0.0.1");
      }
    }
  }

  private ConfigException refuse(String name, String expected) {
    var setting = setting(name);
    return new ConfigException(
        setting.origin() + ": " + name + " is '" + setting.text() + "', expected " + expected);
  }

  private Setting setting(String name) {
    return Objects.requireNonNull(settings.get(name), name);
  }

  /** All settings in the order of the keys. */
  public Collection<Setting> all() {
    return settings.values();
  }

  /** The value of a key as text, empty when it has none. */
  public String text(String name) {
    return setting(name).text();
  }

  /** The words of a key. */
  public List<String> words(String name) {
    return setting(name).words();
  }

  /** The value of a whole number or a port. */
  public long number(String name) {
    return Long.parseLong(text(name));
  }

  /** The value of a size in bytes. */
  public long bytes(String name) {
    return Bytes.parse(text(name));
  }

  /** Port of a door, 0 when it is closed. */
  public int port(String name) {
    return (int) number(name);
  }

  /** Addresses of the doors; those marked with a minus sign may be missing on this machine. */
  public List<InetAddress> bind() {
    var addresses = new ArrayList<InetAddress>();
    for (var word : words("bind")) {
      var optional = word.startsWith("-");
      var host = optional ? word.substring(1) : word;
      try {
        var address = InetAddress.getByName(everyInterface(host));
        if (!optional || isHere(address)) {
          addresses.add(address);
        }
      } catch (UnknownHostException e) {
        if (!optional) {
          throw refuse("bind", "addresses of this machine");
        }
      }
    }
    if (addresses.isEmpty()) {
      throw refuse("bind", "at least one address");
    }
    return addresses;
  }

  /** Whether this machine has an address. */
  private static boolean isHere(InetAddress address) {
    try {
      return address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  private static String everyInterface(String host) {
    return switch (host) {
      case "*" -> "0.0.0.0";
      case "::*" -> "::";
      default -> host;
    };
  }

  /** Password of all doors, empty for none. */
  public String password() {
    return text("requirepass");
  }

  /** Time a client has to log in, in milliseconds. */
  public long loginTimeoutMs() {
    return number("login-timeout") * 1_000;
  }

  /** True when the password is among the arguments of this process. */
  public boolean passwordOnCommandLine() {
    return !password().isEmpty() && setting("requirepass").origin().equals("command line");
  }

  /** The data directory. */
  public Path directory() {
    return Path.of(text("dir")).toAbsolutePath().normalize();
  }

  /** Worker threads. */
  public int lanes() {
    var lanes = (int) number("lanes");
    return lanes > 0 ? lanes : Runtime.getRuntime().availableProcessors();
  }

  /** Budget of state in memory: as set, or a quarter of the memory, and never most of the heap. */
  public long hotMemoryBytes() {
    if (!text("hot-memory").equals("auto")) {
      var bytes = bytes("hot-memory");
      if (bytes < MIN_HOT_MEMORY) {
        throw new ConfigException(
            "hot-memory is '" + text("hot-memory") + "', expected auto or at least 1mb");
      }
      return bytes;
    }
    var quarter = machineMemory() / 4;
    var heap = Runtime.getRuntime().maxMemory();
    return Math.min(quarter, Math.max(heap - BESIDE_HOT, heap / 2) / 2);
  }

  private static long machineMemory() {
    var bean = ManagementFactory.getOperatingSystemMXBean();
    return bean instanceof com.sun.management.OperatingSystemMXBean os
        ? os.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }

  /** How the engine is kept. */
  public EngineConfig engine() {
    var hot = hotMemoryBytes();
    return EngineConfig.in(directory())
        .withTasks((int) number("tasks"))
        .withAppendfsync(
            EngineConfig.FsyncPolicy.valueOf(text("appendfsync").toUpperCase(Locale.ROOT)))
        .withMemory(hot, Math.max(MIN_BLOCK_CACHE, hot / 8))
        .withCheckpoints(
            bytes("journal-segment-bytes"),
            bytes("checkpoint-bytes"),
            number("checkpoint-seconds") * 1_000)
        .withFolds(
            new EngineConfig.Folds(
                number("fold-max-events"), number("fold-max-time-ms"), bytes("fold-max-memory")))
        .withMemtable(bytes("store-memtable-bytes"))
        .withKeepJournal(text("keep-journal").equals("yes"))
        .withKeptCheckpoints((int) number("keep-checkpoints"))
        .withRetired(Set.copyOf(names("retire")));
  }

  /** Names in a list, which may also stand in one word with commas between. */
  public List<String> names(String key) {
    return words(key).stream()
        .flatMap(word -> Arrays.stream(word.split("[,\\s]+")))
        .filter(name -> !name.isEmpty())
        .toList();
  }

  /** Every key with its value, as {@code CONFIG GET *} shows them. */
  public Map<String, String> asText() {
    var text = new LinkedHashMap<String, String>();
    settings.forEach((name, setting) -> text.put(name, setting.text()));
    return text;
  }

  /** What somebody set, without the defaults. */
  public Map<String, String> explicit() {
    var text = new LinkedHashMap<String, String>();
    settings.forEach((name, setting) -> {
      if (!setting.origin().equals("default")) {
        text.put(name, setting.text());
      }
    });
    return text;
  }

  /** Keys of Redis that somebody set although they change nothing here. */
  public List<String> withoutEffect() {
    return settings.values().stream()
        .filter(setting -> !setting.key().acts() && !setting.origin().equals("default"))
        .map(setting -> setting.key().name())
        .toList();
  }

  /** The keys that act, in the syntax of the file, each with its origin. */
  public String print() {
    var out = new StringBuilder();
    for (var setting : settings.values()) {
      var secret = SECRETS.contains(setting.key().name()) && !setting.words().isEmpty();
      if (setting.key().acts() || !setting.origin().equals("default")) {
        var note = setting.key().acts() ? "" : ", no effect here";
        out.append("# ").append(setting.origin()).append(note).append('\n');
        var value = secret ? "(set)" : setting.line();
        out.append(setting.key().name()).append(' ').append(value).append('\n');
      }
    }
    return out.toString();
  }
}
