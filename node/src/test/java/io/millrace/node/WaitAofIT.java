package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WAITAOF tells when what a client wrote would survive a power cut. */
class WaitAofIT {
  @TempDir Path directory;

  /** Sends a command and reads so many lines of its reply. */
  private static String ask(Socket socket, BufferedReader in, String line, int lines)
      throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      all.append(in.readLine()).append(' ');
    }
    return all.toString().strip();
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"always", "everysec"})
  void itAnswersOnceTheWritesAreOnDisk(String fsync) throws Exception {
    try (var node = LocalNode.start(directory, "--appendfsync", fsync);
        var socket = new Socket("127.0.0.1", node.node().respPort())) {
      socket.setSoTimeout(20_000);
      var in = reader(socket);
      assertThat(ask(socket, in, "WAITAOF 1 0 0", 3)).as("nothing written").isEqualTo("*2 :1 :0");
      for (int i = 0; i < 3; i++) {
        assertThat(ask(socket, in, "SET k " + i, 1)).isEqualTo("+OK");
        assertThat(ask(socket, in, "WAITAOF 1 0 0", 3)).isEqualTo("*2 :1 :0");
      }
    }
  }

  @Test
  void whereNothingIsSyncedItAnswersWhenTheTimeIsUp() throws Exception {
    try (var node = LocalNode.start(directory, "--appendfsync", "no");
        var socket = new Socket("127.0.0.1", node.node().respPort())) {
      socket.setSoTimeout(20_000);
      var in = reader(socket);
      assertThat(ask(socket, in, "SET k v", 1)).isEqualTo("+OK");
      assertThat(ask(socket, in, "WAITAOF 1 0 50", 3)).isEqualTo("*2 :0 :0");
      assertThat(ask(socket, in, "WAITAOF 0 0 50", 3)).isEqualTo("*2 :0 :0");
      assertThat(ask(socket, in, "GET k", 2)).isEqualTo("$1 v");
    }
  }
}
