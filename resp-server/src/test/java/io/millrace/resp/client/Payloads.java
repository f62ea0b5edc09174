package io.millrace.resp.client;

import io.millrace.resp.dump.Crc64;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Dump payloads that nothing but their size is wrong with. */
final class Payloads {
  private static final int LIST = 1;
  private static final int LZF_STRING = 0xC3;
  private static final int VERSION = 10;
  private static final int RUN = 264;
  private static final int RUNS = 4_000;

  private Payloads() {}

  /** A list of strings that are as good as nothing in the payload, and together so long. */
  static String expandingTo(long bytes) {
    var string = string();
    int length = RUN * RUNS + 1;
    var body = new ByteArrayOutputStream();
    int count = (int) (bytes / length) + 1;
    body.write(LIST);
    number(body, count);
    for (int i = 0; i < count; i++) {
      body.write(LZF_STRING);
      number(body, string.length);
      number(body, length);
      body.writeBytes(string);
    }
    body.write(VERSION);
    body.write(0);
    long crc = Crc64.of(body.toByteArray(), 0, body.size());
    for (int i = 0; i < 8; i++) {
      body.write((int) (crc >>> 8 * i));
    }
    return body.toString(StandardCharsets.ISO_8859_1);
  }

  /** One letter, and the one before it again and again. */
  private static byte[] string() {
    var out = new ByteArrayOutputStream();
    out.write(0);
    out.write('x');
    for (int i = 0; i < RUNS; i++) {
      out.write(0xE0);
      out.write(0xFF);
      out.write(0);
    }
    return out.toByteArray();
  }

  private static void number(ByteArrayOutputStream out, int value) {
    out.write(0x80);
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.write(value >>> shift);
    }
  }
}
