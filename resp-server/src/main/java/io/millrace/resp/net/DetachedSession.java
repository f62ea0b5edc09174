package io.millrace.resp.net;

import io.millrace.resp.command.Session;

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
  public int inputBytes() {
    return 0;
  }

  @Override
  public long outputBytes() {
    return 0;
  }
}
