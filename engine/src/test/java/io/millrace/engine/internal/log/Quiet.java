package io.millrace.engine.internal.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Silences the log of this package while a test makes thousands of torn tails. */
public final class Quiet implements AutoCloseable {
  private final Logger logger =
      (Logger) LoggerFactory.getLogger(Quiet.class.getPackage().getName());

  public Quiet() {
    logger.setLevel(Level.OFF);
  }

  @Override
  public void close() {
    logger.setLevel(null);
  }
}
