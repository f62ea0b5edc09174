package io.millrace.node;

import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the kept directory of a format holds, and how to ask for it. {@link #main} writes a new one:
 * that is for a new format only, the directories of older formats stay as they are.
 */
final class FormatFixture {
  /** Kept directories, as test resources. */
  static final String FOLDER = "/formats/";

  static final String ARCHIVE = "directory-1.tar.gz";

  static final String ANSWERS = "directory-1.answers.txt";

  /** How a kept directory is served. */
  static final List<String> SETTINGS =
      List.of("--tasks", "4", "--modules", "policies", "--journal-segment-bytes", "1mb");

  private static final int MANY = 600;

  private FormatFixture() {}

  /** Every question; the answers are kept beside the directory. */
  static List<String> questions() {
    return List.of(
        "DBSIZE",
        "GET string",
        "GET number",
        "STRLEN large",
        "PEXPIRETIME lasting",
        "EXISTS expired",
        "HGETALL hash",
        "HLEN big-hash",
        "HGET big-hash field:417",
        "LRANGE list 0 -1",
        "LLEN big-list",
        "LINDEX big-list 300",
        "SMEMBERS set",
        "SCARD big-set",
        "SISMEMBER big-set member:77",
        "ZRANGE zset 0 -1 WITHSCORES",
        "ZCARD big-zset",
        "ZRANK big-zset member:432",
        "ZRANGEBYSCORE big-zset 100 103 WITHSCORES",
        "XRANGE stream - +",
        "GET tail",
        "EXISTS deleted",
        "PSTATE.SELECT policies/grid [1]",
        "PSTATE.SELECT policies/grid [2]",
        "PSTATE.SELECT policies/claims [1]");
  }

  private static Stream<String> beforeTheCut() {
    var lines = new ArrayList<String>();
    lines.add("SET string value");
    lines.add("SET number 41");
    lines.add("SET large " + "0123456789".repeat(3_000));
    lines.add("SET lasting yes PXAT 4102444800000");
    lines.add("SET expired soon PX 1");
    lines.add("SET deleted x");
    lines.add("HSET hash a 1 b 2");
    lines.add("RPUSH list one two three");
    lines.add("SADD set solo");
    lines.add("ZADD zset -inf low 1.5 middle inf high");
    lines.add("XADD stream 5-1 name Ada role admin");
    for (var i = 0; i < MANY; i++) {
      lines.add("HSET big-hash field:" + i + " value:" + i);
      lines.add("RPUSH big-list element:" + i);
      lines.add("SADD big-set member:" + i);
      lines.add("ZADD big-zset " + i + " member:" + i);
    }
    lines.add(
        event(
            "policy_issued",
            "'firstName':'Jim','lastName':'Smith','carrier':'Acme',"
                + "'premiumCents':12000,'renewsOn':'2031-01-01'",
            1));
    return lines.stream();
  }

  private static Stream<String> behindTheCut() {
    return Stream.of(
        "INCR number",
        "DEL deleted",
        "SET tail only-in-the-journal",
        "XADD stream 6-0 name Grace",
        "LPUSH big-list first",
        event("claim_opened", "'claimId':7,'amountCents':990", 1),
        event(
            "policy_issued",
            "'firstName':'Ann','lastName':'Chen','carrier':'Acme',"
                + "'premiumCents':8000,'renewsOn':'2031-02-02'",
            2));
  }

  private static String event(String type, String fields, long policy) {
    var json = "{'policyId':" + policy + ",'happenedAt':1893456000000," + fields + "}";
    return "DEPOT.APPEND policies/events TYPE " + type + " " + json.replace('\'', '"');
  }

  /** Sends a line, its words separated by single spaces; the answer as text. */
  static String ask(RedisCommands<String, String> redis, String line) {
    var words = line.split(" ");
    var command =
        new ProtocolKeyword() {
          @Override
          public byte[] getBytes() {
            return words[0].getBytes(StandardCharsets.US_ASCII);
          }

          @Override
          public String toString() {
            return words[0];
          }
        };
    var arguments = new CommandArgs<>(StringCodec.UTF8);
    for (var i = 1; i < words.length; i++) {
      arguments.add(words[i]);
    }
    return redis.dispatch(command, new NestedMultiOutput<>(StringCodec.UTF8), arguments).toString();
  }

  /** All answers, a line each. */
  static String answers(RedisCommands<String, String> redis) {
    var answers = new StringBuilder();
    for (var question : questions()) {
      answers.append(question).append(" -> ").append(ask(redis, question)).append('\n');
    }
    return answers.toString();
  }

  static RedisURI uri(int port) {
    return RedisURI.create("127.0.0.1", port);
  }

  /** Writes the directory and the answers into a folder: the server is killed, not stopped. */
  static void main(String[] args) throws Exception {
    var folder = Path.of(args[0]);
    var work = Files.createTempDirectory("format");
    var port = PackagedServer.freePort();
    try (var server = PackagedServer.start(work, arguments(work, port)).awaitReady();
        var client = io.lettuce.core.RedisClient.create(uri(port));
        var connection = client.connect()) {
      var redis = connection.sync();
      beforeTheCut().forEach(line -> ask(redis, line));
      redis.dispatch(
          CommandType.SAVE,
          new NestedMultiOutput<>(StringCodec.UTF8),
          new CommandArgs<>(StringCodec.UTF8));
      behindTheCut().forEach(line -> ask(redis, line));
      Files.writeString(folder.resolve(ANSWERS), answers(redis));
      server.kill();
    }
    tar("-czf", folder.resolve(ARCHIVE).toString(), "-C", work.toString(), "data");
  }

  static String[] arguments(Path work, int port) {
    var arguments = new ArrayList<String>(SETTINGS);
    arguments.addAll(List.of("--dir", work.resolve("data").toString()));
    arguments.addAll(List.of("--port", Integer.toString(port)));
    arguments.addAll(List.of("--sql-port", "0", "--http-port", "0"));
    return arguments.toArray(String[]::new);
  }

  static void tar(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>(List.of("tar"));
    command.addAll(List.of(arguments));
    var exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IOException("tar ended with " + exit);
    }
  }
}
