package io.millrace.resp.command.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.resp.RedisCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/commands.md} to the declarations; {@code -Dmillrace.write=true} renews it. */
final class CommandReferenceTest {
  @Test
  void theReferencePageIsFresh() throws IOException {
    var page = root().resolve("docs/commands.md");
    var fresh = CommandReference.page(RedisCommands.handlers().table());
    if (Boolean.getBoolean("millrace.write")) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, fresh);
    }
    assertThat(Files.exists(page) ? Files.readString(page) : "")
        .as("renew it with -Dmillrace.write=true")
        .isEqualTo(fresh);
  }

  private static Path root() {
    var at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("resp-server"))) {
      at = at.getParent();
    }
    return java.util.Objects.requireNonNull(at);
  }

  @Test
  void arityFollowsFromTheGrammar() {
    var table = RedisCommands.handlers().table();
    assertThat(arity(table, "GET")).isEqualTo(2);
    assertThat(arity(table, "SET")).isEqualTo(-3);
    assertThat(arity(table, "MSET")).isEqualTo(-3);
    assertThat(arity(table, "EXPIRE")).isEqualTo(-3);
    assertThat(arity(table, "HSET")).isEqualTo(-4);
    assertThat(arity(table, "PING")).isEqualTo(-1);
    assertThat(arity(table, "COPY")).isEqualTo(-3);
  }

  private static int arity(CommandTable table, String name) {
    return java.util.Objects.requireNonNull(table.find(name)).arity();
  }
}
