package io.millrace.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.millrace.node.config.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.LoggerFactory;

/** Log lines as Redis writes them: process and role, date, a sign for the level, the message. */
public final class NodeLogging extends ContextAwareBase implements Configurator {
  private static final String PATTERN =
      ProcessHandle.current().pid()
          + ":M %d{dd MMM yyyy HH:mm:ss.SSS} "
          + "%replace(%replace(%replace(%replace(%level){'INFO','*'}){'WARN','#'}){'ERROR','#'})"
          + "{'DEBUG','.'} %msg%n%ex{full}";

  /** Made by logback when the first logger is asked for. */
  public NodeLogging() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    var console = new ConsoleAppender<ILoggingEvent>();
    attach(context, console, "console");
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
    context.getLogger("io.netty").setLevel(Level.WARN);
    context.getLogger("org.apache.calcite").setLevel(Level.WARN);
    context.getLogger("com.tngtech").setLevel(Level.WARN);
    context.getLogger("io.lettuce").setLevel(Level.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Applies the level and file of a node's configuration. */
  static void apply(NodeConfig config) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    level(config.text("loglevel"));
    var file = config.text("logfile");
    if (!file.isEmpty()) {
      root.detachAndStopAllAppenders();
      forItsOwner(Path.of(file));
      var appender = new FileAppender<ILoggingEvent>();
      appender.setFile(file);
      attach(context, appender, "file");
    }
  }

  /** Makes the file when it is missing: what is logged may name keys and clients. */
  private static void forItsOwner(Path file) {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (IOException | UnsupportedOperationException present) {
      // It is there already, or the appender tells what is wrong with it.
      return;
    }
  }

  private static void attach(
      LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, String name) {
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    appender.setContext(context);
    appender.setName(name);
    appender.setEncoder(encoder);
    appender.start();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
  }

  /** Changes what is logged. */
  static void level(String name) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(levelOf(name));
  }

  private static Level levelOf(String name) {
    return switch (name) {
      case "debug" -> Level.DEBUG;
      case "warning" -> Level.WARN;
      case "nothing" -> Level.OFF;
      default -> Level.INFO;
    };
  }
}
