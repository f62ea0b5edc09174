package io.millrace.node;

import io.millrace.node.config.ConfigLoader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A node with its three doors in the process of a test. */
public final class LocalNode implements AutoCloseable {
  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

  private final MillraceNode node;
  private final HttpClient http = HttpClient.newHttpClient();

  private LocalNode(MillraceNode node) {
    this.node = node;
  }

  /** Starts one on free ports, with more settings as on a command line. */
  public static LocalNode start(Path directory, String... settings) throws IOException {
    var arguments =
        new ArrayList<>(
            List.of(
                "--dir",
                directory.toString(),
                "--port",
                Integer.toString(PackagedServer.freePort()),
                "--sql-port",
                Integer.toString(PackagedServer.freePort()),
                "--http-port",
                Integer.toString(PackagedServer.freePort()),
                "--modules",
                "policies",
                "--hot-memory",
                "64mb"));
    arguments.addAll(List.of(settings));
    // Tests and modules share their classes here.
    System.setProperty(ModuleCatalog.LOOP_CHECKS, "no");
    return new LocalNode(
        MillraceNode.start(
            ConfigLoader.load(arguments, Map.of()),
            code -> {},
            code -> {
              throw new AssertionError("fatal");
            }));
  }

  public MillraceNode node() {
    return node;
  }

  /** A connection to the SQL door. */
  public Connection sql() throws SQLException {
    return sql("");
  }

  Connection sql(String password) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + node.sqlPort() + "/millrace", "millrace", password);
  }

  /** Sends a request to the HTTP door. */
  public HttpResponse<String> http(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + path))
            .method(method, BodyPublishers.ofString(body, StandardCharsets.UTF_8));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  /** Appends a policy by HTTP and returns the answer. */
  HttpResponse<String> issue(long id, String ack) throws IOException, InterruptedException {
    return http(
        "POST",
        "/depots/policies/events/events?type=policy_issued&ack=" + ack,
        "{\"policyId\":%d,\"happenedAt\":%d,\"firstName\":\"Jim\",\"lastName\":\"No%d\",\"carrier\":\"C\",\"premiumCents\":%d,\"renewsOn\":\"2030-01-01\"}"
            .formatted(id, id, id, id),
        "Content-Type",
        "application/json");
  }

  /** The token of an answer. */
  static String token(HttpResponse<String> answer) {
    var found = TOKEN.matcher(answer.body());
    if (!found.find()) {
      throw new AssertionError("no token: " + answer.statusCode() + " " + answer.body());
    }
    return found.group(1);
  }

  /** First cell of each row. */
  static List<String> column(Connection connection, String sql) throws SQLException {
    var cells = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        cells.add(rows.getString(1));
      }
    }
    return cells;
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    http.close();
    node.close();
  }
}
