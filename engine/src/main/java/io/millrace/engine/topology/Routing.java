package io.millrace.engine.topology;

import io.millrace.engine.event.KeyName;
import org.jspecify.annotations.Nullable;

/**
 * What is known, while a module is being defined, about the task a flow is on.
 *
 * @param kind how much is known
 * @param key the component the flow is routed by, when known
 */
record Routing(Kind kind, @Nullable KeyName key) {
  enum Kind {
    /** On the task of {@link #key} of the present value. */
    KEY,
    /** On task 0. */
    GLOBAL,
    /** On some task: only the run knows. */
    UNKNOWN
  }

  static Routing by(@Nullable KeyName key) {
    return key == null ? unknown() : new Routing(Kind.KEY, key);
  }

  static Routing global() {
    return new Routing(Kind.GLOBAL, null);
  }

  static Routing unknown() {
    return new Routing(Kind.UNKNOWN, null);
  }

  /** The same place once the value has become another one. */
  Routing forgetValue() {
    return kind == Kind.KEY ? unknown() : this;
  }
}
