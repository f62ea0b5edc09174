package io.millrace.node.crash;

import io.millrace.engine.internal.log.PlantedLatePublisher;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Deliberate breaches of the invariants, woven into compiled classes of the product that stand in
 * front of the real ones on a server's class path. The product itself knows nothing of them.
 */
enum PlantedFault {
  /** The journal is let go of up to what is written, not up to the durable cut. */
  TRUNCATES_AT_THE_WRITTEN_POSITION {
    @Override
    void plant(Path target) throws IOException {
      weave(
          target,
          CHECKPOINTER,
          "make",
          call(
              "truncateBefore",
              (code, invoke) -> {
                ClassDesc path = ClassDesc.of("java.nio.file.Path");
                int archive = code.allocateLocal(java.lang.classfile.TypeKind.REFERENCE);
                code.astore(archive).pop2().dup();
                code.invokevirtual(JOURNAL, "written", MethodTypeDesc.of(ConstantDescs.CD_long));
                code.aload(archive).checkcast(path);
                code.with(invoke);
              }));
    }
  },

  /** Each table of a cut is committed by itself, not all of them as one batch. */
  COMMITS_PER_TASK {
    @Override
    void plant(Path target) throws IOException {
      ClassDesc batch = ClassDesc.of(STORE + "cold.ColdBatch");
      weave(
          target,
          STORE + "cut.CutWriter",
          "collectTable",
          (code, element) -> {
            if (element instanceof ReturnInstruction) {
              code.aload(2);
              code.invokeinterface(batch, "write", MethodTypeDesc.of(ConstantDescs.CD_long));
              code.pop2();
            }
            code.with(element);
            return element instanceof ReturnInstruction;
          });
    }
  },

  /** A turn sends its replies first and writes the journal after that. */
  REPLIES_BEFORE_THE_WRITE {
    @Override
    void plant(Path target) throws IOException {
      String lane = "io.millrace.resp.net.RespLane";
      ClassDesc engineLane = ClassDesc.of("io.millrace.engine.state.Lane");
      ClassDesc self = ClassDesc.of(lane);
      weave(
          target,
          lane,
          (method, code, element) -> {
            if (method.equals("turn") && named(element, "write")) {
              code.pop();
              return true;
            }
            if (method.equals("turn") && named(element, "load")) {
              code.with(element);
              code.aload(0).getfield(self, "lane", engineLane);
              code.invokeinterface(engineLane, "write", MethodTypeDesc.of(ConstantDescs.CD_void));
              return true;
            }
            if (method.equals("released") && named(element, "released")) {
              code.pop().loadConstant(Long.MAX_VALUE);
              return true;
            }
            code.with(element);
            return false;
          });
    }
  },

  /** Records are published only after the execution lock has been let go. */
  PUBLISHES_AFTER_LETTING_GO {
    @Override
    void plant(Path target) throws IOException {
      ClassDesc planted = ClassDesc.of(PlantedLatePublisher.class.getName());
      weave(
          target,
          JOURNAL_NAME,
          "append",
          call(
              "append",
              (code, invoke) -> {
                MethodTypeDesc instance = invoke.typeSymbol();
                MethodTypeDesc plain =
                    instance.insertParameterTypes(0, ClassDesc.of(LOG + "JournalBuffer"));
                code.invokestatic(planted, "append", plain);
              }));
      weave(
          target,
          RUNTIME + "NodeLock",
          "release",
          call(
              "set",
              (code, invoke) -> {
                code.with(invoke);
                code.invokestatic(planted, "publish", MethodTypeDesc.of(ConstantDescs.CD_void));
              }));
    }
  },

  /** Under memory pressure a dirty value goes to the cold tier between two cuts. */
  SPILLS_A_DIRTY_VALUE {
    @Override
    void plant(Path target) throws IOException {
      ClassDesc evictor = ClassDesc.of(HOT + "HotEvictor");
      ClassDesc residency = ClassDesc.of(HOT + "Residency");
      ClassDesc table = ClassDesc.of(HOT + "HashTable");
      ClassDesc bytes = ConstantDescs.CD_byte.arrayType();
      weave(
          target,
          HOT + "HotEvictor",
          "step",
          call(
              "evictable",
              (code, invoke) -> {
                // The locals of step(): handle 1, array 2, offset 3, generation 4, table 5.
                code.aload(0).getfield(evictor, "residency", residency);
                code.aload(0).getfield(evictor, "seed", ConstantDescs.CD_long);
                code.aload(5).aload(2).iload(3);
                code.invokestatic(
                    ClassDesc.of(HOT + "PlantedSpill"),
                    "evictable",
                    MethodTypeDesc.of(
                        ConstantDescs.CD_boolean,
                        ClassDesc.of(HOT + "Changes"),
                        ConstantDescs.CD_int,
                        residency,
                        ConstantDescs.CD_long,
                        table,
                        bytes,
                        ConstantDescs.CD_int));
              }));
    }
  },

  /** Replay emits what the journal already holds. */
  EMITS_A_LOGGED_HOP_TWICE {
    @Override
    void plant(Path target) throws IOException {
      weave(
          target,
          RUNTIME + "Emissions",
          "shown",
          call(
              "remove",
              (code, invoke) ->
                  code.invokeinterface(invoke.owner().asSymbol(), "get", invoke.typeSymbol())));
    }
  };

  private static final String INTERNAL = "io.millrace.engine.internal.";
  private static final String LOG = INTERNAL + "log.";
  private static final String STORE = INTERNAL + "store.";
  private static final String HOT = STORE + "hot.";
  private static final String RUNTIME = INTERNAL + "runtime.";
  private static final String CHECKPOINTER = INTERNAL + "node.Checkpointer";
  private static final String JOURNAL_NAME = LOG + "Journal";
  private static final ClassDesc JOURNAL = ClassDesc.of(JOURNAL_NAME);

  /** Writes the changed classes below a directory. */
  abstract void plant(Path target) throws IOException;

  /** Rewrites one element of a method; true when it changed something. */
  private interface Change {
    boolean apply(CodeBuilder code, CodeElement element);
  }

  /** The same for several methods. */
  private interface Changes {
    boolean apply(String method, CodeBuilder code, CodeElement element);
  }

  /** What takes the place of a call. */
  private interface Replacement {
    void write(CodeBuilder code, InvokeInstruction invoke);
  }

  private static boolean named(CodeElement element, String method) {
    return element instanceof InvokeInstruction invoke && invoke.name().equalsString(method);
  }

  private static Change call(String method, Replacement replacement) {
    return (code, element) -> {
      if (element instanceof InvokeInstruction invoke && named(element, method)) {
        replacement.write(code, invoke);
        return true;
      }
      code.with(element);
      return false;
    };
  }

  private static void weave(Path target, String type, String method, Change change)
      throws IOException {
    weave(
        target,
        type,
        (name, code, element) -> {
          if (name.equals(method)) {
            return change.apply(code, element);
          }
          code.with(element);
          return false;
        });
  }

  private static void weave(Path target, String type, Changes changes) throws IOException {
    String file = type.replace('.', '/') + ".class";
    AtomicInteger changed = new AtomicInteger();
    ClassTransform transform =
        (builder, element) -> {
          if (!(element instanceof MethodModel method) || method.code().isEmpty()) {
            builder.with(element);
            return;
          }
          String name = method.methodName().stringValue();
          CodeTransform code =
              (to, part) -> {
                if (changes.apply(name, to, part)) {
                  changed.incrementAndGet();
                }
              };
          builder.transformMethod(
              method,
              (to, part) -> {
                if (part instanceof CodeModel body) {
                  to.transformCode(body, code);
                } else {
                  to.with(part);
                }
              });
        };
    try (InputStream in = PlantedFault.class.getClassLoader().getResourceAsStream(file)) {
      ClassFile classes = ClassFile.of();
      ClassModel model = classes.parse(Objects.requireNonNull(in, file).readAllBytes());
      Path to = target.resolve(file);
      Files.createDirectories(Objects.requireNonNull(to.getParent()));
      Files.write(to, classes.transformClass(model, transform));
    }
    if (changed.get() == 0) {
      throw new IllegalStateException("nothing to plant a fault in: " + type);
    }
  }
}
