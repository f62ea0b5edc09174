package io.millrace.engine.internal.guard;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashSet;
import java.util.Set;

/**
 * Puts a call of {@link FoldPoll#check} into every loop of a class, and at the begin of every
 * method that calls others: then an endless loop or recursion of a module's code can be ended.
 */
public final class LoopPolls {
  private static final ClassDesc POLL = ClassDesc.of(FoldPoll.class.getName());
  private static final MethodTypeDesc CHECK = MethodTypeDesc.of(ConstantDescs.CD_void);

  /** A method has room for 64 KiB of code; one of more than this is left as it is. */
  private static final int MOST_CODE = 32 << 10;

  private LoopPolls() {}

  /**
   * The class with the calls in it.
   *
   * @param bytes a class file
   * @param loader finds the classes it mentions
   */
  public static byte[] into(byte[] bytes, ClassLoader loader) {
    var hierarchy =
        ClassHierarchyResolver.ofResourceParsing(loader)
            .orElse(ClassHierarchyResolver.defaultResolver());
    var files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
    return files.transformClass(
        files.parse(bytes),
        (builder, element) -> {
          if (element instanceof MethodModel method && hasRoom(method)) {
            var polls = polls(calls(method.code().orElseThrow()));
            builder.transformMethod(
                method,
                (code, part) -> {
                  if (part instanceof CodeModel model) {
                    code.transformCode(model, polls);
                  } else {
                    code.with(part);
                  }
                });
          } else {
            builder.with(element);
          }
        });
  }

  private static boolean hasRoom(MethodModel method) {
    var code = method.findAttribute(Attributes.code());
    return code.isPresent() && code.get().codeLength() <= MOST_CODE;
  }

  private static boolean calls(CodeModel code) {
    for (var element : code) {
      if (element instanceof InvokeInstruction || element instanceof InvokeDynamicInstruction) {
        return true;
      }
    }
    return false;
  }

  private static CodeTransform polls(boolean atStart) {
    return new CodeTransform() {
      private final Set<Label> passed = new HashSet<>();

      @Override
      public void atStart(CodeBuilder builder) {
        if (atStart) {
          builder.invokestatic(POLL, "check", CHECK);
        }
      }

      @Override
      public void accept(CodeBuilder builder, CodeElement element) {
        if (element instanceof LabelTarget target) {
          passed.add(target.label());
        } else if (element instanceof BranchInstruction branch
            && passed.contains(branch.target())) {
          builder.invokestatic(POLL, "check", CHECK);
        }
        builder.with(element);
      }
    };
  }
}
