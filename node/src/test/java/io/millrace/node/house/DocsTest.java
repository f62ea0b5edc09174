package io.millrace.node.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The documents name what is there. */
class DocsTest {
  private static final Path ROOT =
      Path.of(System.getProperty("millrace.root", "..")).toAbsolutePath().normalize();

  /** A class in backticks; words of SQL and of Redis have no small letters. */
  private static final Pattern CLASS = Pattern.compile("`([A-Z][A-Za-z]*[a-z][A-Za-z]*)`");

  @Test
  void everyClassOfTheArchitectureIsInTheTree() throws IOException {
    var named = new TreeSet<String>();
    var matcher = CLASS.matcher(Files.readString(ROOT.resolve("docs/architecture.md")));
    while (matcher.find()) {
      named.add(matcher.group(1));
    }
    assertThat(named).hasSizeGreaterThan(40);
    try (var files = Files.walk(ROOT)) {
      var there =
          files
              .filter(file -> file.toString().contains("/src/"))
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .map(name -> name.substring(0, name.length() - ".java".length()))
              .collect(Collectors.toSet());
      named.removeAll(there);
    }
    assertThat(named).isEmpty();
  }

  @Test
  void everyDecisionIsInTheIndex() throws IOException {
    var decisions = ROOT.resolve("docs/adr");
    var index = Files.readString(decisions.resolve("README.md"));
    try (var files = Files.list(decisions)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.matches("[0-9]{4}-.*"))
          .isNotEmpty()
          .allSatisfy(name -> assertThat(index).contains("(" + name + ")"));
    }
  }
}
