package io.millrace.resp.client;

import io.millrace.resp.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** One connection to a node, with replies as text. */
final class Wire implements AutoCloseable {
  final TestNode node;
  private final TextClient client;

  Wire(TestNode node) throws IOException {
    this.node = node;
    this.client = new TextClient(node.port());
  }

  String ask(String... words) throws IOException {
    return client.ask(words);
  }

  /** All keys of the database with their contents. */
  String everything() throws IOException {
    var names = new TreeSet<String>();
    for (var name : ask("KEYS", "*").replaceAll("[*$\\[\\]]", "").split(", ")) {
      names.add(name);
    }
    List<String> all = new ArrayList<>();
    for (var name : names) {
      var type = ask("TYPE", name);
      all.add(name + " " + type + " " + ask("PEXPIRETIME", name));
      if (type.contains("string")) {
        all.add(ask("GET", name));
      } else if (type.contains("hash")) {
        all.add(ask("HGETALL", name));
      }
    }
    all.add(ask("DBSIZE"));
    return String.join("\n", all);
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
