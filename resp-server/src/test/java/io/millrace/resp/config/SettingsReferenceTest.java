package io.millrace.resp.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/settings.md} to the table; {@code -Dmillrace.write=true} renews it. */
final class SettingsReferenceTest {
  @Test
  void thePageIsFresh() throws IOException {
    var page = root().resolve("docs/settings.md");
    var fresh = SettingsReference.page();
    if (Boolean.getBoolean("millrace.write")) {
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
}
