package io.millrace.node.crash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A pusher and its blocked partners. Each element is delivered at most once; one whose delivery was
 * acknowledged is gone; one that was pushed is never lost, except that a pop without an answer may
 * have taken one.
 */
final class Queues {
  private static final String FIRST = "q:first";
  private static final String SECOND = "q:second";
  private static final String MOVED = "q:moved";

  /** What a connection of the queues does. */
  enum Role {
    /** Pushes to both queues. */
    PUSH,
    /** BLPOP of both. */
    POP,
    /** BLMOVE from the second to a third list. */
    MOVE
  }

  private final Set<String> pushed = new LinkedHashSet<>();
  private final Set<String> popped = new HashSet<>();
  private List<String> pushing = List.of();
  private int popping;
  private long serial;

  Actor actor(Role role, long seed) {
    return new Member(role, new SplittableRandom(seed));
  }

  private synchronized List<String> push(int count) {
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      elements.add("e" + serial++);
    }
    pushing = elements;
    return elements;
  }

  private synchronized void pushed() {
    pushed.addAll(pushing);
    pushing = List.of();
  }

  private synchronized void popStarts() {
    popping++;
  }

  private synchronized void popEnds(@Nullable Object answer) {
    popping--;
    if (answer instanceof List<?> pair && !popped.add(String.valueOf(pair.get(1)))) {
      throw new AssertionError("delivered twice: " + pair);
    }
  }

  private synchronized void check(Wire wire) throws IOException {
    Set<String> present = new LinkedHashSet<>();
    for (String list : List.of(FIRST, SECOND, MOVED)) {
      if (!(wire.call("LRANGE", list, "0", "-1") instanceof List<?> items)) {
        throw new AssertionError("cannot read " + list);
      }
      long before = -1;
      for (Object item : items) {
        String element = String.valueOf(item);
        long number = Long.parseLong(element.substring(1));
        if (number <= before || !present.add(element)) {
          throw new AssertionError(element + " of " + list + " is out of order or there twice");
        }
        before = number;
        if (popped.contains(element)) {
          throw new AssertionError(element + " was delivered and is in " + list + " again");
        }
        if (!pushed.contains(element) && !pushing.contains(element)) {
          throw new AssertionError(element + " of " + list + " was never pushed");
        }
      }
    }
    for (String element : popped) {
      if (!pushed.contains(element) && !pushing.contains(element)) {
        throw new AssertionError(element + " was delivered but never pushed");
      }
    }
    long lost = pushed.stream().filter(e -> !present.contains(e) && !popped.contains(e)).count();
    if (lost > popping) {
      throw new AssertionError(
          lost + " acknowledged elements are lost, pops without an answer: " + popping);
    }
    long seen = pushing.stream().filter(e -> present.contains(e) || popped.contains(e)).count();
    if (seen > 0 && seen + popping < pushing.size()) {
      throw new AssertionError("half of a push is there: " + pushing);
    }
    wire.call("DEL", MOVED, FIRST, SECOND);
    pushed.clear();
    popped.clear();
    pushing = List.of();
    popping = 0;
  }

  private final class Member implements Actor {
    private final Role role;
    private final SplittableRandom random;
    private long acknowledged;

    Member(Role role, SplittableRandom random) {
      this.role = role;
      this.random = random;
    }

    @Override
    public long acknowledged() {
      return acknowledged;
    }

    @Override
    public void load(int port) throws IOException {
      try (Wire wire = new Wire(port)) {
        while (true) {
          switch (role) {
            case PUSH -> push(wire);
            case POP -> pop(wire);
            case MOVE -> refuse(wire.call("BLMOVE", SECOND, MOVED, "LEFT", "RIGHT", "0.05"));
          }
          acknowledged++;
        }
      }
    }

    private void push(Wire wire) throws IOException {
      List<String> command =
          new ArrayList<>(List.of("RPUSH", random.nextBoolean() ? FIRST : SECOND));
      command.addAll(Queues.this.push(1 + random.nextInt(3)));
      wire.send(command);
      wire.flush();
      refuse(wire.reply());
      pushed();
      // Gives the others time to run dry and block.
      Actor.breathe(random, 2_000);
    }

    private void pop(Wire wire) throws IOException {
      popStarts();
      Object answer = wire.call("BLPOP", FIRST, SECOND, "0.05");
      refuse(answer);
      popEnds(answer);
    }

    private static void refuse(@Nullable Object answer) {
      if (answer instanceof Wire.Failure failure) {
        throw new AssertionError("a queue answered " + failure);
      }
    }

    @Override
    public void check(Wire wire) throws IOException {
      if (role == Role.PUSH) {
        Queues.this.check(wire);
      }
    }
  }
}
