package io.millrace.node;

import static io.millrace.node.LocalNode.column;
import static io.millrace.node.LocalNode.execute;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows asked for by their key, beside everything else that reads and writes them. */
class KeyGetIT {
  private static final String LAST_NAME = "select last_name from policies.grid where key = ";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"always", "everysec"})
  void aKeyGetSeesEachRowOnceItsAppendIsAnswered(String fsync) throws Exception {
    try (var node = LocalNode.start(directory, "--appendfsync", fsync);
        var sql = node.sql();
        var get = sql.prepareStatement(LAST_NAME + "?")) {
      for (long id = 1; id <= 100; id++) {
        assertThat(column(sql, LAST_NAME + id)).isEmpty();
        assertThat(node.issue(id, "folded").statusCode()).isEqualTo(200);
        get.setLong(1, id);
        try (var rows = get.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString(1)).isEqualTo("No" + id);
        }
        assertThat(column(sql, LAST_NAME + id)).containsExactly("No" + id);
      }
    }
  }

  @Test
  void whatAKeyGetHasShownIsInEveryLaterAnswerAndInNoEarlierCut() throws Exception {
    try (var node = LocalNode.start(directory);
        var reader = node.sql();
        var transaction = node.sql()) {
      node.issue(1, "folded");
      transaction.setAutoCommit(false);
      assertThat(column(transaction, LAST_NAME + 1)).containsExactly("No1");
      for (long id = 2; id <= 60; id++) {
        var next = id;
        var appended =
            CompletableFuture.runAsync(() -> {
              try {
                node.issue(next, "appended");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
        while (column(reader, LAST_NAME + id).isEmpty()) {
          Thread.onSpinWait();
        }
        assertThat(column(reader, "select count(*) from policies.grid"))
            .containsExactly(Long.toString(id));
        assertThat(column(transaction, LAST_NAME + id)).isEmpty();
        assertThat(column(transaction, LAST_NAME + 1)).containsExactly("No1");
        appended.join();
      }
      transaction.commit();
      assertThat(column(transaction, LAST_NAME + 60)).containsExactly("No60");
    }
  }

  @Test
  void keysThatLeftMemoryAreFoundAsThoseThatStayed() throws Exception {
    var seed = 20_261_122L;
    var random = new SplittableRandom(seed);
    var policies = 6_000;
    try (var node = LocalNode.start(directory, "--hot-memory", "1mb")) {
      var lines = new StringBuilder();
      for (long id = 1; id <= policies; id++) {
        lines.append(
            "{\"policyId\":%d,\"happenedAt\":%d,\"firstName\":\"%s\",\"lastName\":\"No%d\",\"carrier\":\"C\",\"premiumCents\":%d,\"renewsOn\":\"2030-01-01\"}%n"
                .formatted(id, id, "x".repeat(400), id, id));
      }
      var answer =
          node.http(
              "POST",
              "/depots/policies/events/events?type=policy_issued&ack=folded",
              lines.toString(),
              "Content-Type",
              "application/x-ndjson");
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
    try (var node = LocalNode.start(directory, "--hot-memory", "1mb");
        var sql = node.sql();
        var other = node.sql();
        var get = sql.prepareStatement(LAST_NAME + "?")) {
      for (int i = 0; i < 600; i++) {
        long id = 1 + random.nextInt(policies + 100);
        get.setLong(1, id);
        try (var rows = get.executeQuery()) {
          assertThat(rows.next()).as("seed %d key %d", seed, id).isEqualTo(id <= policies);
          if (id <= policies) {
            assertThat(rows.getString(1)).isEqualTo("No" + id);
          }
        }
        if (i % 100 == 0) {
          execute(other, "select count(*) from policies.grid");
        }
      }
      assertThat(column(sql, "show millrace.position")).isNotEqualTo(List.of(""));
    }
  }
}
