package io.millrace.resp.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Seeds;
import io.millrace.resp.protocol.CommandException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Payloads that are no payloads end with an error, and quickly. */
final class HostilePayloadTest {
  private static final int ROUNDS = Integer.getInteger("millrace.flips", 40_000);
  private static final int FOOTER = 10;

  /** Bodies of what redis-server 7.0.15 has written of each type. */
  private static final List<String> BODIES =
      List.of(
          "12010210100000000300816102826263030101ff",
          "0b0e0200000003000000010002000300",
          "10151500000004008266310382763103826632030201ff",
          "1114140000000400816102010181620283322e3504ff",
          "04010166c3094046017676e03900017676",
          "0502016e0000000000000040c3094041016d6de03400016d6d000000000000f83f",
          "020201620161",
          "13011000000000000000010000000000000001c33b40401240000000190002010101020181660281"
              + "670200200900002001058176020201052008030401dfff202008816f028178020601032010c01d01"
              + "01ff020501010105010300",
          "00c313414008616263646566676861e0ff07e12407016768",
          "00c00c");

  private static byte[] footed(byte[] body) {
    var whole = Arrays.copyOf(body, body.length + FOOTER);
    whole[body.length] = 10;
    long crc = Crc64.of(whole, 0, body.length + 2);
    for (int i = 0; i < 8; i++) {
      whole[body.length + 2 + i] = (byte) (crc >>> 8 * i);
    }
    return whole;
  }

  private static void load(byte[] whole) {
    ValueLoader.load(whole, 0, whole.length, Budget.ofHeap());
  }

  @Test
  void theChecksumIsThatOfRedis() {
    var digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(Crc64.of(digits, 0, digits.length)).isEqualTo(0xe9c6d914c4b8d9caL);
  }

  @Test
  void anySingleChangeOfAPayloadIsFound() {
    var whole = footed(HexFormat.of().parseHex(BODIES.get(1)));
    load(whole);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      var changed = whole.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> load(changed))
          .as("bit %s", bit)
          .hasMessage("ERR DUMP payload version or checksum are wrong");
    }
  }

  @Test
  void whatComesBehindARightChecksumMayBeAnything() {
    long seed = Seeds.next();
    var random = new SplittableRandom(seed);
    int restored = 0;
    for (int i = 0; i < ROUNDS; i++) {
      var body = hostile(random);
      try {
        load(footed(body));
        restored++;
      } catch (CommandException answer) {
        assertThat(answer.text()).as("seed=%s", seed).containsAnyOf("Bad data", "groups", "OOM");
      } catch (RuntimeException failure) {
        throw new AssertionError(
            "seed=" + seed + " body=" + HexFormat.of().formatHex(body), failure);
      }
    }
    assertThat(restored).as("seed=%s", seed).isBetween(1, ROUNDS - 1);
  }

  private static byte[] hostile(SplittableRandom random) {
    var body = HexFormat.of().parseHex(BODIES.get(random.nextInt(BODIES.size())));
    if (random.nextInt(10) == 0) {
      body = new byte[1 + random.nextInt(60)];
      random.nextBytes(body);
    }
    if (random.nextInt(4) == 0) {
      body[0] = (byte) random.nextInt(24);
    }
    for (int flips = random.nextInt(4); flips > 0; flips--) {
      body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
    }
    int cut = random.nextInt(8) == 0 ? 1 + random.nextInt(body.length) : body.length;
    return Arrays.copyOf(body, cut);
  }

  @Test
  void lengthsAreCheckedBeforeMemoryIsTaken() {
    for (var body :
        List.of(
            "0081 7fffffffffffffff",
            "0080 7fffffff",
            "0081 ffffffffffffffff",
            "0280 7fffffff",
            "0481 4000000000000000",
            "00c3 05 8020000000 0000000000",
            "0b 08 0800000000000020",
            "12 80ffffffff")) {
      assertThatThrownBy(() -> load(footed(HexFormat.of().parseHex(body.replace(" ", "")))))
          .as(body)
          .hasMessage("ERR Bad data format");
    }
  }
}
