package io.millrace.resp.differential;

import java.io.IOException;

/** The server that is compared with {@code redis-server}. */
interface Target extends AutoCloseable {
  int port();

  /** Ends the server as a crash would and starts it on the same data; nothing is under way. */
  void crash() throws IOException;

  @Override
  void close() throws IOException;
}
