package io.millrace.resp.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NumbersTest {
  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, -1, 9, 10, 99, 100, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1})
  void numbersAreReadAsTheyWereWritten(long number) {
    var text = new byte[24];
    int length = Numbers.write(number, text, 2) - 2;
    assertThat(new String(text, 2, length, StandardCharsets.US_ASCII))
        .isEqualTo(Long.toString(number));
    assertThat(Numbers.parseLong(text, 2, length)).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", "+1", "01", "-0", " 1", "1 ", "1.0", "9223372036854775808", "a", "--1"})
  void otherTextIsNoNumber(String text) {
    assertThatThrownBy(() -> Numbers.parseLong(ascii(text), 0, text.length()))
        .hasMessage("ERR value is not an integer or out of range");
  }

  @ParameterizedTest
  @CsvSource({
    "3.0, 3",
    "0.1, 0.10000000000000001",
    "1e17, 1e+17",
    "-2.5, -2.5",
    "1e-7, 9.9999999999999995e-08"
  })
  void doublesAreWrittenWithSeventeenDigits(double value, String text) {
    assertThat(Numbers.formatDouble(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "10.5, 0.1, 10.6",
    "5.0e3, 2.0e2, 5200",
    "3.0, 1, 4",
    "0.1, 0.2, 0.3",
    "-1, 1, 0",
    "1e-3, 1e-18, 0.001",
    "9007199254740993, 0.5, 9007199254740993.5"
  })
  void sumsAreThoseOfLongDoubles(String one, String other, String sum) {
    var a = LongDouble.parse(ascii(one), 0, one.length());
    var b = LongDouble.parse(ascii(other), 0, other.length());
    assertThat(LongDouble.format(LongDouble.add(a, b))).isEqualTo(sum);
  }

  @Test
  void globsMatchAsInRedis() {
    assertThat(matches("h?llo", "hello")).isTrue();
    assertThat(matches("h*o", "ho")).isTrue();
    assertThat(matches("h[^e]llo", "hello")).isFalse();
    assertThat(matches("h[a-e]llo", "hello")).isTrue();
    assertThat(matches("\\*", "*")).isTrue();
    assertThat(matches("a*b*c", "a--b--b-c")).isTrue();
    assertThat(matches("*".repeat(50) + "x", "a".repeat(5000))).isFalse();
  }

  private static boolean matches(String glob, String text) {
    return Glob.matches(ascii(glob), 0, glob.length(), ascii(text), 0, text.length());
  }
}
