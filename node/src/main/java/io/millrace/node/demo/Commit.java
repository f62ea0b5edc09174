package io.millrace.node.demo;

import java.util.List;

/**
 * A commit of a repository.
 *
 * @param commit hash; also the idempotency key, so that sending a history twice changes nothing
 * @param author name of the author
 * @param authoredAt when it was written, ms since the epoch
 * @param committedAt when it was committed, ms since the epoch
 * @param files what it changed
 */
public record Commit(
    String commit, String author, long authoredAt, long committedAt, List<FileChange> files) {

  /** Lines added to all files. */
  public long added() {
    return files.stream().mapToLong(FileChange::addedLines).sum();
  }

  /** Lines deleted from all files. */
  public long deleted() {
    return files.stream().mapToLong(FileChange::deletedLines).sum();
  }
}
