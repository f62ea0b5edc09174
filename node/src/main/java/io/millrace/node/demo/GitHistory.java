package io.millrace.node.demo;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;

import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import org.jspecify.annotations.Nullable;

/** The history of a repository: commits in; authors, files and weeks out. */
public final class GitHistory implements EngineModule {
  private static final int TOP_FILES = 20;

  /** One commit, as the grid shows it. */
  public record CommitRow(
      String author,
      Instant authoredAt,
      Instant committedAt,
      long files,
      long added,
      long deleted) {
    static CommitRow of(Commit commit) {
      return new CommitRow(
          commit.author(),
          Instant.ofEpochMilli(commit.authoredAt()),
          Instant.ofEpochMilli(commit.committedAt()),
          commit.files().size(),
          commit.added(),
          commit.deleted());
    }
  }

  /** What an author did. */
  public record AuthorStats(
      long commits, long files, long added, long deleted, Instant firstAt, Instant lastAt) {
    static AuthorStats with(@Nullable AuthorStats old, Commit commit) {
      var at = Instant.ofEpochMilli(commit.committedAt());
      if (old == null) {
        return new AuthorStats(1, commit.files().size(), commit.added(), commit.deleted(), at, at);
      }
      return new AuthorStats(
          old.commits + 1,
          old.files + commit.files().size(),
          old.added + commit.added(),
          old.deleted + commit.deleted(),
          at.isBefore(old.firstAt) ? at : old.firstAt,
          at.isAfter(old.lastAt) ? at : old.lastAt);
    }
  }

  /** What happened in a week. */
  public record WeekStats(long commits, long files, long added, long deleted) {
    static WeekStats with(@Nullable WeekStats old, Commit commit) {
      var before = old == null ? new WeekStats(0, 0, 0, 0) : old;
      return new WeekStats(
          before.commits + 1,
          before.files + commit.files().size(),
          before.added + commit.added(),
          before.deleted + commit.deleted());
    }
  }

  /** A file as one commit touched it, on its way to the file's task. */
  public record Touch(String path, String author, long at, long added, long deleted) {
    static Touch of(Commit commit, FileChange change) {
      return new Touch(
          change.newPath(),
          commit.author(),
          commit.committedAt(),
          change.addedLines(),
          change.deletedLines());
    }
  }

  /** What became of a file. */
  public record FileStats(
      long changes, long added, long deleted, long churn, String lastAuthor, Instant lastAt) {
    static FileStats with(@Nullable FileStats old, Touch touch) {
      var at = Instant.ofEpochMilli(touch.at);
      if (old == null) {
        return new FileStats(
            1, touch.added, touch.deleted, touch.added + touch.deleted, touch.author, at);
      }
      var newest = !at.isBefore(old.lastAt);
      return new FileStats(
          old.changes + 1,
          old.added + touch.added,
          old.deleted + touch.deleted,
          old.churn + touch.added + touch.deleted,
          newest ? touch.author : old.lastAuthor,
          newest ? at : old.lastAt);
    }
  }

  @Override
  public String name() {
    return "git";
  }

  @Override
  public void define(Definition def) {
    var commits = def.depot("commits", Commit.class).partitionBy(Commit::commit);

    var rows = def.pstate("commits", Schema.map(STRING, Schema.of(CommitRow.class)));
    var authors = def.pstate("authors", Schema.map(STRING, Schema.of(AuthorStats.class)));
    var weeks = def.pstate("weeks", Schema.map(STRING, Schema.of(WeekStats.class)));
    var files = def.pstate("files", Schema.map(STRING, Schema.of(FileStats.class)));
    var fileAuthors =
        def.pstate("file_authors", Schema.map(STRING, Schema.map(STRING, LONG).subindexed()));
    var topFiles =
        def.globalPstate(
            "top_files",
            Schema.list(
                Schema.record(Schema.field("path", STRING), Schema.field("changes", LONG))));

    var history = def.stream("history").from(commits);
    history.write(rows, Commit::commit).set(CommitRow::of);
    history.groupBy(Commit::author).fold(authors, AuthorStats::with);
    history.groupBy(GitHistory::weekOf).fold(weeks, WeekStats::with);

    var touches =
        history
            .explode(commit -> commit.files().stream().map(file -> Touch.of(commit, file)).toList())
            .groupBy(Touch::path);
    touches.then(Touch::author).count(fileAuthors);
    touches
        .fold(files, FileStats::with)
        .hopGlobal()
        .top(topFiles, TOP_FILES, file -> file.key(), file -> file.present().changes());
  }

  /** The Monday of the week of a commit, in UTC: {@code 2009-03-16}. */
  static String weekOf(Commit commit) {
    return Instant.ofEpochMilli(commit.committedAt())
        .atZone(ZoneOffset.UTC)
        .toLocalDate()
        .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
        .toString();
  }
}
