package io.millrace.sql.wire;

import io.millrace.sql.parse.Statement;
import io.millrace.sql.session.Prepared;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What has been read of the message at hand. An event loop may leave a message to a worker, or
 * begin it again when an entry is in memory: whoever handles it then goes on with what is here.
 */
final class QueryDraft {
  private final Function<String, List<Statement>> reader;
  private @Nullable Frame frame;
  private @Nullable List<Statement> statements;
  private @Nullable Prepared prepared;

  /** A draft of nothing, for texts that a reader cuts into statements. */
  QueryDraft(Function<String, List<Statement>> reader) {
    this.reader = reader;
  }

  /** Begins a message; what is known of another one is forgotten. */
  @SuppressWarnings("ReferenceEquality") // it is the message itself that is handled again
  void begin(Frame message) {
    if (frame != message) {
      forget();
      frame = message;
    }
  }

  /** The message has been handled. */
  void forget() {
    frame = null;
    statements = null;
    prepared = null;
  }

  /** The statements of the message's text. */
  List<Statement> statements(String sql) {
    var known = statements;
    if (known == null) {
      known = reader.apply(sql);
      statements = known;
    }
    return known;
  }

  /** The message's only statement, if it has been prepared. */
  @Nullable Prepared prepared() {
    return prepared;
  }

  /** The message's only statement has been prepared. */
  void prepared(Prepared only) {
    prepared = only;
  }
}
