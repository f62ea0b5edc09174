package io.millrace.http.exchange;

import io.millrace.engine.state.RequestMemory;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The body of an answer while it grows; what it takes is asked for before it is allocated. One
 * thread writes; another may close it when the client has gone, which ends the writing.
 */
public final class AnswerBuffer extends OutputStream {
  private static final int FIRST = 1 << 10;

  private final long limit;
  private final RequestMemory.Share share;
  private byte[] bytes = new byte[FIRST];
  private int size;
  private boolean closed;

  /** An empty one. */
  public AnswerBuffer(RequestMemory memory) {
    limit = memory.largest();
    share = new RequestMemory.Share(memory);
  }

  @Override
  public synchronized void write(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  @Override
  public synchronized void write(byte[] from, int offset, int length) {
    room(length);
    System.arraycopy(from, offset, bytes, size, length);
    size += length;
  }

  private void room(int more) {
    if (closed) {
      throw new IllegalStateException("nobody waits for this answer any more");
    }
    var wanted = (long) size + more;
    if (wanted > limit) {
      throw new ProblemException(
          Problem.of(413, "TOO_LARGE", "the answer is larger than this node can hold at once")
              .with("limit", limit));
    }
    if (wanted > bytes.length) {
      var length = (int) Math.min(limit, Math.max(wanted, 2L * bytes.length));
      // The old array, the new one, and the copy that is sent.
      if (!share.hold(2L * length)) {
        throw WholeBody.noMemory();
      }
      bytes = Arrays.copyOf(bytes, length);
    }
  }

  /** What was written. */
  public synchronized byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** Gives the memory back. */
  @Override
  public synchronized void close() {
    closed = true;
    bytes = new byte[0];
    size = 0;
    share.close();
  }
}
