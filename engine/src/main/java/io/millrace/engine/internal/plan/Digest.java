package io.millrace.engine.internal.plan;

import io.millrace.engine.internal.codec.ValueCodec;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.tree.PageTree;

/** Hashes the content of a pstate: bytes of keys and rows, with trees in place of their numbers. */
final class Digest {
  private static final long SEED = 0x6D696C6C72616365L;

  private final SubindexTrees parts;

  Digest(SubindexTrees parts) {
    this.parts = parts;
  }

  long root(SchemaNode root) {
    if (root.tree) {
      return tree(root, SubindexTrees.ROOT);
    }
    var row = parts.rootRow();
    return row == null ? SEED : row(root, row.array, row.offset, row.length, SEED);
  }

  private long tree(SchemaNode node, long number) {
    var part = parts.open(node, number);
    if (part == null) {
      return SEED;
    }
    var hash = elements(node, part.tree);
    parts.close();
    return hash;
  }

  private long elements(SchemaNode node, PageTree tree) {
    var hash = SEED;
    for (var more = tree.cursor().seekFirst(); more; more = tree.cursor().next()) {
      hash = KeyHash.hash(tree.array(), tree.keyOffset(), tree.keyLength(), hash);
      if (!node.isSet()) {
        hash = row(node.element(), tree.array(), tree.valueOffset(), tree.valueLength(), hash);
      }
    }
    return hash;
  }

  private long row(SchemaNode node, byte[] row, int offset, int length, long seed) {
    if (!node.parts || row[offset] < 0) {
      return KeyHash.hash(row, offset, length, seed);
    }
    if (node.tree) {
      return mix(seed, tree(node, ValueCodec.reference(row, offset + 1)));
    }
    var hash = seed;
    var format = node.recordCodec().format();
    for (var f = 0; f < node.fields.length; f++) {
      if (format.isNull(row, offset, f)) {
        hash = mix(hash, f);
        continue;
      }
      var field = node.fields[f];
      var start = format.start(row, offset, f);
      var size = format.end(row, offset, offset + length, f) - start;
      if (field.tree) {
        hash = mix(hash, tree(field, ValueCodec.reference(row, start)));
      } else if (field.parts) {
        hash = row(field, row, start, size, hash);
      } else {
        hash = KeyHash.hash(row, start, size, hash);
      }
    }
    return hash;
  }

  private static long mix(long a, long b) {
    return Long.rotateLeft(a ^ b, 29) * 0x9E3779B97F4A7C15L + b;
  }
}
