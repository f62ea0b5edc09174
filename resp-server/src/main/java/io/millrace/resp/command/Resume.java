package io.millrace.resp.command;

/** Ends the wait of a client whose command answers later. */
public final class Resume {
  private final Session session;

  Resume(Session session) {
    this.session = session;
  }

  /** Sends the reply, with the execution lock held, once a journal position is released. */
  public void with(byte[] reply, long position) {
    session.answer(reply, position);
  }

  /** Sends the reply, from any thread. */
  public void later(byte[] reply) {
    session.after(0, execution -> with(reply, 0));
  }
}
