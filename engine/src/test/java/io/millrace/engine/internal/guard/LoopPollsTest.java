package io.millrace.engine.internal.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loops that use nothing of the engine can be ended once their class has been prepared. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoopPollsTest {
  /** What is run, twice: as it is, and prepared. */
  static final class Loops implements Runnable {
    private int rounds;

    @Override
    public void run() {
      switch (rounds) {
        case -1 -> forever();
        case -2 -> descend(80);
        default -> count();
      }
    }

    private void forever() {
      while (true) {
        rounds = -1;
      }
    }

    private int descend(int depth) {
      return depth < 2 ? 1 : descend(depth - 1) + descend(depth - 2);
    }

    private void count() {
      for (var i = 0; i < 10; i++) {
        for (var j : new int[] {1, 2}) {
          rounds += i % 2 == 0 ? j : -j;
        }
      }
      do {
        rounds++;
      } while (rounds < 100);
    }
  }

  private static final class Prepared extends ClassLoader {
    Prepared() {
      super(LoopPollsTest.class.getClassLoader());
    }

    Runnable loops(int rounds) throws IOException, ReflectiveOperationException {
      var name = Loops.class.getName();
      try (var in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        var bytes = LoopPolls.into(in.readAllBytes(), getParent());
        var made = defineClass(name, bytes, 0, bytes.length).getDeclaredConstructor();
        made.setAccessible(true);
        var loops = (Runnable) made.newInstance();
        var field = loops.getClass().getDeclaredField("rounds");
        field.setAccessible(true);
        field.set(loops, rounds);
        return loops;
      }
    }
  }

  @Test
  void theCodeDoesWhatItDid() throws Exception {
    new Prepared().loops(0).run();
  }

  @Test
  void anEndlessLoopAndAnEndlessRecursionEndWhenTold() throws Exception {
    for (var kind : new int[] {-1, -2}) {
      var loops = new Prepared().loops(kind);
      var self = Thread.currentThread();
      var teller =
          Thread.ofPlatform()
              .start(() -> {
                FoldPoll.tell(self);
              });
      assertThatThrownBy(loops::run).isInstanceOf(FoldLimitError.class);
      teller.join();
      FoldPoll.forget(self);
      FoldPoll.check();
      assertThat(self.isInterrupted()).isFalse();
    }
  }

  @Test
  void nobodyElseIsMeant() {
    var other = Thread.ofPlatform().unstarted(() -> {});
    FoldPoll.tell(other);
    try {
      FoldPoll.check();
    } finally {
      FoldPoll.forget(other);
    }
  }

  /** A class in memory, prepared. */
  private static final class Made extends ClassLoader {
    Class<?> of(String name, byte[] bytes) {
      var prepared = LoopPolls.into(bytes, LoopPollsTest.class.getClassLoader());
      return defineClass(name, prepared, 0, prepared.length);
    }
  }

  private static Object call(Class<?> made, String method) throws ReflectiveOperationException {
    return made.getDeclaredMethod(method).invoke(null);
  }

  @Test
  void aMethodWithoutRoomForACallStaysAsItIsAndTheOthersDoNot() throws Exception {
    var name = ClassDesc.of("made.Large");
    var number = MethodTypeDesc.of(ConstantDescs.CD_int);
    var bytes =
        ClassFile.of()
            .build(
                name,
                made -> {
                  made.withMethodBody(
                      "large",
                      number,
                      ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                      code -> {
                        for (var i = 0; i < 65_530; i++) {
                          code.nop();
                        }
                        code.invokestatic(name, "small", number).ireturn();
                      });
                  made.withMethodBody(
                      "small",
                      number,
                      ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                      code ->
                          code.iconst_1()
                              .invokestatic(
                                  ConstantDescs.CD_Integer,
                                  "bitCount",
                                  MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int))
                              .ireturn());
                });
    var made = new Made().of("made.Large", bytes);
    assertThat(call(made, "large")).isEqualTo(1);
    FoldPoll.tell(Thread.currentThread());
    try {
      assertThatThrownBy(() -> call(made, "small")).hasCauseInstanceOf(FoldLimitError.class);
    } finally {
      FoldPoll.forget(Thread.currentThread());
    }
  }
}
