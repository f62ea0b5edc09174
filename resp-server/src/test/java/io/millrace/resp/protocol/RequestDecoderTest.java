package io.millrace.resp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestDecoderTest {
  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Decodes everything at once; the last element is the outcome that ended it. */
  private static List<String> decode(String text, DecodeLimits limits) {
    var in = latin(text);
    var decoder = new RequestDecoder();
    var batch = new CommandBatch();
    var out = new ArrayList<String>();
    var args = new Args();
    int at = 0;
    while (true) {
      int index = batch.end();
      int result = decoder.decode(in, at, in.length, batch, limits);
      at = decoder.consumed();
      if (result != RequestDecoder.COMMAND) {
        out.add(
            switch (result) {
              case RequestDecoder.INCOMPLETE -> "more@" + at;
              case RequestDecoder.PROTOCOL_ERROR -> decoder.error();
              default -> "stranger";
            });
        return out;
      }
      batch.read(index, in, args);
      out.add(words(args).toString());
    }
  }

  private static List<String> words(Args args) {
    var words = new ArrayList<String>();
    for (int i = 0; i < args.count(); i++) {
      words.add(args.latin(i));
    }
    return words;
  }

  private static List<String> decode(String text) {
    return decode(text, DecodeLimits.DEFAULT);
  }

  /** A command beyond its limit is dropped as its bytes come in; what follows is found. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 64, 1000})
  void aCommandThatIsTooLargeIsSkippedInStep(int pieces) {
    var large = "*4\r\n$4\r\nMSET\r\n$200\r\n" + "x".repeat(200) + "\r\n$1\r\na\r\n$0\r\n\r\n";
    var in = latin(large + "*1\r\n$4\r\nPING\r\n");
    var limits = new DecodeLimits(100, 1000, 150, true);
    var decoder = new RequestDecoder();
    var batch = new CommandBatch();
    var seen = new ArrayList<Integer>();
    int at = 0;
    for (int to = Math.min(pieces, in.length); ; to = Math.min(to + pieces, in.length)) {
      int result = decoder.decode(in, at, to, batch, limits);
      at = decoder.consumed();
      if (result == RequestDecoder.TOO_LARGE) {
        at = decoder.skip(at);
        result = decoder.decode(in, at, to, batch, limits);
        at = decoder.consumed();
        seen.add(RequestDecoder.TOO_LARGE);
      }
      if (result == RequestDecoder.SKIPPED) {
        seen.add(result);
        result = decoder.decode(in, at, to, batch, limits);
        at = decoder.consumed();
      }
      if (result == RequestDecoder.COMMAND) {
        seen.add(result);
        break;
      }
      assertThat(result).isEqualTo(RequestDecoder.INCOMPLETE);
    }
    assertThat(seen)
        .containsExactly(RequestDecoder.TOO_LARGE, RequestDecoder.SKIPPED, RequestDecoder.COMMAND);
    assertThat(at).isEqualTo(in.length);
  }

  @Test
  void pipelinedArraysAreFoundInOrder() {
    assertThat(decode("*2\r\n$3\r\nGET\r\n$1\r\na\r\n*1\r\n$4\r\nPING\r\n"))
        .containsExactly("[GET, a]", "[PING]", "more@34");
  }

  @Test
  void emptyRequestsAreSkipped() {
    assertThat(decode("\r\n*0\r\n*-1\r\n\nPING\r\n")).containsExactly("[PING]", "more@18");
  }

  @Test
  void inlineArgumentsMayBeQuoted() {
    assertThat(decode("SET \"a b\" 'c\\'d' \"\\x41\\n\"\r\n")).startsWith("[SET, a b, c'd, A\n]");
  }

  @Test
  void unbalancedQuotesBreakTheProtocol() {
    assertThat(decode("SET \"a\r\n"))
        .containsExactly("ERR Protocol error: unbalanced quotes in request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\r\nHost: x\r\n\r\nFLUSHALL\r\n",
        "GET / HTTP/1.1\r\n",
        "OPTIONS * HTTP/1.1\r\n",
        "Host: localhost\r\n",
        "\u0016\u0003\u0001\u0002\u0000"
      })
  void otherProtocolsAreLeftWithoutAWord(String request) {
    assertThat(decode(request)).containsExactly("stranger");
  }

  @Test
  void wrongCountsAndLengthsBreakTheProtocol() {
    assertThat(decode("*x\r\n")).containsExactly("ERR Protocol error: invalid multibulk length");
    assertThat(decode("*2147483648\r\n"))
        .containsExactly("ERR Protocol error: invalid multibulk length");
    assertThat(decode("*1\r\n:1\r\n")).containsExactly("ERR Protocol error: expected '$', got ':'");
    assertThat(decode("*1\r\n$-1\r\n")).containsExactly("ERR Protocol error: invalid bulk length");
    assertThat(decode("*1\r\n$536870913\r\n"))
        .containsExactly("ERR Protocol error: invalid bulk length");
  }

  @Test
  void strangersMaySendLittle() {
    assertThat(decode("*11\r\n", DecodeLimits.STRANGER))
        .containsExactly("ERR Protocol error: unauthenticated multibulk length");
    assertThat(decode("*1\r\n$16385\r\n", DecodeLimits.STRANGER))
        .containsExactly("ERR Protocol error: unauthenticated bulk length");
  }

  @Test
  void endlessLinesBreakTheProtocol() {
    assertThat(decode("x".repeat(70_000)))
        .containsExactly("ERR Protocol error: too big inline request");
    assertThat(decode("*" + "1".repeat(70_000)))
        .containsExactly("ERR Protocol error: too big mbulk count string");
  }

  @Test
  void anAnnouncedLengthReservesNothing() {
    var in = latin("*1\r\n$536870912\r\nabc");
    var batch = new CommandBatch();
    var decoder = new RequestDecoder();
    assertThat(decoder.decode(in, 0, in.length, batch, DecodeLimits.DEFAULT))
        .isEqualTo(RequestDecoder.INCOMPLETE);
    assertThat(batch.words.length).isEqualTo(1024);
  }

  @Test
  void commandsThatComeInPiecesEqualThoseThatComeAtOnce() {
    long seed = Seeds.next();
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 300; round++) {
      var commands = new ArrayList<List<String>>();
      var bytes = new RequestEncoder();
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        var words = new ArrayList<String>();
        for (int k = random.nextInt(1, random.nextInt(10) == 0 ? 200 : 6); k > 0; k--) {
          words.add("w".repeat(random.nextInt(random.nextInt(10) == 0 ? 300 : 12)));
        }
        commands.add(words);
        bytes.begin(words.size());
        words.forEach(bytes::argument);
      }
      assertThat(inPieces(Arrays.copyOf(bytes.array(), bytes.size()), random))
          .as("seed=%s", seed)
          .isEqualTo(commands);
    }
  }

  private static List<List<String>> inPieces(byte[] in, SplittableRandom random) {
    var decoder = new RequestDecoder();
    var batch = new CommandBatch();
    var args = new Args();
    var found = new ArrayList<List<String>>();
    int at = 0;
    int to = 0;
    while (to < in.length) {
      to = Math.min(in.length, to + random.nextInt(1, 40));
      batch.clear();
      while (decoder.decode(in, at, to, batch, DecodeLimits.DEFAULT) == RequestDecoder.COMMAND) {
        at = decoder.consumed();
        batch.read(batch.last(), in, args);
        found.add(words(args));
      }
      at = decoder.consumed();
    }
    return found;
  }

  @Test
  void randomBytesEndInACommandAnErrorOrAWish() {
    long seed = Seeds.next();
    var random = new SplittableRandom(seed);
    var alphabet = "*$:\r\n0123456789-aG\"'\\ \0";
    for (int round = 0; round < 20_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(60); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(decode(text.toString())).as("seed=%s", seed).isNotEmpty();
    }
  }
}
