package io.millrace.engine.internal.node;

import io.millrace.engine.internal.file.FileLayer;
import io.millrace.engine.internal.file.WholeFile;
import io.millrace.engine.tree.Slots;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The {@code FORMAT} file of a data directory: what can never change while the directory lives.
 * Lines of {@code name value}, the last one a CRC-32C over the lines before it.
 *
 * @param tasks number of tasks P
 * @param hashSeed seed of {@code KeyHash}
 * @param directoryId identity of the directory
 */
public record FormatFile(int tasks, long hashSeed, UUID directoryId) {
  /**
   * Format this build writes, and the newest it reads. Since 2 the system space keeps declarations,
   * names that changed and records of absent modules, which a build of format 1 would pass over; a
   * directory of format 1 becomes one of format 2 when it is opened.
   */
  public static final int VERSION = 2;

  private static final String NAME = "FORMAT";

  /**
   * Reads the file, or writes one when the directory is new.
   *
   * @throws IOException when the file is damaged, of a newer format, or names another number of
   *     tasks, or when it is missing beside existing data
   */
  public static FormatFile openOrCreate(FileLayer files, Path directory, int tasks)
      throws IOException {
    Path file = directory.resolve(NAME);
    if (files.exists(file)) {
      FormatFile found = check(read(files, file), file, tasks);
      if (versionOf(files, file) < VERSION) {
        found.write(files, directory, file);
      }
      // Whoever renamed it may have died before the name was forced.
      files.syncDirectory(directory);
      return found;
    }
    if (files.exists(directory.resolve("journal")) || files.exists(directory.resolve("state"))) {
      throw new IOException(
          "There is data in "
              + directory.toAbsolutePath()
              + " but no FORMAT file; restore it from a backup, or choose an empty --dir");
    }
    FormatFile made = new FormatFile(tasks, new SecureRandom().nextLong(), UUID.randomUUID());
    made.write(files, directory, file);
    return made;
  }

  private static int versionOf(FileLayer files, Path file) throws IOException {
    String text = new String(WholeFile.read(files, file), StandardCharsets.ISO_8859_1);
    return Integer.parseInt(values(text).getOrDefault("format", "0"));
  }

  private static FormatFile check(FormatFile found, Path file, int tasks) throws IOException {
    if (found.tasks != tasks) {
      throw new IOException(
          file.toAbsolutePath()
              + " was made with --tasks "
              + found.tasks
              + ", which is fixed for the life of the directory; started with --tasks "
              + tasks);
    }
    return found;
  }

  private static FormatFile read(FileLayer files, Path file) throws IOException {
    // Bytes as they are: what is no text must be told as damage, too.
    String text = new String(WholeFile.read(files, file), StandardCharsets.ISO_8859_1);
    int last = text.lastIndexOf("crc ");
    Map<String, String> values = values(text);
    boolean whole = last >= 0 && text.substring(last).equals(seal(text.substring(0, last)));
    String version = values.getOrDefault("format", "0");
    if (whole && version.matches("\\d{1,6}") && Integer.parseInt(version) > VERSION) {
      throw new IOException(
          file.toAbsolutePath()
              + " has format "
              + version
              + "; this Millrace reads up to "
              + VERSION
              + ": start the newer Millrace that wrote it");
    }
    if (!whole) {
      throw damaged(file);
    }
    if (!Slots.FUNCTION_ID.equals(values.get("partition-function"))) {
      throw new IOException(
          file.toAbsolutePath()
              + " names another partition function: "
              + values.get("partition-function"));
    }
    try {
      return new FormatFile(
          Integer.parseInt(values.getOrDefault("tasks", "")),
          Long.parseLong(values.getOrDefault("hash-seed", "")),
          UUID.fromString(values.getOrDefault("directory", "")));
    } catch (IllegalArgumentException e) {
      throw damaged(file);
    }
  }

  private static Map<String, String> values(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : text.split("\n")) {
      int space = line.indexOf(' ');
      if (space > 0) {
        values.put(line.substring(0, space), line.substring(space + 1));
      }
    }
    return values;
  }

  private static IOException damaged(Path file) {
    return new IOException(
        file.toAbsolutePath() + " is damaged (checksum differs); restore it from a backup");
  }

  /** The last line, over the lines before it. */
  private static String seal(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
    return "crc " + Long.toHexString(crc.getValue()) + "\n";
  }

  private void write(FileLayer files, Path directory, Path file) throws IOException {
    String text =
        "format "
            + VERSION
            + "\ntasks "
            + tasks
            + "\npartition-function "
            + Slots.FUNCTION_ID
            + "\nhash-seed "
            + hashSeed
            + "\ndirectory "
            + directoryId
            + "\n";
    ByteBuffer bytes = ByteBuffer.wrap((text + seal(text)).getBytes(StandardCharsets.ISO_8859_1));
    Path temporary = directory.resolve(NAME + ".new");
    WholeFile.write(files, temporary, List.of(bytes));
    files.rename(temporary, file);
    files.syncDirectory(directory);
  }
}
