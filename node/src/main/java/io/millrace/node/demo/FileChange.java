package io.millrace.node.demo;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file as a commit changed it.
 *
 * @param path path as git prints it; a rename is {@code dir/{old => new}/file}
 * @param added lines added, or null for a binary file
 * @param deleted lines deleted, or null for a binary file
 */
public record FileChange(String path, @Nullable Long added, @Nullable Long deleted) {
  private static final Pattern RENAMED_PART = Pattern.compile("\\{[^{}]* => ([^{}]*)}");
  private static final Pattern RENAMED = Pattern.compile("^.* => (.*)$");

  /** The path after the commit: the new one of a rename. */
  public String newPath() {
    if (!path.contains(" => ")) {
      return path;
    }
    var inside = RENAMED_PART.matcher(path).replaceAll("$1").replace("//", "/");
    return RENAMED.matcher(inside).replaceAll("$1");
  }

  /** Lines added; 0 for a binary file. */
  public long addedLines() {
    return added == null ? 0 : added;
  }

  /** Lines deleted; 0 for a binary file. */
  public long deletedLines() {
    return deleted == null ? 0 : deleted;
  }
}
