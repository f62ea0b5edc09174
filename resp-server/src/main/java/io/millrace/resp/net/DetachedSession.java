package io.millrace.resp.net;

import io.millrace.engine.state.Execution;
import io.millrace.resp.session.Session;
import java.util.function.Consumer;

/** A session without a client: for records that are folded again. */
public final class DetachedSession extends Session {
  /** Creates a session that may do everything. */
  public DetachedSession() {
    super(0, 0, true);
  }

  @Override
  public void closeAfterReply() {}

  @Override
  public void kill() {}

  @Override
  public String address() {
    return "";
  }

  @Override
  public String localAddress() {
    return "";
  }

  @Override
  public void push(byte[] bytes, long position) {}

  @Override
  public void wake(byte[] reply, long position) {}

  @Override
  public void goOn() {}

  @Override
  public Runnable after(long delayMs, Consumer<Execution> action) {
    return () -> {};
  }

  @Override
  public int inputBytes() {
    return 0;
  }

  @Override
  public long outputBytes() {
    return 0;
  }
}
