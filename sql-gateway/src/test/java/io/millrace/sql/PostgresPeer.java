package io.millrace.sql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real PostgreSQL server with a directory of its own, for comparing answers. */
final class PostgresPeer implements AutoCloseable {
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");

  private final Path programs;
  private final Path directory;
  private final int port;

  private PostgresPeer(Path programs, Path directory, int port) {
    this.programs = programs;
    this.directory = directory;
    this.port = port;
  }

  /** Where the programs of the newest version are, if any is installed. */
  static Optional<Path> programs() throws IOException {
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (var versions = Files.list(INSTALLED)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.comparing(Path::toString));
    }
  }

  /** Makes a cluster in a directory made for it, and starts it. */
  static PostgresPeer start(Path programs, Path parent) throws Exception {
    // The server refuses to run as root, so another user must be able to write here.
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxrwxrwx"));
    var directory = parent.resolve("cluster");
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    var peer = new PostgresPeer(programs, directory, port);
    peer.run(
        "initdb",
        "-D",
        directory.toString(),
        "-U",
        "peer",
        "-A",
        "trust",
        "-N",
        "-E",
        "UTF8",
        "--locale=C");
    peer.run(
        "pg_ctl",
        "-D",
        directory.toString(),
        "-w",
        "-l",
        parent.resolve("log").toString(),
        "-o",
        "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off",
        "start");
    return peer;
  }

  private void run(String program, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    var output = Files.createTempFile("postgres", ".out");
    var process =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroy();
      throw new IOException(command + " failed: " + Files.readString(output));
    }
    Files.delete(output);
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=peer");
  }

  @Override
  public void close() throws Exception {
    run("pg_ctl", "-D", directory.toString(), "-m", "immediate", "-w", "stop");
  }
}
