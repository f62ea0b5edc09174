package io.millrace.sql.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NicenessTest {
  @Test
  @EnabledOnOs(OS.LINUX)
  void onlyTheThreadThatAsksStepsBack() throws Exception {
    var before = nice();
    var inside = new AtomicReference<String>("");
    var done = new AtomicReference<>(false);
    var thread =
        new Thread(() -> {
          try {
            done.set(ThreadPriority.more(19));
            inside.set(nice());
          } catch (Exception e) {
            inside.set(e.toString());
          }
        });
    thread.start();
    thread.join();
    assertThat(done.get()).isEqualTo(ThreadPriority.class.getModule().isNativeAccessEnabled());
    assertThat(inside.get()).isEqualTo(done.get() ? "19" : before);
    assertThat(nice()).isEqualTo(before);
  }

  /** Field 19 of the thread's line; the second, in parentheses, may hold spaces. */
  private static String nice() throws Exception {
    var line = Files.readString(Path.of("/proc/thread-self/stat"));
    return line.substring(line.lastIndexOf(')') + 2).split(" ")[16];
  }
}
