package io.millrace.resp.session;

import io.millrace.engine.state.RequestMemory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A large array that waits for one client or many to take it. The memory taken for it goes back
 * when the last of them has. Safe for use by any thread.
 */
public final class Lent {
  /** From this size on bytes are sent from the array they are in, piece by piece. */
  public static final int LARGE = 64 << 10;

  private final byte[] array;
  private final RequestMemory memory;
  private final AtomicInteger users = new AtomicInteger(1);

  /** An array whose length has been taken from a memory; its maker is the first user. */
  public Lent(byte[] array, RequestMemory memory) {
    this.array = array;
    this.memory = memory;
  }

  /** The bytes; nobody changes them. */
  public byte[] array() {
    return array;
  }

  /** One more will {@link #release} it. */
  public void use() {
    users.incrementAndGet();
  }

  /** One has taken what it wanted. */
  public void release() {
    if (users.decrementAndGet() == 0) {
      memory.give(array.length);
    }
  }
}
