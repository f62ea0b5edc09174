package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real data, a kill half-way, and every count beside one that SQLite has made of the same file. */
class GitHistoryPackagedIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE_AUTHORS =
      "select path, author, count(*) from changes group by path, author";
  private static final String EVENTS = "/depots/git/commits/events?key-from=commit";

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private int http;
  private int sql;
  private int resp;

  private static List<String> history() throws IOException {
    var file = PackagedServer.root().resolve("../shared/data/git-history.ndjson.gz").normalize();
    if (!Files.exists(file)) {
      System.out.println("an invented history is used, the real one is not there: " + file);
      return invented();
    }
    try (var in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** Commits of the same form and skew. */
  private static List<String> invented() {
    var random = new SplittableRandom(7);
    var lines = new ArrayList<String>();
    for (var i = 0; i < 3_000; i++) {
      var commit = JSON.createObjectNode();
      commit.put("commit", "%040x".formatted(i));
      commit.put("author", "author " + (int) (30 * Math.pow(random.nextDouble(), 3)));
      commit.put("authoredAt", 1_237_714_200_000L + i * 3_600_000L);
      commit.put("committedAt", 1_237_714_300_000L + i * 3_600_000L);
      var files = commit.putArray("files");
      for (var f = 0; f <= random.nextInt(4); f++) {
        var file = files.addObject();
        file.put("path", "src/file-" + f + "-" + (int) (200 * Math.pow(random.nextDouble(), 3)));
        if (random.nextInt(20) == 0) {
          file.putNull("added").putNull("deleted");
        } else {
          file.put("added", random.nextInt(90)).put("deleted", random.nextInt(40));
        }
      }
      lines.add(commit.toString());
    }
    return lines;
  }

  private PackagedServer server() throws IOException {
    http = PackagedServer.freePort();
    sql = PackagedServer.freePort();
    resp = PackagedServer.freePort();
    return PackagedServer.start(
            directory,
            "--dir",
            directory.resolve("data").toString(),
            "--modules",
            "git",
            "--port",
            Integer.toString(resp),
            "--sql-port",
            Integer.toString(sql),
            "--http-port",
            Integer.toString(http),
            "--checkpoint-bytes",
            "1mb")
        .awaitReady();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path));
  }

  private HttpRequest bulk(List<String> lines) {
    return to(EVENTS)
        .header("Content-Type", "application/x-ndjson")
        .POST(BodyPublishers.ofString(String.join("\n", lines)))
        .build();
  }

  private JsonNode send(List<String> lines) throws Exception {
    return JSON.readTree(client.send(bulk(lines), BodyHandlers.ofString()).body());
  }

  private double taken() throws Exception {
    var text = client.send(to("/metrics").build(), BodyHandlers.ofString()).body();
    return text.lines()
        .filter(line -> line.startsWith("millrace_http_events_total "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .sum();
  }

  @Test
  void aKillHalfWayAndSendingAgainDoublesNothing() throws Exception {
    var lines = history();
    try (var server = server()) {
      var answer = client.sendAsync(bulk(lines), BodyHandlers.ofString());
      await().atMost(Duration.ofSeconds(60)).until(() -> taken() > lines.size() / 4.0);
      server.kill();
      answer.exceptionally(broken -> null).join();
    }
    try (var server = server()) {
      var resent = send(lines);
      assertThat(resent.path("accepted").asInt()).isEqualTo(lines.size());
      assertThat(resent.path("duplicates").asInt()).isGreaterThan(lines.size() / 4);
      assertThat(send(lines).path("duplicates").asInt()).isEqualTo(lines.size());
      compare(lines);
      assertThat(server.terminate()).isZero();
      assertThat(server.err()).doesNotContain("WARNING");
    }
  }

  private void compare(List<String> lines) throws Exception {
    try (var judge = DriverManager.getConnection("jdbc:sqlite::memory:");
        var door =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + sql + "/millrace", "millrace", "")) {
      fill(judge, lines);
      same(judge, door, "select count(*) from commits", "select count(*) from git.history");
      same(
          judge,
          door,
          "select author, count(*) n, sum(added), sum(deleted) from commits"
              + " group by author order by n desc, author",
          "select key, commits, added, deleted from git.authors order by commits desc, key");
      same(
          judge,
          door,
          "select path, count(*) n, sum(added), sum(deleted), count(distinct author) from changes"
              + " group by path order by n desc, path",
          "select key, commits, added, deleted, authors from git.files"
              + " order by commits desc, key");
      same(
          judge,
          door,
          "select week, count(*), sum(files), sum(added), sum(deleted) from commits"
              + " group by week order by week",
          "select key, commits, files, added, deleted from git.weeks order by key");
      assertThat(new HashSet<>(rows(door, "select * from git.file_authors")))
          .isEqualTo(new HashSet<>(rows(judge, FILE_AUTHORS)));
      try (var doors = new GitHistoryDoors(client, http, resp)) {
        paths(judge, doors::resp);
        paths(judge, doors::http);
      }
    }
  }

  /** Every count again, each read by its path. */
  private static void paths(Connection judge, GitHistoryDoors.Door door) throws Exception {
    records(
        rows(
            judge,
            "select author, count(*), sum(files), sum(added), sum(deleted) from commits"
                + " group by author"),
        door,
        "git/authors",
        List.of("commits", "files", "added", "deleted"));
    records(
        rows(
            judge,
            "select week, count(*), sum(files), sum(added), sum(deleted) from commits"
                + " group by week"),
        door,
        "git/weeks",
        List.of("commits", "files", "added", "deleted"));
    records(
        rows(
            judge,
            "select path, count(*), sum(added), sum(deleted), count(distinct author) from changes"
                + " group by path"),
        door,
        "git/files",
        List.of("commits", "added", "deleted", "authors"));
    for (var row : rows(judge, FILE_AUTHORS + " order by 3 desc limit 500")) {
      assertThat(door.read("git/file_authors", row.get(0), row.get(1)))
          .as(row.toString())
          .isEqualTo(List.of(row.get(2)));
    }
    top(judge, door);
  }

  private static void records(
      List<List<String>> expected, GitHistoryDoors.Door door, String pstate, List<String> fields)
      throws Exception {
    for (var row : expected) {
      var found = door.read(pstate, row.get(0));
      assertThat(found).as("%s of %s", row.get(0), pstate).hasSize(1);
      var record = (Map<?, ?>) found.get(0);
      assertThat(fields.stream().map(field -> String.valueOf(record.get(field))).toList())
          .as("%s of %s", row.get(0), pstate)
          .isEqualTo(row.subList(1, row.size()));
    }
  }

  private static void top(Connection judge, GitHistoryDoors.Door door) throws Exception {
    var counts = new ArrayList<List<String>>();
    for (var file : (List<?>) door.read("git/top_files").get(0)) {
      counts.add(List.of(String.valueOf(((Map<?, ?>) file).get("commits"))));
    }
    assertThat(counts)
        .isEqualTo(
            rows(judge, "select count(*) n from changes group by path order by n desc limit 20"));
  }

  private static void same(Connection judge, Connection door, String expected, String asked)
      throws SQLException {
    assertThat(rows(door, asked)).as(asked).isEqualTo(rows(judge, expected));
  }

  private static List<List<String>> rows(Connection connection, String query) throws SQLException {
    var rows = new ArrayList<List<String>>();
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(query)) {
      while (result.next()) {
        var row = new ArrayList<String>();
        for (var column = 1; column <= result.getMetaData().getColumnCount(); column++) {
          row.add(result.getString(column));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static void fill(Connection judge, List<String> lines) throws Exception {
    judge.setAutoCommit(false);
    try (var statement = judge.createStatement()) {
      statement.execute(
          "create table commits (author text, added int, deleted int, files int, committed int,"
              + " week text)");
      statement.execute("create table changes (path text, author text, added int, deleted int)");
    }
    try (var commits =
            judge.prepareStatement(
                "insert into commits (author, added, deleted, files, committed)"
                    + " values (?, ?, ?, ?, ?)");
        var changes = judge.prepareStatement("insert into changes values (?, ?, ?, ?)")) {
      for (var line : lines) {
        var commit = JSON.readTree(line);
        var added = 0L;
        var deleted = 0L;
        for (var file : commit.path("files")) {
          added += file.path("added").asLong(0);
          deleted += file.path("deleted").asLong(0);
          changes.setString(1, present(file.path("path").asText()));
          changes.setString(2, commit.path("author").asText());
          changes.setLong(3, file.path("added").asLong(0));
          changes.setLong(4, file.path("deleted").asLong(0));
          changes.execute();
        }
        commits.setString(1, commit.path("author").asText());
        commits.setLong(2, added);
        commits.setLong(3, deleted);
        commits.setInt(4, commit.path("files").size());
        commits.setLong(5, commit.path("committedAt").asLong());
        commits.execute();
      }
    }
    try (var weeks = judge.createStatement()) {
      weeks.execute("update commits set week = strftime('%G-W%V', committed / 1000, 'unixepoch')");
    }
  }

  /** The path after a rename. */
  private static String present(String path) {
    return path.replaceAll("\\{.* => (.*)\\}", "$1").replaceAll("^.* => ", "").replace("//", "/");
  }
}
