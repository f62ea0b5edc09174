package io.millrace.resp.command.spec;

/** Groups of commands, as COMMAND DOCS names them. */
public enum Group {
  /** Any key. */
  GENERIC("generic", "keyspace"),
  /** Strings. */
  STRING("string", "string"),
  /** Hashes. */
  HASH("hash", "hash"),
  /** Lists. */
  LIST("list", "list"),
  /** Sets. */
  SET("set", "set"),
  /** Sorted sets. */
  SORTED_SET("sorted-set", "sortedset"),
  /** Streams. */
  STREAM("stream", "stream"),
  /** Bitmaps. */
  BITMAP("bitmap", "bitmap"),
  /** Publish and subscribe. */
  PUBSUB("pubsub", "pubsub"),
  /** MULTI and its kin. */
  TRANSACTIONS("transactions", "transaction"),
  /** The connection itself. */
  CONNECTION("connection", "connection"),
  /** Clusters. */
  CLUSTER("cluster", ""),
  /** The server. */
  SERVER("server", ""),
  /** Depots and pstates. */
  MILLRACE("millrace", "");

  private final String docName;
  private final String category;

  Group(String docName, String category) {
    this.docName = docName;
    this.category = category;
  }

  /** Name in COMMAND DOCS. */
  public String docName() {
    return docName;
  }

  /** ACL category without the at sign, or empty when the group has none. */
  public String category() {
    return category;
  }
}
