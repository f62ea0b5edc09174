package io.millrace.http;

import io.millrace.http.exchange.Answer;
import io.millrace.http.exchange.Problem;
import io.millrace.http.exchange.ProblemException;
import io.millrace.http.exchange.Request;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a request may be answered: it comes from where clients may come from, knows the password,
 * and is not sent by a web page that has no business here. A page can make a browser send requests
 * to loopback: with its own {@code Origin}, or, when its name has been bound to a loopback address,
 * with its own {@code Host}. Used on the door's event loop.
 */
final class Guard {
  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
  private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HttpAccess access;
  private long failures;
  private long toldAt = System.nanoTime() - TELL_NANOS;

  Guard(HttpAccess access) {
    this.access = access;
  }

  /**
   * Judges a request.
   *
   * @throws ProblemException 401, 403 or 421 when it is not to be answered
   */
  void check(Request request, @Nullable InetAddress from) {
    if (from == null || !access.admits().test(from)) {
      throw forbidden(
          "the node is in protected mode: no password is set, so only clients of its own machine may"
              + " come in by the loopback interface; set requirepass");
    }
    var expected = access.password().get();
    if (expected.isEmpty()) {
      checkHost(request);
    } else {
      checkPassword(request, from, expected);
    }
    checkOrigin(request);
  }

  private static ProblemException forbidden(String why) {
    return new ProblemException(Problem.of(403, "FORBIDDEN", why));
  }

  private void checkHost(Request request) {
    var host = name(request.header("Host"));
    if (!host.isEmpty() && !isOurs(host)) {
      throw new ProblemException(
          Problem.of(
              421,
              "FORBIDDEN",
              "without a password this door answers to localhost and to addresses, not to the name '"
                  + Request.shown(host)
                  + "': set requirepass, or name it in http-allowed-hosts"));
    }
  }

  private boolean isOurs(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || NetUtil.isValidIpV4Address(host)
        || host.startsWith("[")
        || access.hosts().contains(host);
  }

  /** A host without its port, in lower case. */
  private static String name(@Nullable String authority) {
    if (authority == null) {
      return "";
    }
    var colon = authority.lastIndexOf(':');
    var bare = colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    return bare.toLowerCase(Locale.ROOT);
  }

  /** Browsers name the page that sends a request; programs name none. */
  private void checkOrigin(Request request) {
    var origin = request.header("Origin");
    if (origin == null) {
      if ("cross-site".equals(request.header("Sec-Fetch-Site")) && writes(request)) {
        throw forbidden("a page of another site may not send this");
      }
      return;
    }
    var lower = origin.toLowerCase(Locale.ROOT);
    var host = request.header("Host");
    var same =
        host != null
            && (lower.equals("http://" + host.toLowerCase(Locale.ROOT))
                || lower.equals("https://" + host.toLowerCase(Locale.ROOT)));
    if (!same && !access.origins().contains(lower)) {
      throw forbidden(
          "a page of "
              + Request.shown(origin)
              + " may not use this door: name its origin in http-allowed-origins");
    }
  }

  /** The answer to a browser's question in advance, when the page may ask; else null. */
  @Nullable Answer preflight(Request request) {
    if (!request.method().equals(HttpMethod.OPTIONS)
        || request.header("Access-Control-Request-Method") == null
        || corsOrigin(request) == null) {
      return null;
    }
    return Answer.text(204, "text/plain", "")
        .withHeader("Access-Control-Allow-Methods", "GET, POST")
        .withHeader("Access-Control-Allow-Headers", "Content-Type, Authorization, Idempotency-Key")
        .withHeader("Access-Control-Max-Age", "600");
  }

  /** The origin of a page of another site that may read the answer, or null. */
  @Nullable String corsOrigin(Request request) {
    var origin = request.header("Origin");
    return origin != null && access.origins().contains(origin.toLowerCase(Locale.ROOT))
        ? origin
        : null;
  }

  private static boolean writes(Request request) {
    return !request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD);
  }

  private void checkPassword(Request request, InetAddress from, String expected) {
    var given = password(request.header("Authorization"));
    if (given == null || !same(given, expected)) {
      if (given != null) {
        failed(from);
      }
      throw new ProblemException(
          Problem.of(401, "NOAUTH", "the password is needed: HTTP Basic, or a bearer token"));
    }
  }

  private void failed(InetAddress from) {
    failures++;
    long now = System.nanoTime();
    if (now - toldAt >= TELL_NANOS) {
      LOG.warn("login refused: client={} since_last={}", from.getHostAddress(), failures);
      toldAt = now;
      failures = 0;
    }
  }

  private static byte @Nullable [] password(@Nullable String header) {
    if (header == null) {
      return null;
    }
    var space = header.indexOf(' ');
    if (space < 0) {
      return null;
    }
    // A header comes as one char per byte.
    var credentials = header.substring(space + 1).strip().getBytes(StandardCharsets.ISO_8859_1);
    return switch (header.substring(0, space).toLowerCase(Locale.ROOT)) {
      case "bearer" -> credentials;
      case "basic" -> basic(credentials);
      default -> null;
    };
  }

  private static byte @Nullable [] basic(byte[] credentials) {
    try {
      var both = Base64.getDecoder().decode(credentials);
      int colon = 0;
      while (colon < both.length && both[colon] != ':') {
        colon++;
      }
      return java.util.Arrays.copyOfRange(both, Math.min(colon + 1, both.length), both.length);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  private static boolean same(byte[] given, String expected) {
    return MessageDigest.isEqual(hash(given), hash(expected.getBytes(StandardCharsets.UTF_8)));
  }

  /** So that comparing takes the same time for any length. */
  private static byte[] hash(byte[] secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
