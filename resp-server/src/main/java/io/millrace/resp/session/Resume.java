package io.millrace.resp.session;

/** Ends the wait of a client whose command answers later. */
public final class Resume {
  private final Session session;

  /** Will end the wait of a client. */
  public Resume(Session session) {
    this.session = session;
  }

  /** Sends the reply, with the execution lock held, once a journal position is released. */
  public void with(byte[] reply, long position) {
    session.answer(reply, position);
  }

  /**
   * Sends a reply about a fold that is under way, with the execution lock held: its record is not
   * journaled yet, so the reply waits for what is newest once it is.
   */
  public void afterFold(byte[] reply) {
    session.after(
        0,
        execution -> {
          long newest = 0;
          for (int task = 0; task < execution.tasks(); task++) {
            newest = Math.max(newest, execution.task(task).lastPosition());
          }
          with(reply, newest);
        });
  }

  /** Sends the reply, from any thread. */
  public void later(byte[] reply) {
    session.after(0, execution -> with(reply, 0));
  }
}
