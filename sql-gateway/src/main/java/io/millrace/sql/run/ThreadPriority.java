package io.millrace.sql.run;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the threads that run statements step back behind those that answer in microseconds. On
 * Linux, {@code nice} concerns the calling thread alone, and anybody may ask for less; Java's own
 * priorities do nothing there without a flag that complains unless one is root.
 */
public final class ThreadPriority {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadPriority.class);

  private ThreadPriority() {}

  /**
   * Lowers the priority of the calling thread; does nothing where that is not possible.
   *
   * @param by how much nicer than it is now
   * @return whether it was done
   */
  public static boolean more(int by) {
    var allowed = ThreadPriority.class.getModule().isNativeAccessEnabled();
    if (!allowed || !System.getProperty("os.name", "").equals("Linux")) {
      return false;
    }
    try {
      var linker = Linker.nativeLinker();
      var whole = ValueLayout.JAVA_INT;
      var function = linker.defaultLookup().find("nice").orElseThrow();
      var call = linker.downcallHandle(function, FunctionDescriptor.of(whole, whole));
      var ignored = (int) call.invokeExact(by);
      return true;
    } catch (Throwable refused) {
      LOG.debug("no nice value for {}", Thread.currentThread().getName(), refused);
      return false;
    }
  }
}
