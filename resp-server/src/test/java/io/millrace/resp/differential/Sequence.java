package io.millrace.resp.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One random sequence over two or three interleaved connections to each server. It goes forward
 * piece by piece, so that others may run on the same servers in between; what they do to all
 * databases happens on both servers alike.
 */
final class Sequence implements AutoCloseable {
  private static final List<String> STATE_ENDERS = List.of("EXEC", "DISCARD");
  private static final List<List<String>> LEAVE =
      List.of(
          List.of("UNSUBSCRIBE"),
          List.of("PUNSUBSCRIBE"),
          List.of("SUNSUBSCRIBE"),
          List.of("RESET"));

  private final String tag;
  private final SplittableRandom random;
  private final Generator generator;
  private final int redisPort;
  private final Target target;
  private final Coverage coverage;
  private final Transcript transcript;
  private final List<Link> links = new ArrayList<>();
  private int left;

  Sequence(
      long seed,
      int steps,
      String tag,
      int redisPort,
      Target target,
      Set<String> names,
      Coverage coverage,
      Transcript transcript)
      throws IOException {
    this.tag = tag;
    this.redisPort = redisPort;
    this.target = target;
    this.coverage = coverage;
    this.transcript = transcript;
    left = steps;
    random = new SplittableRandom(seed);
    generator = new Generator(random, names, tag);
    int connections = random.nextInt(4) == 0 ? 3 : 2;
    for (int i = 0; i < connections; i++) {
      links.add(new Link(redisPort, target.port()));
      links.get(i).protocol = random.nextBoolean() ? 2 : 3;
      setUp(i);
    }
  }

  boolean done() {
    return left <= 0;
  }

  private void setUp(int i) throws IOException {
    Link link = links.get(i);
    alone(i, List.of(List.of("HELLO", Integer.toString(link.protocol))));
    if (link.database != 0) {
      batch(i, List.of(List.of("SELECT", Integer.toString(link.database))));
    }
  }

  /** Sends a few commands over one connection and compares their replies. */
  void advance() throws IOException {
    int i = random.nextInt(links.size());
    Link link = links.get(i);
    if (link.listens && random.nextInt(3) == 0) {
      alone(i, List.of(LEAVE.get(random.nextInt(LEAVE.size()))));
      left--;
      return;
    }
    List<List<String>> batch = new ArrayList<>();
    for (int n = 1 + random.nextInt(5); n > 0 && left > 0; n--) {
      Sketches.Form form = generator.form();
      List<List<String>> commands = generator.fill(form);
      left--;
      if (form.alone()) {
        batch(i, batch);
        batch.clear();
        if (link.queued == null) {
          alone(i, commands);
        }
      } else {
        batch.addAll(commands);
        if (endsBatch(commands.getLast())) {
          batch(i, batch);
          batch.clear();
        }
      }
    }
    batch(i, batch);
  }

  private void batch(int i, List<List<String>> commands) throws IOException {
    if (commands.isEmpty()) {
      return;
    }
    Link link = links.get(i);
    commands.forEach(command -> transcript.add(tag, i, command));
    link.send(commands);
    boolean pause = false;
    for (List<String> command : commands) {
      Reply redis = link.readRedis();
      Reply ours = readOurs(link, command);
      coverage.count(command, redis);
      String name = command.get(0).toUpperCase(Locale.ROOT);
      boolean same =
          name.equals("EXEC") && link.queued != null
              ? sameExec(link.queued, redis, ours)
              : Differences.same(command, redis, ours);
      if (!same) {
        throw different(i + "> " + Transcript.printable(command), redis, ours);
      }
      pause |= expiresSoon(command) || name.equals("EXEC") && soonQueued(link);
      follow(link, command, name, redis);
    }
    if (pause) {
      pause();
    }
  }

  /** What follows in the same pipeline would meet the key alive or not, as time has it. */
  private static boolean endsBatch(List<String> command) {
    return expiresSoon(command) || command.get(0).equalsIgnoreCase("EXEC");
  }

  private static boolean soonQueued(Link link) {
    return link.queued != null && link.queued.stream().anyMatch(Sequence::expiresSoon);
  }

  /** A life of one millisecond: the comparison waits until it is over. */
  private static boolean expiresSoon(List<String> command) {
    String name = command.get(0).toUpperCase(Locale.ROOT);
    return command.contains("1")
        && (command.contains("PX") || name.equals("PEXPIRE") || name.equals("PSETEX"));
  }

  private Reply readOurs(Link link, List<String> command) {
    try {
      return link.readOurs();
    } catch (IOException e) {
      throw new AssertionError(
          report(Transcript.printable(command) + "\n  no reply from Millrace: " + e), e);
    }
  }

  /** Sends commands whose replies are not one each. */
  private void alone(int i, List<List<String>> commands) throws IOException {
    Link link = links.get(i);
    commands.forEach(command -> transcript.add(tag, i, command));
    List<String> first = commands.get(0);
    String name = first.get(0).toUpperCase(Locale.ROOT);
    if (name.equals("QUIT")) {
      quit(i, first);
      return;
    }
    List<List<Reply>> replies = link.exchange(commands);
    List<Reply> redis = replies.get(0);
    List<Reply> ours = replies.get(1);
    coverage.count(first, redis.isEmpty() ? new Reply.Null('_') : redis.get(0));
    boolean ok = !redis.isEmpty() && !isError(redis.get(0));
    if (name.equals("HELLO") && ok && first.size() > 1) {
      link.protocol = Integer.parseInt(first.get(1));
    } else if (name.equals("RESET") && ok) {
      link.protocol = 2;
      link.database = 0;
      link.listens = false;
    } else if (name.endsWith("SUBSCRIBE") && ok) {
      link.listens = link.protocol == 2 && lastCount(redis) != 0;
    }
    if (!sameAll(first, redis, ours)) {
      throw different(i + "> " + Transcript.printable(first), redis, ours);
    }
  }

  private void quit(int i, List<String> command) throws IOException {
    compareMessages(i);
    Link link = links.get(i);
    link.send(List.of(command));
    Reply redis = link.readRedis();
    coverage.count(command, redis);
    Reply ours = readOurs(link, command);
    if (!redis.equals(ours)) {
      throw different(i + "> " + Transcript.printable(command), redis, ours);
    }
    link.database = 0;
    link.protocol = 2;
    link.reopen(redisPort, target.port());
  }

  private static boolean sameAll(List<String> command, List<Reply> redis, List<Reply> ours) {
    if (redis.size() != ours.size()) {
      return false;
    }
    if (command.size() == 1 && command.get(0).toUpperCase(Locale.ROOT).contains("UNSUBSCRIBE")) {
      // The order in which all are left is not defined; the counts are in the confirmations.
      return Differences.sameNames(redis, ours);
    }
    for (int at = 0; at < redis.size(); at++) {
      if (!Differences.same(command, redis.get(at), ours.get(at))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isError(Reply reply) {
    return reply instanceof Reply.Text text && text.type() == '-';
  }

  /** The number at the end of a confirmation: how many channels are listened to. */
  private static long lastCount(List<Reply> replies) {
    return replies.getLast() instanceof Reply.Many many
            && many.items().getLast() instanceof Reply.Text count
        ? Long.parseLong(count.value())
        : 0;
  }

  private boolean sameExec(List<List<String>> queued, Reply redis, Reply ours) {
    if (!(redis instanceof Reply.Many a)
        || !(ours instanceof Reply.Many b)
        || a.items().size() != b.items().size()
        || a.items().size() != queued.size()) {
      return redis.equals(ours);
    }
    for (int at = 0; at < a.items().size(); at++) {
      coverage.outcome(queued.get(at), a.items().get(at));
      if (!Differences.same(queued.get(at), a.items().get(at), b.items().get(at))) {
        transcript.note(
            tag, "queued command " + at + " differs: " + Transcript.printable(queued.get(at)));
        return false;
      }
    }
    return true;
  }

  private static void follow(Link link, List<String> command, String name, Reply redis) {
    boolean ok = redis instanceof Reply.Text t && t.type() == '+';
    boolean inQueue = redis instanceof Reply.Text t && t.value().equals("QUEUED");
    if (link.queued != null && inQueue) {
      link.queued.add(command);
    } else if (name.equals("MULTI") && ok) {
      link.queued = new ArrayList<>();
    } else if (STATE_ENDERS.contains(name) && !isArityError(redis)) {
      if (name.equals("EXEC") && redis instanceof Reply.Many && link.queued != null) {
        link.queued.forEach(queued -> followSelect(link, queued));
      }
      link.queued = null;
    } else if (ok) {
      followSelect(link, command);
    }
  }

  private static boolean isArityError(Reply reply) {
    return reply instanceof Reply.Text t && t.type() == '-' && t.value().contains("number of arg");
  }

  private static void followSelect(Link link, List<String> command) {
    if (command.get(0).equalsIgnoreCase("SELECT") && command.size() == 2) {
      try {
        int database = Integer.parseInt(command.get(1));
        link.database = database >= 0 && database < 16 ? database : link.database;
      } catch (NumberFormatException notChosen) {
        return;
      }
    }
  }

  private static void pause() {
    long until = System.nanoTime() + 3_000_000;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }

  private void compareMessages(int i) throws IOException {
    Link link = links.get(i);
    if (link.queued != null) {
      batch(i, List.of(List.of("DISCARD")));
    }
    List<List<String>> messages = link.messages();
    if (!messages.get(0).equals(messages.get(1))) {
      throw different("messages on connection " + i, messages.get(0), messages.get(1));
    }
  }

  /** Nothing is under way and nothing is queued: the server may be killed. */
  void comeToRest() throws IOException {
    for (int i = 0; i < links.size(); i++) {
      compareMessages(i);
      links.get(i).close();
    }
  }

  /** Connects again after a kill; on Redis too, where the connections' state must go as well. */
  void goOn() throws IOException {
    transcript.note(tag, "killed and started again");
    for (int i = 0; i < links.size(); i++) {
      links.get(i).reopen(redisPort, target.port());
      setUp(i);
    }
  }

  /** Ends transactions, compares messages and all keys of the sequence. */
  void finish() throws IOException {
    for (int i = 0; i < links.size(); i++) {
      if (links.get(i).queued != null) {
        batch(i, List.of(List.of("EXEC")));
      }
      compareMessages(i);
    }
    if (links.get(0).listens) {
      alone(0, List.of(List.of("RESET")));
    }
    for (int db = 0; db < 3; db++) {
      compareKeys(db);
    }
  }

  private void compareKeys(int db) throws IOException {
    List<List<String>> looks = new ArrayList<>();
    for (int k = 0; k < 20; k++) {
      looks.add(List.of("TYPE", tag + "k" + k));
      looks.add(List.of("PTTL", tag + "k" + k));
    }
    List<List<String>> reads = new ArrayList<>();
    batch(0, List.of(List.of("SELECT", Integer.toString(db))));
    Link link = links.get(0);
    link.send(looks);
    for (List<String> look : looks) {
      Reply redis = link.readRedis();
      Reply ours = readOurs(link, look);
      if (!Differences.same(look, redis, ours)) {
        throw different(
            "at the end, database " + db + ": " + Transcript.printable(look), redis, ours);
      }
      if (look.get(0).equals("TYPE")) {
        reads.addAll(readAll(redis, look.get(1)));
      }
    }
    batch(0, reads);
  }

  private static List<List<String>> readAll(Reply type, String key) {
    return switch (type instanceof Reply.Text t ? t.value() : "") {
      case "string" -> List.of(List.of("GET", key));
      case "hash" -> List.of(List.of("HGETALL", key));
      case "list" -> List.of(List.of("LRANGE", key, "0", "-1"));
      case "set" -> List.of(List.of("SMEMBERS", key));
      case "zset" -> List.of(List.of("ZRANGE", key, "0", "-1", "WITHSCORES"));
      case "stream" -> List.of(List.of("XRANGE", key, "-", "+"));
      default -> List.of();
    };
  }

  private AssertionError different(String what, Object redis, Object ours) {
    return new AssertionError(report(what + "\n  redis:    " + redis + "\n  millrace: " + ours));
  }

  private String report(String what) {
    return "sequence " + tag + "\n" + what + "\nsequence:\n" + transcript.of(tag);
  }

  @Override
  public void close() throws IOException {
    for (Link link : links) {
      link.close();
    }
  }
}
