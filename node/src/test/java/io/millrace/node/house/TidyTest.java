package io.millrace.node.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** House rules that no other tool holds: sizes, leftovers and words that must not stay. */
class TidyTest {
  private static final int FILE_LINES = 600;
  private static final int METHOD_LINES = 70;
  private static final int HOT_METHOD_LINES = 100;

  /** Leftover markers; written in pieces so that this file passes its own test. */
  private static final Pattern MARKERS =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b|@Dis" + "abled\\b");

  private static final List<Ban> BANS =
      List.of(
          new Ban("Thread\\.sl" + "eep\\(", ".*/src/test/.*", "await a condition instead"),
          new Ban("import org\\.moc" + "kito", ".*", "write a fake by hand"),
          new Ban("java\\.io\\.Object(In|Out)putStr" + "eam", ".*", "declare a codec"),
          new Ban(
              "System\\.(out|err)\\.pr" + "int",
              ".*/(engine|resp-server|sql-gateway|http-gateway)/src/main/.*",
              "log"),
          new Ban("\\.printSt" + "ackTrace\\(", ".*", "log or throw"),
          new Ban(
              "repo1?\\.mav" + "en\\.|registry\\.npm" + "js", ".*", "no registry host in the tree"),
          new Ban(
              "(?<![\\w.])(~/\\.m" + "2|/wo" + "rk/|/ro" + "ot/)", ".*", "no path of one machine"));

  private record Ban(Pattern pattern, Pattern where, String instead) {
    Ban(String pattern, String where, String instead) {
      this(Pattern.compile(pattern), Pattern.compile(where), instead);
    }
  }

  private static Path root() {
    return Path.of(System.getProperty("millrace.root", "..")).toAbsolutePath().normalize();
  }

  private static List<Path> files(String glob) {
    var matcher = root().getFileSystem().getPathMatcher("glob:" + glob);
    try (Stream<Path> all = Files.walk(root())) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !isBuildOutput(root().relativize(file)))
          .filter(matcher::matches)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isBuildOutput(Path relative) {
    for (var part : relative) {
      var name = part.toString();
      if (name.equals("target") || name.equals(".git") || name.equals("node_modules")) {
        return true;
      }
    }
    return relative.startsWith("data");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path file) {
    return root().relativize(file).toString();
  }

  @Test
  void noLeftoverMarkers() {
    var found = new ArrayList<String>();
    for (var file : files("**/*.{java,md,xml,sh,js,sql,properties}")) {
      eachLine(
          file,
          (number, line) -> {
            if (MARKERS.matcher(line).find()) {
              found.add(name(file) + ":" + number + ": " + line.strip());
            }
          });
    }
    assertThat(found).isEmpty();
  }

  @Test
  void noBannedWords() {
    var found = new ArrayList<String>();
    for (var file : files("**/*.{java,md,xml,sh,js,sql,properties,conf}")) {
      eachLine(
          file,
          (number, line) -> {
            for (var ban : BANS) {
              if (ban.where.matcher(file.toString()).matches()
                  && ban.pattern.matcher(line).find()) {
                found.add(name(file) + ":" + number + ": " + ban.instead + ": " + line.strip());
              }
            }
          });
    }
    assertThat(found).isEmpty();
  }

  @Test
  void filesStayReadable() {
    var tooLong = new ArrayList<String>();
    for (var file : files("**/*.java")) {
      var text = read(file);
      var lines = text.lines().count();
      if (lines > FILE_LINES && !isHot(text) && !hasEssay(text)) {
        tooLong.add(name(file) + " has " + lines + " lines");
      }
      if (!text.endsWith("\n") || text.endsWith("\n\n")) {
        tooLong.add(name(file) + " must end with one line break");
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void everyPackageIsNullMarked() {
    var missing = new ArrayList<String>();
    for (var file : files("**/src/main/java/**/*.java")) {
      var info = file.resolveSibling("package-info.java");
      if (!Files.exists(info) || !read(info).contains("@NullMarked")) {
        missing.add(name(info));
      }
    }
    assertThat(missing.stream().distinct()).isEmpty();
  }

  @Test
  void methodsStayShort() throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var tooLong = new ArrayList<String>();
    try (var manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      var sources = manager.getJavaFileObjectsFromPaths(files("**/src/*/java/**/*.java"));
      var task = (JavacTask) compiler.getTask(null, manager, null, null, null, sources);
      var positions = Trees.instance(task).getSourcePositions();
      for (var unit : task.parse()) {
        unit.accept(new MethodLengths(unit, positions, tooLong), null);
      }
    }
    assertThat(tooLong).isEmpty();
  }

  private static boolean isHot(String text) {
    return text.contains("@HotPath(");
  }

  /** A block comment of at least eight lines just inside the class says why it is one thing. */
  private static boolean hasEssay(String text) {
    return Pattern.compile("\\{\\s*/\\*(?!\\*)(?:[^\\n]*\\n){8,}?.*?\\*/", Pattern.DOTALL)
        .matcher(text)
        .find();
  }

  private interface LineCheck {
    void check(int number, String line);
  }

  private static void eachLine(Path file, LineCheck check) {
    var number = 0;
    for (var line : read(file).split("\n", -1)) {
      check.check(++number, line);
    }
  }

  private static final class MethodLengths extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> tooLong;
    private boolean hot;

    MethodLengths(CompilationUnitTree unit, SourcePositions positions, List<String> tooLong) {
      this.unit = unit;
      this.positions = positions;
      this.tooLong = tooLong;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
      var outer = hot;
      hot = hot || type.getModifiers().toString().contains("@HotPath");
      super.visitClass(type, null);
      hot = outer;
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
      var map = unit.getLineMap();
      var first = map.getLineNumber(positions.getStartPosition(unit, method));
      var last = map.getLineNumber(positions.getEndPosition(unit, method));
      var lines = last - first + 1;
      if (lines > (hot ? HOT_METHOD_LINES : METHOD_LINES)) {
        tooLong.add(
            name(Path.of(unit.getSourceFile().toUri()))
                + ":"
                + first
                + " "
                + method.getName()
                + " has "
                + lines
                + " lines");
      }
      return super.visitMethod(method, null);
    }
  }
}
