package io.millrace.sql.wire;

import io.millrace.sql.error.SqlProblem;
import io.millrace.sql.error.SqlState;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The server's side of SCRAM-SHA-256 (RFC 5802, 7677), without channel binding. */
final class Scram {
  static final String MECHANISM = "SCRAM-SHA-256";

  /** What the server keeps of the password. */
  record Verifier(byte[] salt, byte[] storedKey, byte[] serverKey) {
    private static final int ITERATIONS = 4096;

    static Verifier of(String password) {
      var salt = new byte[16];
      new SecureRandom().nextBytes(salt);
      try {
        var spec = new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, 256);
        var salted =
            SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
        var clientKey = hmac(salted, "Client Key");
        var stored = MessageDigest.getInstance("SHA-256").digest(clientKey);
        return new Verifier(salt, stored, hmac(salted, "Server Key"));
      } catch (GeneralSecurityException missing) {
        throw new IllegalStateException(missing);
      }
    }
  }

  private final Verifier verifier;
  private String firstBare = "";
  private String serverFirst = "";
  private String nonce = "";
  private String header = "";

  Scram(Verifier verifier) {
    this.verifier = verifier;
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static SqlProblem malformed() {
    return new SqlProblem(SqlState.PROTOCOL_VIOLATION, "malformed SCRAM message");
  }

  private static String attribute(String part, char name) {
    if (part.length() < 2 || part.charAt(0) != name || part.charAt(1) != '=') {
      throw malformed();
    }
    return part.substring(2);
  }

  /** Answers the client's first message. */
  String first(String clientFirst) {
    var comma = clientFirst.indexOf(',', clientFirst.indexOf(',') + 1);
    if (comma < 0 || !(clientFirst.startsWith("n,") || clientFirst.startsWith("y,"))) {
      throw malformed();
    }
    header = clientFirst.substring(0, comma + 1);
    firstBare = clientFirst.substring(comma + 1);
    var parts = firstBare.split(",", -1);
    if (parts.length < 2) {
      throw malformed();
    }
    var own = new byte[18];
    new SecureRandom().nextBytes(own);
    nonce = attribute(parts[1], 'r') + Base64.getEncoder().encodeToString(own);
    serverFirst =
        "r="
            + nonce
            + ",s="
            + Base64.getEncoder().encodeToString(verifier.salt())
            + ",i="
            + Verifier.ITERATIONS;
    return serverFirst;
  }

  /** Checks the client's proof and answers with ours. */
  String last(String clientLast) {
    var proofAt = clientLast.lastIndexOf(",p=");
    if (proofAt < 0) {
      throw malformed();
    }
    var withoutProof = clientLast.substring(0, proofAt);
    var parts = withoutProof.split(",", -1);
    if (parts.length < 2) {
      throw malformed();
    }
    var binding = decode(attribute(parts[0], 'c'));
    if (!new String(binding, StandardCharsets.UTF_8).equals(header)
        || !attribute(parts[1], 'r').equals(nonce)) {
      throw malformed();
    }
    var message = firstBare + "," + serverFirst + "," + withoutProof;
    var proof = decode(clientLast.substring(proofAt + 3));
    var signature = hmac(verifier.storedKey(), message);
    if (proof.length != signature.length) {
      throw malformed();
    }
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= signature[i];
    }
    try {
      var stored = MessageDigest.getInstance("SHA-256").digest(proof);
      if (!MessageDigest.isEqual(stored, verifier.storedKey())) {
        throw new SqlProblem(SqlState.INVALID_PASSWORD, "password authentication failed");
      }
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
    return "v=" + Base64.getEncoder().encodeToString(hmac(verifier.serverKey(), message));
  }

  private static byte[] decode(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      throw malformed();
    }
  }
}
