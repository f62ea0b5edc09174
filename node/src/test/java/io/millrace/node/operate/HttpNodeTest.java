package io.millrace.node.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.http.HttpOptions;
import io.millrace.http.HttpServer;
import io.millrace.http.backend.HttpBackend;
import io.millrace.http.ingest.EventTarget;
import io.millrace.http.metrics.Health;
import io.millrace.http.query.StateReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HttpNodeTest {
  /** A node without depots, pstates and topologies. */
  private static final class Empty implements HttpBackend {
    @Override
    public @Nullable EventTarget depot(String module, String depot) {
      return null;
    }

    @Override
    public @Nullable StateReader pstate(String module, String pstate) {
      return null;
    }
  }

  @Test
  void anyPasswordIsShownAsItIs() throws Exception {
    var password = " p\u00e4ss:w\u20acrt ";
    var options = HttpOptions.loopback(0).withPassword(password);
    try (var door = HttpServer.open(options, Health::serving)) {
      door.serve(new Empty());
      try (var node = new HttpNode("127.0.0.1", door.port(), password)) {
        assertThat(node.topologies()).isEmpty();
      }
    }
  }

  @Test
  void whatIsNoHostIsSaidToBeNone() {
    assertThatThrownBy(() -> new HttpNode("a b", 1, "").close())
        .isInstanceOf(IOException.class)
        .hasMessage("'a b' is no host");
  }
}
