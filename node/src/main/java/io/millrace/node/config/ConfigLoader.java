package io.millrace.node.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads settings from a file, the environment and the command line. A flag beats the environment,
 * which beats the file, which beats the default.
 */
public final class ConfigLoader {
  private static final String ENVIRONMENT_PREFIX = "MILLRACE_";
  private static final Set<String> LAUNCHER_VARIABLES =
      Set.of("MILLRACE_JAVA_OPTS", "MILLRACE_JAVA_HOME", "MILLRACE_BUILD");

  /** Keys of which each line adds to those before it, as in Redis. */
  private static final Set<String> REPEATABLE =
      Set.of(
          "save", "rename-command", "client-output-buffer-limit", "loadmodule", "user", "modules");

  private static final int MAX_INCLUDES = 16;
  private static final String PASSWORD = "requirepass";
  private static final String PASSWORD_FILE = "requirepass-file";

  private final Map<String, Setting> settings = new LinkedHashMap<>();

  private ConfigLoader() {
    for (var key : ConfigKeys.all().values()) {
      var words =
          key.defaultValue().isEmpty() ? List.<String>of() : List.of(key.defaultValue().split(" "));
      settings.put(key.name(), new Setting(key, words, "default"));
    }
  }

  /**
   * Loads the settings.
   *
   * @param arguments the command line: an optional file, then {@code --key value...}
   * @param environment variables, of which {@code MILLRACE_*} count
   */
  public static NodeConfig load(List<String> arguments, Map<String, String> environment) {
    var loader = new ConfigLoader();
    var flags = arguments;
    if (!flags.isEmpty() && !flags.getFirst().startsWith("-")) {
      loader.readFile(Path.of(flags.getFirst()), 0);
      flags = flags.subList(1, flags.size());
    }
    loader.readEnvironment(environment);
    loader.readFlags(flags);
    loader.readPasswordFile();
    return new NodeConfig(loader.settings);
  }

  private void readFile(Path file, int depth) {
    if (depth > MAX_INCLUDES) {
      throw new ConfigException(file + ": more than " + MAX_INCLUDES + " nested includes");
    }
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigException("cannot read the configuration file " + file + ": " + reason(e));
    }
    var seen = new TreeMap<String, List<String>>();
    for (var i = 0; i < lines.size(); i++) {
      var where = file + ":" + (i + 1);
      var words = ConfSyntax.words(lines.get(i), where);
      if (words.isEmpty()) {
        continue;
      }
      var name = words.getFirst().toLowerCase(Locale.ROOT);
      if (name.equals("include")) {
        for (var included : words.subList(1, words.size())) {
          readFile(file.resolveSibling(included), depth + 1);
        }
        continue;
      }
      var value = words.subList(1, words.size());
      if (REPEATABLE.contains(name)) {
        var all = seen.computeIfAbsent(name, unused -> new ArrayList<>());
        all.addAll(value);
        value = List.copyOf(all);
      }
      set(name, value, where);
    }
  }

  private void readEnvironment(Map<String, String> environment) {
    for (var variable : new TreeMap<>(environment).entrySet()) {
      var name = variable.getKey();
      if (name.startsWith(ENVIRONMENT_PREFIX) && !LAUNCHER_VARIABLES.contains(name)) {
        var key =
            name.substring(ENVIRONMENT_PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
        // A password is what it is, quotes and blanks included.
        var words =
            key.equals(PASSWORD)
                ? List.of(variable.getValue())
                : ConfSyntax.words(variable.getValue(), name);
        set(key, words, name);
      }
    }
  }

  /** The first line of the file is the password. */
  private void readPasswordFile() {
    var file = Objects.requireNonNull(settings.get(PASSWORD_FILE));
    if (file.text().isEmpty()) {
      return;
    }
    var present = Objects.requireNonNull(settings.get(PASSWORD));
    if (!present.text().isEmpty()) {
      throw new ConfigException(
          file.origin()
              + ": requirepass-file is set, and requirepass by "
              + present.origin()
              + ": leave one of them out");
    }
    try (var lines = Files.newBufferedReader(Path.of(file.text()), StandardCharsets.UTF_8)) {
      var line = lines.readLine();
      if (line == null || line.isEmpty()) {
        throw new ConfigException("the first line of " + file.text() + " is no password");
      }
      set(PASSWORD, List.of(line), file.text());
    } catch (IOException e) {
      throw new ConfigException("cannot read the password file " + file.text() + ": " + reason(e));
    }
  }

  private void readFlags(List<String> arguments) {
    var at = 0;
    while (at < arguments.size()) {
      var flag = arguments.get(at);
      if (!flag.startsWith("--") || flag.length() == 2) {
        throw new ConfigException("unexpected argument '" + flag + "'; options start with --");
      }
      var equals = flag.indexOf('=');
      var name = flag.substring(2, equals < 0 ? flag.length() : equals);
      var value = new ArrayList<String>();
      if (equals >= 0) {
        value.add(flag.substring(equals + 1));
      }
      at++;
      while (at < arguments.size() && !arguments.get(at).startsWith("--")) {
        value.add(arguments.get(at++));
      }
      if (value.isEmpty() && ConfigKeys.find(name.toLowerCase(Locale.ROOT)) != null) {
        throw new ConfigException("command line: --" + name + " needs a value");
      }
      set(name.toLowerCase(Locale.ROOT), value, "command line");
    }
  }

  private void set(String name, List<String> words, String where) {
    var key = ConfigKeys.find(name);
    if (key == null) {
      var near = ConfigKeys.nearest(name);
      throw new ConfigException(
          where
              + ": unknown key '"
              + name
              + (near.isEmpty()
                  ? "'; 'millrace --print-config' lists the known ones"
                  : "'; did you mean '" + near + "'?"));
    }
    var value = words.size() == 1 && words.getFirst().isEmpty() ? List.<String>of() : words;
    if (!value.isEmpty() || !key.defaultValue().isEmpty()) {
      key.check(value, where);
    }
    settings.put(name, new Setting(key, List.copyOf(value), where));
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException ? "no such file" : e.toString();
  }
}
