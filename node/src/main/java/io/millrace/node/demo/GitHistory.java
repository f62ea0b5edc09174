package io.millrace.node.demo;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;

import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import io.millrace.engine.topology.TaskContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The history of a git repository, folded: who changed how much, which files move most, who works
 * on them, and when. A commit that comes again changes nothing.
 */
public final class GitHistory implements EngineModule {
  private static final int TOP = 20;

  /** A commit, as {@code git log --numstat} tells it; times in ms since the epoch. */
  public record Commit(
      String commit, String author, long authoredAt, long committedAt, List<Change> files) {
    long added() {
      return files.stream().mapToLong(Change::addedLines).sum();
    }

    long deleted() {
      return files.stream().mapToLong(Change::deletedLines).sum();
    }

    Instant at() {
      return Instant.ofEpochMilli(committedAt);
    }

    String week() {
      var day = at().atOffset(ZoneOffset.UTC);
      return String.format(
          Locale.ROOT,
          "%d-W%02d",
          day.get(IsoFields.WEEK_BASED_YEAR),
          day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
    }
  }

  /** A file of a commit; line counts are null for a binary file. */
  public record Change(String path, @Nullable Long added, @Nullable Long deleted) {
    long addedLines() {
      return Objects.requireNonNullElse(added, 0L);
    }

    long deletedLines() {
      return Objects.requireNonNullElse(deleted, 0L);
    }
  }

  /** A file of a commit on its way to the task of the file. */
  public record Touch(String path, String author, Instant at, long added, long deleted) {}

  /** A file and how often it was changed, on its way to the top list. */
  public record Count(String path, long commits) {}

  /** What is kept of a commit. */
  public record CommitInfo(
      String author, Instant committedAt, int files, long added, long deleted) {}

  /** What is kept of an author. */
  public record Author(
      long commits, long files, long added, long deleted, Instant firstAt, Instant lastAt) {
    Author and(Commit commit) {
      var at = commit.at();
      return new Author(
          commits + 1,
          files + commit.files().size(),
          added + commit.added(),
          deleted + commit.deleted(),
          at.isBefore(firstAt) ? at : firstAt,
          at.isAfter(lastAt) ? at : lastAt);
    }
  }

  /** What is kept of a file. */
  public record FileStats(
      long commits, long added, long deleted, long authors, Instant lastAt, String lastAuthor) {
    FileStats and(Touch touch, boolean newAuthor) {
      var newer = !touch.at().isBefore(lastAt);
      return new FileStats(
          commits + 1,
          added + touch.added(),
          deleted + touch.deleted(),
          authors + (newAuthor ? 1 : 0),
          newer ? touch.at() : lastAt,
          newer ? touch.author() : lastAuthor);
    }
  }

  /** What is kept of a week. */
  public record Week(long commits, long files, long added, long deleted) {}

  @Override
  public String name() {
    return "git";
  }

  @Override
  public void define(Definition def) {
    var depot = def.depot("commits", Commit.class).partitionBy(Commit::commit);
    var known = def.pstate("history", Schema.map(STRING, Schema.of(CommitInfo.class)));
    var authors = def.pstate("authors", Schema.map(STRING, Schema.of(Author.class)));
    var weeks = def.pstate("weeks", Schema.map(STRING, Schema.of(Week.class)));
    var files = def.pstate("files", Schema.map(STRING, Schema.of(FileStats.class)));
    var fileAuthors =
        def.pstate("file_authors", Schema.map(STRING, Schema.map(STRING, LONG).subindexed()));
    var top =
        def.globalPstate(
            "top_files",
            Schema.list(
                Schema.record(Schema.field("path", STRING), Schema.field("commits", LONG))));

    var fresh =
        def.stream("fold")
            .from(depot)
            .filter((commit, at) -> at.read(known).key(commit.commit()).get() == null)
            .each((commit, at) -> at.write(known).key(commit.commit()).set(info(commit)));

    fresh
        .hop(Commit::author)
        .each((commit, at) ->
            at.write(authors).key(commit.author()).update(old -> author(old, commit)));
    fresh
        .hop(Commit::week)
        .each((commit, at) -> at.write(weeks).key(commit.week()).update(old -> week(old, commit)));
    fresh
        .explode(GitHistory::touches)
        .hop(Touch::path)
        .map((touch, at) -> {
          var ofAuthor = at.write(fileAuthors).key(touch.path()).key(touch.author());
          var isNew = ofAuthor.increment(1) == 1;
          at.write(files).key(touch.path()).update(old -> file(old, touch, isNew));
          return new Count(touch.path(), commits(at, files, touch));
        })
        .hopGlobal()
        .top(top, TOP, Count::path, Count::commits);
  }

  private static long commits(TaskContext at, io.millrace.engine.pstate.PState files, Touch touch) {
    FileStats stats = at.read(files).key(touch.path()).get();
    return Objects.requireNonNull(stats).commits();
  }

  private static CommitInfo info(Commit commit) {
    return new CommitInfo(
        commit.author(), commit.at(), commit.files().size(), commit.added(), commit.deleted());
  }

  private static Author author(@Nullable Object old, Commit commit) {
    var before = old == null ? new Author(0, 0, 0, 0, commit.at(), commit.at()) : (Author) old;
    return before.and(commit);
  }

  private static Week week(@Nullable Object old, Commit commit) {
    var before = old == null ? new Week(0, 0, 0, 0) : (Week) old;
    return new Week(
        before.commits() + 1,
        before.files() + commit.files().size(),
        before.added() + commit.added(),
        before.deleted() + commit.deleted());
  }

  private static FileStats file(@Nullable Object old, Touch touch, boolean newAuthor) {
    var before =
        old == null ? new FileStats(0, 0, 0, 0, touch.at(), touch.author()) : (FileStats) old;
    return before.and(touch, newAuthor);
  }

  private static List<Touch> touches(Commit commit) {
    return commit.files().stream()
        .map(change ->
            new Touch(
                newPath(change.path()),
                commit.author(),
                commit.at(),
                change.addedLines(),
                change.deletedLines()))
        .toList();
  }

  /**
   * A rename is written {@code dir/{old => new}/file} or {@code old => new}: the new path counts.
   */
  static String newPath(String path) {
    var arrow = path.indexOf(" => ");
    if (arrow < 0) {
      return path;
    }
    var open = path.lastIndexOf('{', arrow);
    var close = path.indexOf('}', arrow);
    if (open < 0 || close < 0) {
      return path.substring(arrow + 4);
    }
    var renamed =
        path.substring(0, open) + path.substring(arrow + 4, close) + path.substring(close + 1);
    return renamed.replace("//", "/");
  }
}
