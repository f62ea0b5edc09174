package io.millrace.engine.internal.node;

import io.millrace.engine.internal.file.FileLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a data directory may be: a new or empty directory, or one of ours; never one in which others
 * keep their files, and never one that leads elsewhere. Only its owner may look into it.
 */
final class DataDirectory {
  /** For the owner only, whatever the process's umask is. */
  static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

  private static final List<String> OURS =
      List.of(
          "FORMAT",
          "FORMAT.new",
          "LOCK",
          "journal",
          "state",
          "depots",
          NodeHost.ARCHIVE,
          KeptCheckpoints.DIRECTORY,
          "verify-scratch",
          "held-folds",
          "held-folds.new");

  /** What file systems, version control and the node's own operator put into an empty directory. */
  private static final Set<String> HARMLESS =
      Set.of("lost+found", ".snapshot", ".gitkeep", ".gitignore", ".keep");

  private static final List<String> HARMLESS_ENDS = List.of(".log", ".conf", ".pid");
  private static final int SHOWN = 3;

  private DataDirectory() {}

  /**
   * Makes the directory when it is missing, and looks at it when it is there. Nothing in it is
   * changed but who may read it.
   *
   * @throws IOException when it holds files of others, or a link in the place of a file of ours
   */
  static void prepare(FileLayer files, Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      refuseLinks(directory);
      if (!files.exists(directory.resolve("FORMAT"))) {
        refuseStrangers(directory);
      }
    }
    files.createDirectories(directory);
    keepOthersOut(directory);
  }

  /** A link could make us write, truncate or delete what is not ours. */
  static void refuseLinks(Path directory) throws IOException {
    for (var name : OURS) {
      var file = directory.resolve(name);
      if (Files.isSymbolicLink(file)) {
        throw new IOException(
            file.toAbsolutePath()
                + " is a symbolic link; only the data directory itself may be one: move the data"
                + " there, and give that directory as --dir");
      }
    }
  }

  private static void refuseStrangers(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      var strange =
          entries
              .filter(entry -> !belongs(entry))
              .map(entry -> String.valueOf(entry.getFileName()))
              .sorted()
              .limit(SHOWN + 1L)
              .toList();
      if (!strange.isEmpty()) {
        var more = strange.size() > SHOWN ? " and more" : "";
        throw new IOException(
            "There are files in "
                + directory.toAbsolutePath()
                + " that are not of Millrace ("
                + String.join(", ", strange.subList(0, Math.min(SHOWN, strange.size())))
                + more
                + "); choose an empty or a new directory as --dir");
      }
    }
  }

  private static boolean belongs(Path entry) {
    var name = String.valueOf(entry.getFileName());
    return OURS.contains(name)
        || HARMLESS.contains(name)
        || HARMLESS_ENDS.stream().anyMatch(name::endsWith)
            && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS);
  }

  /** Files of older versions, and those of RocksDB, can be read by all who reach them. */
  private static void keepOthersOut(Path directory) {
    var view = Files.getFileAttributeView(directory, PosixFileAttributeView.class);
    if (view == null || !Files.isDirectory(directory)) {
      return;
    }
    try {
      var found = view.readAttributes().permissions();
      var owner = EnumSet.copyOf(PosixFilePermissions.fromString("rwx------"));
      owner.retainAll(found);
      if (!owner.equals(found)) {
        view.setPermissions(owner);
        LOG.warn(
            "{} was open to other users of the machine ({}); now it is for its owner only",
            directory.toAbsolutePath(),
            PosixFilePermissions.toString(found));
      }
    } catch (IOException | UnsupportedOperationException notOurs) {
      LOG.warn(
          "{} may be open to other users of the machine, and cannot be closed to them: {}",
          directory.toAbsolutePath(),
          notOurs.toString());
    }
  }
}
