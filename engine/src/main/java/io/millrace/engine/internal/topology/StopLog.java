package io.millrace.engine.internal.topology;

import io.millrace.engine.internal.stage.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;

/**
 * Says that a fold has failed for good, with the stack of the user's code. Where nobody has set up
 * a logger, as in many tests of modules, it goes to the one of the JDK: to standard error.
 */
final class StopLog {
  private static final Logger LOG = LoggerFactory.getLogger(StopLog.class);

  private StopLog() {}

  static void stopped(Stage stage, String place, int attempts, Throwable error) {
    var origin = stage.origin;
    say(
        LOG,
        "topology "
            + stage.stream
            + " stopped: depot="
            + origin.depot()
            + " partition="
            + origin.partition()
            + " offset="
            + origin.offset()
            + " at "
            + place
            + " on task "
            + stage.task
            + " after "
            + attempts
            + " attempts; resume it when its code is mended, or skip the event",
        error);
  }

  /** Logs where somebody looks. */
  static void say(Logger log, String what, Throwable error) {
    if (log instanceof NOPLogger) {
      System.getLogger(StopLog.class.getName()).log(System.Logger.Level.ERROR, what, error);
    } else {
      log.error(what, error);
    }
  }
}
