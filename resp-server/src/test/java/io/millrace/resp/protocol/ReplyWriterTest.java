package io.millrace.resp.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Replies up to their limit and beyond. */
final class ReplyWriterTest {
  private static final int LIMIT = 1000;

  private final ReplyWriter reply = new ReplyWriter(LIMIT);

  private String text(int from) {
    return new String(reply.array(), from, reply.size() - from, StandardCharsets.ISO_8859_1);
  }

  private void fill(int bytes) {
    reply.bulk(new byte[bytes]);
  }

  @Test
  void aReadThatBecomesTooLargeEnds() {
    reply.begin(false);
    for (int i = 0; i < 32; i++) {
      fill(1000);
      reply.reset(0);
    }
    reply.begin(false);
    assertThatThrownBy(() -> fill(100_000)).hasMessageStartingWith("OOM the reply is larger");
    assertThatThrownBy(() -> reply.array(1L << 40)).hasMessageStartingWith("OOM the reply is");
  }

  @Test
  void aWriteThatBecomesTooLargeGoesOnAndIsAnsweredByAnError() {
    reply.ok();
    int mark = reply.size();
    reply.begin(true);
    reply.array(3);
    fill(100_000);
    for (int i = 0; i < 10_000; i++) {
      fill(700);
      reply.integer(i);
    }
    int size = reply.size();
    reply.wrapArray(mark + 5, 3);
    assertThat(reply.size()).isEqualTo(size);
    reply.end();
    assertThat(text(0)).startsWith("+OK\r\n-OOM the command was executed").endsWith("once\r\n");
    reply.begin(true);
    reply.ok();
    reply.end();
    assertThat(text(0)).endsWith("once\r\n+OK\r\n");
  }

  @Test
  void errorsAlwaysHaveRoom() {
    reply.begin(false);
    for (int i = 0; i < 10_000; i++) {
      reply.error("OOM");
    }
    assertThat(reply.size()).isEqualTo(60_000);
  }
}
