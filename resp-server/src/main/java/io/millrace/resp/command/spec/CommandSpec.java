package io.millrace.resp.command.spec;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The one declaration of a command, as plain data: what runs it is not part of it. Arity, COMMAND
 * and its subcommands, key extraction, ACL categories, the logging mode and the reference page all
 * derive from it.
 */
public final class CommandSpec {
  private final String name;
  private final @Nullable String parent;
  private final Group group;
  private final String since;
  private final String complexity;
  private final String summary;
  private final Set<Flag> flags;
  private final List<KeySpec> keys;
  private final List<Arg> args;
  private final List<CommandSpec> subcommands;
  private final Logging logging;
  private final int arity;
  private final boolean runs;
  private final Set<String> categories;
  private final List<String> tips;
  private int id = -1;

  private CommandSpec(Builder<?> from, boolean runs, List<CommandSpec> subcommands) {
    name = from.name;
    parent = from.parent;
    group = from.group;
    since = from.since;
    complexity = from.complexity;
    summary = from.summary;
    flags = EnumSet.noneOf(Flag.class);
    flags.addAll(from.flags);
    keys = List.copyOf(from.keys);
    args = List.copyOf(from.args);
    logging = from.logging;
    tips = List.copyOf(from.tips);
    this.runs = runs;
    this.subcommands = List.copyOf(subcommands);
    arity = from.arity != 0 ? from.arity : derivedArity();
    categories = derivedCategories(from.categories);
    if (keys.stream().anyMatch(k -> k.counted() || k.keyword() != null)) {
      flags.add(Flag.MOVABLEKEYS);
    }
    check();
  }

  private int derivedArity() {
    if (!subcommands.isEmpty()) {
      return -2;
    }
    int words = parent == null ? 1 : 2;
    boolean varies = false;
    for (var arg : args) {
      words += arg.least();
      varies |= arg.varies();
    }
    return varies ? -words : words;
  }

  /** The one place where flags imply ACL categories. */
  private Set<String> derivedCategories(List<String> declared) {
    var all = new TreeSet<>(declared);
    if (!group.category().isEmpty()) {
      all.add(group.category());
    }
    if (flags.contains(Flag.WRITE)) {
      all.add("write");
    }
    if (flags.contains(Flag.READONLY)) {
      all.add("read");
    }
    if (flags.contains(Flag.ADMIN)) {
      all.add("admin");
      all.add("dangerous");
    }
    if (flags.contains(Flag.PUBSUB)) {
      all.add("pubsub");
    }
    if (flags.contains(Flag.BLOCKING)) {
      all.add("blocking");
    }
    all.add(flags.contains(Flag.FAST) ? "fast" : "slow");
    return Set.copyOf(all);
  }

  private void check() {
    require(!summary.isEmpty(), "missing summary");
    require(!(flags.contains(Flag.WRITE) && flags.contains(Flag.READONLY)), "reads and writes");
    require(runs || !subcommands.isEmpty(), "neither handler nor subcommands");
    for (var arg : args) {
      checkKey(arg);
    }
  }

  private void checkKey(Arg arg) {
    require(arg.keySpec() < keys.size(), "argument " + arg.name() + " without its key spec");
    arg.parts().forEach(this::checkKey);
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException("command=" + fullName() + " problem=" + problem);
    }
  }

  /** Name in upper case, without the container. */
  public String name() {
    return name;
  }

  /** Name in lower case; of a subcommand {@code container|name}. */
  public String fullName() {
    var lower = name.toLowerCase(Locale.ROOT);
    return parent == null ? lower : parent.toLowerCase(Locale.ROOT) + "|" + lower;
  }

  /** True for a subcommand. */
  public boolean isSubcommand() {
    return parent != null;
  }

  /** Group. */
  public Group group() {
    return group;
  }

  /** First Redis version that has it. */
  public String since() {
    return since;
  }

  /** Time complexity. */
  public String complexity() {
    return complexity;
  }

  /** One sentence. */
  public String summary() {
    return summary;
  }

  /** Flags. */
  public Set<Flag> flags() {
    return flags;
  }

  /** True when the command has a flag. */
  public boolean has(Flag flag) {
    return flags.contains(flag);
  }

  /** Key specs. */
  public List<KeySpec> keys() {
    return keys;
  }

  /** Argument grammar. */
  public List<Arg> args() {
    return args;
  }

  /** Subcommands of a container. */
  public List<CommandSpec> subcommands() {
    return subcommands;
  }

  /** What its record says. */
  public Logging logging() {
    return logging;
  }

  /** Number of words, the name included; negative for at least so many. */
  public int arity() {
    return arity;
  }

  /** True when that many words fit the arity. */
  public boolean accepts(int words) {
    return arity >= 0 ? words == arity : words >= -arity;
  }

  /** ACL categories without the at sign. */
  public Set<String> categories() {
    return categories;
  }

  /** Hints for clients and proxies. */
  public List<String> tips() {
    return tips;
  }

  /** True when it does something itself; false for what only contains subcommands. */
  public boolean runs() {
    return runs;
  }

  /** Number in the table, for counters. */
  public int id() {
    return id;
  }

  void number(int number) {
    id = number;
  }

  /**
   * Collects a declaration. Whoever knows what runs a command extends it by the ways to end one.
   *
   * @param <B> the builder itself
   */
  public abstract static class Builder<B extends Builder<B>> {
    private final String name;
    private final @Nullable String parent;
    private Group group = Group.GENERIC;
    private String since = "1.0.0";
    private String complexity = "O(1)";
    private String summary = "";
    private final List<Flag> flags = new ArrayList<>();
    private final List<KeySpec> keys = new ArrayList<>();
    private final List<Arg> args = new ArrayList<>();
    private final List<String> categories = new ArrayList<>();
    private final List<String> tips = new ArrayList<>();
    private Logging logging = Logging.COMMAND;
    private int arity;

    /** Begins the declaration of a command, or of a subcommand of a container. */
    protected Builder(String name, @Nullable String parent) {
      this.name = name;
      this.parent = parent;
    }

    /** This builder. */
    protected abstract B self();

    /** Group. */
    public B in(Group group) {
      this.group = group;
      return self();
    }

    /** First Redis version that has it. */
    public B since(String version) {
      since = version;
      return self();
    }

    /** Time complexity. */
    public B complexity(String complexity) {
      this.complexity = complexity;
      return self();
    }

    /** One sentence of our own. */
    public B summary(String summary) {
      this.summary = summary;
      return self();
    }

    /** Flags. */
    public B flags(Flag... flags) {
      this.flags.addAll(List.of(flags));
      return self();
    }

    /** Key specs. */
    public B keys(KeySpec... keys) {
      this.keys.addAll(List.of(keys));
      return self();
    }

    /** Key specs in place of those given before. */
    public B onlyKeys(KeySpec... keys) {
      this.keys.clear();
      return keys(keys);
    }

    /** Argument grammar. */
    public B args(Arg... args) {
      this.args.addAll(List.of(args));
      return self();
    }

    /** ACL categories that no flag implies. */
    public B categories(String... categories) {
      this.categories.addAll(List.of(categories));
      return self();
    }

    /** Hints for clients and proxies. */
    public B tips(String... tips) {
      this.tips.addAll(List.of(tips));
      return self();
    }

    /** Logging mode; COMMAND unless told otherwise. */
    public B logs(Logging logging) {
      this.logging = logging;
      return self();
    }

    /** Overrides the derived arity: Redis checks more or less than its own grammar says. */
    public B arity(int arity) {
      this.arity = arity;
      return self();
    }

    /** Ends the declaration of what runs itself, contains subcommands, or both. */
    protected final CommandSpec end(boolean runs, List<CommandSpec> subcommands) {
      if (arity == 0 && runs && !subcommands.isEmpty()) {
        arity = -1;
      }
      return new CommandSpec(this, runs, subcommands);
    }
  }
}
