package io.millrace.engine.internal.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Texts that modules made, such as the messages of their exceptions. */
public final class ErrorText {
  private ErrorText() {}

  /** At most so many characters, and a question mark for each half of a surrogate pair. */
  public static String whole(String text, int most) {
    var cut = text.length() > most ? text.substring(0, most) : text;
    return new String(cut.getBytes(UTF_8), UTF_8);
  }

  /** Refuses a text that would not come back equal. */
  static void check(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isHighSurrogate(text.charAt(i))
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new IllegalStateException("a text holds half a surrogate pair at index=" + i);
        }
        i++;
      }
    }
  }
}
