package io.millrace.engine.internal.runtime;

import java.nio.charset.StandardCharsets;

/**
 * Body of a REGISTER record: what becomes known to the directory, in text with zeros between.
 *
 * @param kind {@code depot}, {@code family}, {@code source} (a new name), or one of the constants
 * @param module module it belongs to
 * @param name name inside the module; of {@link #DECLARE} the whole declaration
 * @param detail of {@link #RENAME} and {@link #RETIRE} the kind of what is named, of a source maybe
 *     {@link #SINCE_EVER}, else empty
 * @param newName of {@link #RENAME} the new name, else empty
 */
record Registration(String kind, String module, String name, String detail, String newName) {
  /** The names a module needs are all known: it is attached. */
  static final String ATTACH = "attach";

  /** A module has another version. */
  static final String DECLARE = "declare";

  /** Something has another name. */
  static final String RENAME = "rename";

  /** Something, or a whole module, is given up. */
  static final String RETIRE = "retire";

  /** A module is not there any more; what follows does not concern it. */
  static final String LEAVE = "leave";

  /** A module is there again, or in another version: it folds what was kept for it. */
  static final String RETURN = "return";

  /** Detail of a source that was read before the directory kept sources: from its beginning. */
  static final String SINCE_EVER = "since_ever";

  Registration(String kind, String module, String name) {
    this(kind, module, name, "", "");
  }

  byte[] encode() {
    String text =
        detail.isEmpty()
            ? kind + "\0" + module + "\0" + name
            : String.join("\0", kind, module, name, detail, newName);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Registration decode(FoldRecord record) {
    String body = new String(record.array, record.offset, record.length, StandardCharsets.UTF_8);
    String[] parts = body.split("\0", -1);
    return parts.length < 5
        ? new Registration(parts[0], parts[1], parts[2])
        : new Registration(parts[0], parts[1], parts[2], parts[3], parts[4]);
  }
}
