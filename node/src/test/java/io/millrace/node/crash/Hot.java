package io.millrace.node.crash;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Connections that share keys: a list everybody pushes to, whose answers tell the place of each
 * element; a counter; and accounts between which money moves in MULTI blocks.
 */
final class Hot implements Actor {
  static final int ACCOUNTS = 16;

  private static final String LIST = "hot:list";
  private static final String COUNTER = "hot:counter";
  private static final int LONGEST_LIST = 30_000;
  private static final int WINDOW = 6;

  /** What all of them know together. */
  static final class Board {
    private final Map<Long, String> places = new TreeMap<>();
    private final Set<String> sent = new HashSet<>();
    private long counted;
    private long counts;

    private synchronized void pushing(String element) {
      sent.add(element);
    }

    private synchronized void pushed(String element, long place) {
      String other = places.put(place, element);
      if (other != null) {
        throw new AssertionError("place " + place + " was given to " + other + " and " + element);
      }
    }

    private synchronized void counting() {
      counts++;
    }

    private synchronized void counted(long value) {
      counted = Math.max(counted, value);
    }
  }

  private final int id;
  private final Board board;
  private final SplittableRandom random;
  private final ArrayDeque<String> flying = new ArrayDeque<>();
  private long serial;
  private long acknowledged;

  Hot(int id, Board board, long seed) {
    this.id = id;
    this.board = board;
    random = new SplittableRandom(seed);
  }

  @Override
  public long acknowledged() {
    return acknowledged;
  }

  @Override
  public void load(int port) throws IOException {
    flying.clear();
    try (Wire wire = new Wire(port)) {
      while (true) {
        for (int i = 1 + random.nextInt(WINDOW); i > 0; i--) {
          String element = "h" + id + "-" + serial++;
          flying.add(element);
          board.pushing(element);
          wire.send(List.of("RPUSH", LIST, element));
        }
        board.counting();
        wire.send(List.of("INCR", COUNTER));
        transfer(wire);
        wire.flush();
        while (!flying.isEmpty()) {
          board.pushed(flying.removeFirst(), number(wire.reply()));
          acknowledged++;
        }
        board.counted(number(wire.reply()));
        for (int i = 0; i < 4; i++) {
          refuse(wire.reply());
        }
        acknowledged += 2;
        Actor.breathe(random, 1_500);
      }
    }
  }

  private void transfer(Wire wire) throws IOException {
    String amount = Integer.toString(1 + random.nextInt(9));
    wire.send(List.of("MULTI"));
    wire.send(List.of("DECRBY", account(random.nextInt(ACCOUNTS)), amount));
    wire.send(List.of("INCRBY", account(random.nextInt(ACCOUNTS)), amount));
    wire.send(List.of("EXEC"));
  }

  private static String account(int index) {
    return "account:" + index;
  }

  private static long number(Object answer) {
    refuse(answer);
    return (Long) answer;
  }

  private static void refuse(Object answer) {
    if (answer instanceof Wire.Failure failure) {
      throw new AssertionError("a shared key answered " + failure);
    }
  }

  @Override
  public void check(Wire wire) throws IOException {
    synchronized (board) {
      if (id == 0) {
        checkList(wire);
        checkCounter(wire);
        checkMoney(wire);
      }
    }
  }

  private void checkList(Wire wire) throws IOException {
    if (!(wire.call("LRANGE", LIST, "0", "-1") instanceof List<?> items)) {
      throw new AssertionError("the shared list cannot be read");
    }
    List<String> found = items.stream().map(String::valueOf).toList();
    for (Map.Entry<Long, String> place : board.places.entrySet()) {
      int index = (int) (place.getKey() - 1);
      String there = index < found.size() ? found.get(index) : "nothing";
      if (!there.equals(place.getValue())) {
        throw new AssertionError(
            place.getValue()
                + " was acknowledged at place "
                + place.getKey()
                + ", there is "
                + there);
      }
    }
    Map<String, Long> newest = new HashMap<>();
    for (String element : found) {
      if (!board.sent.contains(element)) {
        throw new AssertionError("the shared list holds what nobody pushed: " + element);
      }
      int dash = element.indexOf('-');
      long number = Long.parseLong(element.substring(dash + 1));
      Long before = newest.put(element.substring(0, dash), number);
      if (before != null && before >= number) {
        throw new AssertionError(
            element + " stands behind number " + before + " of its connection");
      }
    }
    board.places.clear();
    if (found.size() > LONGEST_LIST) {
      wire.call("DEL", LIST);
      board.sent.clear();
    } else {
      List<String> all = new ArrayList<>(found);
      for (int i = 0; i < all.size(); i++) {
        board.places.put(i + 1L, all.get(i));
      }
      board.sent.retainAll(new HashSet<>(all));
    }
  }

  private void checkCounter(Wire wire) throws IOException {
    Object answer = wire.call("GET", COUNTER);
    long found = answer == null ? 0 : Long.parseLong(String.valueOf(answer));
    if (found < board.counted || found > board.counts) {
      throw new AssertionError(
          "the counter stands at "
              + found
              + ", acknowledged "
              + board.counted
              + ", sent "
              + board.counts);
    }
    board.counted = found;
    board.counts = found;
  }

  private static void checkMoney(Wire wire) throws IOException {
    long sum = 0;
    for (int i = 0; i < ACCOUNTS; i++) {
      Object answer = wire.call("GET", account(i));
      sum += answer == null ? 0 : Long.parseLong(String.valueOf(answer));
    }
    if (sum != 0) {
      throw new AssertionError("money was made or lost by half a MULTI block: " + sum);
    }
  }
}
