package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The door as psql sees it. */
final class PsqlIT {
  private static DemoDatabase database;

  @BeforeAll
  static void start() throws Exception {
    database = new DemoDatabase(1000, config -> config, "secret");
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  private static String psql(String password, String command)
      throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
                "psql",
                "-X",
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(database.server().port()),
                "-U",
                "demo",
                "-d",
                "millrace",
                "-c",
                command)
            .redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", password);
    builder.environment().put("LC_ALL", "C");
    Process process;
    try {
      process = builder.start();
    } catch (IOException absent) {
      if ("true".equals(System.getenv("CI"))) {
        throw absent;
      }
      Assumptions.abort("psql is not installed: apt-get install postgresql-client");
      throw absent;
    }
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private static String psql(String command) throws IOException, InterruptedException {
    return psql("secret", command);
  }

  @Test
  void queriesPrintATable() throws Exception {
    assertThat(psql("select id, active from users where id < 2 order by id"))
        .contains("id | active")
        .contains("(2 rows)");
  }

  @Test
  void backslashCommandsAreAnswered() throws Exception {
    assertThat(psql("\\dt")).contains("demo   | events | table", "(3 rows)");
    assertThat(psql("\\d users"))
        .contains("Table \"demo.users\"", "id            | bigint")
        .contains("last_modified | timestamp with time zone")
        .contains("\"users_pkey\" PRIMARY KEY, btree (id)");
    assertThat(psql("\\d+ demo.orders")).contains("PRIMARY KEY, btree (user_id, line)");
    assertThat(psql("\\l")).contains("millrace").contains("(1 row)");
    assertThat(psql("\\dn")).contains("demo", "public");
    for (var command : new String[] {"\\d", "\\du", "\\di", "\\dv", "\\df", "\\dx", "\\dp"}) {
      assertThat(psql(command)).as(command).doesNotContain("ERROR");
    }
  }

  @Test
  void aSyntaxErrorPointsAtTheWord() throws Exception {
    assertThat(psql("select id, frm x users"))
        .contains("ERROR:  syntax error at or near \"users\"")
        .contains("LINE 1: select id, frm x users\n                         ^");
  }

  @Test
  void anUnknownColumnGetsAHint() throws Exception {
    assertThat(psql("select frist_name from users"))
        .contains("ERROR:  column \"frist_name\" does not exist")
        .contains("HINT:  Perhaps you meant the column \"first_name\".");
  }

  @Test
  void aWrongPasswordIsRefused() throws Exception {
    assertThat(psql("wrong", "select 1"))
        .contains("FATAL:  password authentication failed for user \"demo\"");
  }

  @Test
  void severalStatementsOfOneTextRunInOrder() throws Exception {
    assertThat(psql("begin; select 7 as seven; savepoint a; rollback to a; commit"))
        .contains("seven")
        .contains("COMMIT")
        .doesNotContain("ERROR");
  }
}
