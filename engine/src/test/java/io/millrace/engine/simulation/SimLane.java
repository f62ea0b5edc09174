package io.millrace.engine.simulation;

import io.millrace.engine.state.Execution;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.NotResidentException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A lane as a state machine: each call is one step of its turn. */
final class SimLane {
  /** Where in its turn it stands. */
  enum At {
    IDLE,
    HOLDING,
    LET_GO,
    WRITTEN
  }

  /**
   * An answer that waits.
   *
   * @param position what it says it must wait for
   * @param needed position behind the newest record that it shows
   */
  record Reply(String what, long position, long needed) {}

  private final Simulation simulation;
  private final Lane lane;
  private final ConcurrentLinkedDeque<Runnable> wakes;
  private final List<Reply> replies = new ArrayList<>();
  private final ArrayDeque<String> unpublished = new ArrayDeque<>();
  private @Nullable Execution held;
  private int left;
  private At at = At.IDLE;

  SimLane(Simulation simulation) {
    this.simulation = simulation;
    ConcurrentLinkedDeque<Runnable> queue = new ConcurrentLinkedDeque<>();
    wakes = queue;
    lane = simulation.machine.host().node().lane(queue::add);
  }

  At at() {
    return at;
  }

  boolean holding() {
    return at == At.HOLDING;
  }

  /** The next step of the turn; false when it is not possible now. */
  boolean step(boolean lockFree) {
    switch (at) {
      case IDLE -> {
        if (!lockFree || !lane.hasRoom(8 << 10)) {
          return false;
        }
        held = lane.hold();
        simulation.tally.holds++;
        left = 1 + simulation.random.nextInt(5);
        at = At.HOLDING;
      }
      case HOLDING -> executeOrLetGo();
      case LET_GO -> write(lockFree);
      case WRITTEN -> {
        for (Reply reply : replies) {
          if (simulation.plant == Plant.RELEASE_ABOVE_WATERMARK) {
            simulation.told(reply);
          } else {
            lane.whenReleased(reply.position, () -> simulation.told(reply));
          }
        }
        replies.clear();
        at = At.IDLE;
      }
    }
    return true;
  }

  private void executeOrLetGo() {
    if (left-- > 0) {
      Execution x = Objects.requireNonNull(held);
      try {
        simulation.command(this, x);
        lane.next();
      } catch (NotResidentException e) {
        load(e);
      }
      return;
    }
    lane.release();
    held = null;
    at = At.LET_GO;
    if (simulation.plant == Plant.REPLY_BEFORE_WRITE) {
      replies.forEach(simulation::told);
      replies.clear();
    }
  }

  private void load(NotResidentException missing) {
    lane.release();
    lane.write();
    CountDownLatch loaded = new CountDownLatch(1);
    lane.load(missing, loaded::countDown);
    while (loaded.getCount() > 0) {
      Runnable wake = wakes.poll();
      if (wake == null) {
        Thread.onSpinWait();
      } else {
        wake.run();
      }
    }
    held = lane.hold();
  }

  private void write(boolean lockFree) {
    if (!unpublished.isEmpty()) {
      if (lockFree) {
        Execution x = lane.hold();
        String body = unpublished.remove();
        simulation.append(this, body, x);
        lane.release();
      }
      return;
    }
    lane.write();
    simulation.tally.writes++;
    at = At.WRITTEN;
  }

  /** A fault: the effect is there, its record comes when the lock was given away. */
  void publishLater(String body) {
    unpublished.add(body);
  }

  void reply(Reply reply) {
    replies.add(reply);
  }

  /** Lets go of the lock if it holds it. */
  void stop() {
    if (holding()) {
      left = 0;
      executeOrLetGo();
    }
  }

  /** Runs one thing the watermark woke. */
  boolean wake() {
    Runnable wake = wakes.poll();
    if (wake == null) {
      return false;
    }
    wake.run();
    return true;
  }

  /** Takes the lock for somebody who only looks. */
  Execution look() {
    return lane.hold();
  }

  void looked() {
    lane.release();
  }
}
