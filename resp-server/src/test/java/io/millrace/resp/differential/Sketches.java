package io.millrace.resp.differential;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Forms of the commands under comparison. A word with a dollar sign is filled in at random: {@code
 * $k} any key, {@code $s $h $l $t $z $x} mostly a string, hash, list, set, sorted set or stream
 * key, {@code $v} a value, {@code $B} a large one, {@code $D} a dump payload, {@code $f} a hash
 * field, {@code $m} a member, {@code $F} one of many fields or members, {@code $n} a small integer,
 * {@code $i} an index, {@code $d} a decimal, {@code $r} a score bound, {@code $b} a lexicographic
 * bound, {@code $g} a glob pattern, {@code $e} a far deadline in seconds, {@code $E} one in
 * milliseconds, {@code $q} a database, {@code $c} a small count, {@code $w} a stream id, {@code $u}
 * a channel, {@code $U} a pattern of channels, {@code $C} a command's name, {@code $K} a pattern of
 * keys for SORT.
 *
 * <p>A form that begins with an exclamation mark is sent by itself: it changes how replies come.
 */
final class Sketches {
  /**
   * One form.
   *
   * @param name full name of its command, in lower case
   * @param alone sent by itself, outside of transactions
   * @param commands its commands, mostly one, each split into words
   */
  record Form(String name, boolean alone, List<List<String>> commands) {
    private static Form of(String line) {
      boolean alone = line.startsWith("!");
      List<List<String>> commands = new ArrayList<>();
      for (String command : line.substring(alone ? 1 : 0).split(" ; ")) {
        commands.add(Arrays.asList(command.split(" ")));
      }
      return new Form(Coverage.name(commands.get(0)), alone, commands);
    }
  }

  private static final List<Form> DATA = parse(DataSketches.TEXT);
  private static final List<Form> SESSION = parse(SessionSketches.TEXT);

  private Sketches() {}

  private static List<Form> parse(String text) {
    return text.lines().map(String::strip).map(Form::of).toList();
  }

  /** Forms of commands that work on keys. */
  static List<Form> data() {
    return DATA;
  }

  /** Forms of all other commands. */
  static List<Form> session() {
    return SESSION;
  }

  /** All forms. */
  static List<Form> all() {
    return Stream.concat(DATA.stream(), SESSION.stream()).toList();
  }
}
