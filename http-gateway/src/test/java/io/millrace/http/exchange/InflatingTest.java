package io.millrace.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class InflatingTest {
  private static final byte[] TEXT = "{\"n\":1}\n".repeat(5_000).getBytes(StandardCharsets.UTF_8);

  private static byte[] gzip(byte[] plain) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private static byte[] zlib(byte[] plain) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DeflaterOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  /** A member with every optional part of the header. */
  private static byte[] adorned(byte[] plain) {
    var deflater = new Deflater(9, true);
    deflater.setInput(plain);
    deflater.finish();
    var data = new byte[plain.length + 100];
    var length = deflater.deflate(data);
    deflater.end();
    var crc = new CRC32();
    crc.update(plain);
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, 31, 0, 0, 0, 0, 0, 0, 3, 0, 'a', 'b', 'c'});
    out.writeBytes("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(new byte[] {1, 2});
    out.write(data, 0, length);
    for (var number : new long[] {crc.getValue(), plain.length}) {
      for (var shift = 0; shift < 32; shift += 8) {
        out.write((int) (number >>> shift));
      }
    }
    return out.toByteArray();
  }

  private static byte[] decode(Inflating inflating, byte[] body, int piece)
      throws DataFormatException {
    var plain = new ByteArrayOutputStream();
    var out = new byte[100];
    for (var at = 0; at < body.length; at += piece) {
      inflating.feed(Arrays.copyOfRange(body, at, Math.min(body.length, at + piece)));
      for (var count = inflating.next(out); count > 0; count = inflating.next(out)) {
        plain.write(out, 0, count);
      }
    }
    if (!inflating.end()) {
      throw new DataFormatException("not whole");
    }
    return plain.toByteArray();
  }

  private static byte[] both(byte[] first, byte[] second) {
    var all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  @Test
  void wholeBodiesAreDecodedHoweverTheyAreCut() throws Exception {
    for (var piece : new int[] {1, 7, 1 << 20}) {
      assertThat(decode(Inflating.gzip(), gzip(TEXT), piece)).isEqualTo(TEXT);
      assertThat(decode(Inflating.gzip(), gzip(new byte[0]), piece)).isEmpty();
      assertThat(decode(Inflating.gzip(), both(gzip(TEXT), adorned(TEXT)), piece))
          .isEqualTo(both(TEXT, TEXT));
      assertThat(decode(Inflating.deflate(), zlib(TEXT), piece)).isEqualTo(TEXT);
    }
  }

  @Test
  void everyCutIsRefused() throws Exception {
    var body = gzip("{\"n\":1}\n{\"n\":2}\n".getBytes(StandardCharsets.UTF_8));
    for (var length = 0; length < body.length; length++) {
      var cut = Arrays.copyOf(body, length);
      assertThatThrownBy(() -> decode(Inflating.gzip(), cut, 5))
          .as("length=%d", length)
          .isInstanceOf(DataFormatException.class);
    }
    var zlib = zlib(TEXT);
    assertThatThrownBy(() -> decode(Inflating.deflate(), Arrays.copyOf(zlib, zlib.length - 1), 9))
        .isInstanceOf(DataFormatException.class);
  }

  @Test
  void everyFlippedByteBehindTheHeaderIsRefused() throws Exception {
    var body = gzip("{\"n\":1}\n{\"n\":2}\n".getBytes(StandardCharsets.UTF_8));
    for (var i = 10; i < body.length; i++) {
      var flipped = body.clone();
      flipped[i] ^= 0x55;
      assertThatThrownBy(() -> decode(Inflating.gzip(), flipped, 5))
          .as("at=%d", i)
          .isInstanceOf(DataFormatException.class);
    }
  }

  @Test
  void whatStandsBehindTheEndIsRefused() throws Exception {
    assertThatThrownBy(() -> decode(Inflating.gzip(), both(gzip(TEXT), new byte[] {1}), 9))
        .isInstanceOf(DataFormatException.class);
    assertThatThrownBy(() -> decode(Inflating.deflate(), both(zlib(TEXT), new byte[] {1}), 9))
        .isInstanceOf(DataFormatException.class);
  }
}
