package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data directory of format 1, left by a killed server, is read by this build. */
class FormatPackagedIT {
  @TempDir Path directory;

  @Test
  void aKilledServersDirectoryOfFormat1IsFoundWholeAndGoesOn() throws Exception {
    var archive = directory.resolve(FormatFixture.ARCHIVE);
    Files.write(archive, resource(FormatFixture.ARCHIVE));
    FormatFixture.tar("-xzf", archive.toString(), "-C", directory.toString());
    var expected = new String(resource(FormatFixture.ANSWERS), StandardCharsets.UTF_8);
    for (var round = 0; round < 2; round++) {
      var port = PackagedServer.freePort();
      var arguments = FormatFixture.arguments(directory, port);
      try (var server = PackagedServer.start(directory, arguments).awaitReady();
          var client = RedisClient.create(FormatFixture.uri(port));
          var connection = client.connect()) {
        var redis = connection.sync();
        assertThat(FormatFixture.answers(redis)).as("round %d", round).isEqualTo(expected);
        assertThat(FormatFixture.ask(redis, "SAVE")).contains("OK");
        assertThat(server.terminate()).isZero();
      }
    }
  }

  private static byte[] resource(String name) throws Exception {
    try (var in = FormatPackagedIT.class.getResourceAsStream(FormatFixture.FOLDER + name)) {
      return java.util.Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
