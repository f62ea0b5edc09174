package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.module.EngineModule;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModuleLoaderTest {
  private static final ClassDesc HELPER = ClassDesc.of("some.Helper");
  private static final MethodTypeDesc NUMBER = MethodTypeDesc.of(ConstantDescs.CD_int);

  @TempDir Path folder;

  /** {@code some.Entry}, whose {@code call} asks {@code some.Helper}, known in its package only. */
  private Path jar() throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
    var entry =
        ClassFile.of()
            .build(
                ClassDesc.of("some.Entry"),
                made ->
                    made.withFlags(ClassFile.ACC_PUBLIC)
                        .withMethodBody(
                            "call",
                            NUMBER,
                            ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                            code -> code.invokestatic(HELPER, "number", NUMBER).ireturn()));
    var jar = folder.resolve("module.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      add(out, "META-INF/services/" + EngineModule.class.getName(), "some.Entry".getBytes());
      add(out, "some/Entry.class", entry);
      add(out, "some/Helper.class", helper(8));
      add(out, "META-INF/versions/21/some/Helper.class", helper(21));
    }
    return jar;
  }

  private static byte[] helper(int number) {
    return ClassFile.of()
        .build(
            HELPER,
            made ->
                made.withFlags(0)
                    .withMethodBody(
                        "number",
                        NUMBER,
                        ClassFile.ACC_STATIC,
                        code -> code.loadConstant(number).ireturn()));
  }

  private static void add(JarOutputStream out, String name, byte[] bytes) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(bytes);
  }

  @Test
  void aJarWithPartsForNewerJavaVersionsIsOneJar() throws Exception {
    try (var classPath =
        new URLClassLoader(
            new URL[] {jar().toUri().toURL()}, ModuleLoaderTest.class.getClassLoader())) {
      var entry = ModuleLoader.over(classPath).loadClass("some.Entry");
      assertThat(entry.getMethod("call").invoke(null)).isEqualTo(21);
    }
  }
}
