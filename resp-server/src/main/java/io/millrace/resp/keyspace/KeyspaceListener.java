package io.millrace.resp.keyspace;

import org.jspecify.annotations.Nullable;

/** The hook for what waits for keys: blocked clients. Commands pay one null check. */
public final class KeyspaceListener {
  /** Learns of new and exchanged keys, with the execution lock held. */
  public interface Observer {
    /** A key was created. */
    void added(Key key);

    /** Two databases were exchanged. */
    void swapped(Database one, Database other);
  }

  private @Nullable Observer observer;

  /** Sets the one observer. */
  public void observe(Observer observer) {
    this.observer = observer;
  }

  void added(Key key) {
    if (observer != null) {
      observer.added(key);
    }
  }

  void swapped(Database one, Database other) {
    if (observer != null) {
      observer.swapped(one, other);
    }
  }
}
