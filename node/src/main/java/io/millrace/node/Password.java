package io.millrace.node;

import java.util.function.Consumer;
import java.util.function.Supplier;

/** The password of all doors; changes when a client sets {@code requirepass}. */
final class Password implements Supplier<String>, Consumer<String> {
  private volatile String present = "";

  @Override
  public void accept(String next) {
    present = next;
  }

  /** The password of the moment, empty for none. */
  @Override
  public String get() {
    return present;
  }
}
