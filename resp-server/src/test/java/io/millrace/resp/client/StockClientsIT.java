package io.millrace.resp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.SetArgs;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.millrace.engine.EngineConfig;
import io.millrace.resp.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisDataException;

/** Programs written for Redis, unchanged. */
final class StockClientsIT {
  @TempDir private Path directory;
  private TestNode node;

  @BeforeEach
  void start() throws IOException {
    node = TestNode.start(directory, 2, Map.of(), (EngineConfig c) -> c.withTasks(8));
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  @Test
  void lettuceReadsWritesScansAndRunsTransactions() {
    var client = RedisClient.create(RedisURI.create("127.0.0.1", node.port()));
    try (var connection = client.connect()) {
      var redis = connection.sync();
      assertThat(redis.ping()).isEqualTo("PONG");
      redis.set("greeting", "hello", SetArgs.Builder.ex(100));
      assertThat(redis.get("greeting")).isEqualTo("hello");
      assertThat(redis.ttl("greeting")).isBetween(90L, 100L);
      redis.hset("user:1", Map.of("name", "Jim", "age", "42"));
      assertThat(redis.hgetall("user:1")).containsEntry("name", "Jim").hasSize(2);
      assertThat(redis.mget("greeting", "none"))
          .containsExactly(KeyValue.just("greeting", "hello"), KeyValue.empty("none"));
      redis.multi();
      redis.incr("count");
      redis.incrby("count", 4);
      assertThat((Long) redis.exec().get(1)).isEqualTo(5);
      var scan = redis.scan(ScanCursor.INITIAL, ScanArgs.Builder.limit(1000));
      assertThat(Set.copyOf(scan.getKeys())).isEqualTo(Set.of("greeting", "user:1", "count"));
    } finally {
      client.shutdown(0, 1, TimeUnit.SECONDS);
    }
  }

  @Test
  void lettuceGetsMessagesOfChannelsAndPatterns() throws InterruptedException {
    var client = RedisClient.create(RedisURI.create("127.0.0.1", node.port()));
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (var listener = client.connectPubSub();
        var speaker = client.connect()) {
      listener.addListener(
          new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
              heard.add(channel + "=" + message);
            }

            @Override
            public void message(String pattern, String channel, String message) {
              heard.add(pattern + "/" + channel + "=" + message);
            }
          });
      listener.sync().subscribe("news");
      listener.sync().psubscribe("n*");
      assertThat(speaker.sync().publish("news", "first")).isEqualTo(2);
      assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("news=first");
      assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("n*/news=first");
    } finally {
      client.shutdown(0, 1, TimeUnit.SECONDS);
    }
  }

  @Test
  void jedisWatchesPipelinesAndSeesErrors() {
    try (var jedis = new Jedis("127.0.0.1", node.port());
        var other = new Jedis("127.0.0.1", node.port())) {
      jedis.set("balance", "10");
      jedis.watch("balance");
      other.incr("balance");
      try (var transaction = jedis.multi()) {
        transaction.set("balance", "0");
        assertThat(transaction.exec()).isNull();
      }
      assertThat(jedis.get("balance")).isEqualTo("11");
      var pipeline = jedis.pipelined();
      for (int i = 0; i < 1000; i++) {
        pipeline.incr("n");
      }
      pipeline.sync();
      assertThat(jedis.get("n")).isEqualTo("1000");
      assertThatThrownBy(() -> jedis.hset("n", "a", "b"))
          .isInstanceOf(JedisDataException.class)
          .hasMessageStartingWith("WRONGTYPE");
      jedis.select(3);
      assertThat(jedis.dbSize()).isZero();
    }
  }

  @Test
  void jedisSubscribes() throws InterruptedException {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    var listener =
        new JedisPubSub() {
          @Override
          public void onSubscribe(String channel, int count) {
            heard.add("+" + channel);
          }

          @Override
          public void onMessage(String channel, String message) {
            heard.add(message);
            unsubscribe();
          }
        };
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              try (var jedis = new Jedis("127.0.0.1", node.port())) {
                jedis.subscribe(listener, "c");
              }
            });
    assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("+c");
    try (var jedis = new Jedis("127.0.0.1", node.port())) {
      jedis.publish("c", "hi");
    }
    assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("hi");
    thread.join(5000);
    assertThat(thread.isAlive()).isFalse();
  }
}
