package io.millrace.node.hostile;

import static io.millrace.engine.pstate.Scalar.LONG;
import static io.millrace.engine.pstate.Scalar.STRING;

import io.millrace.engine.module.Definition;
import io.millrace.engine.module.EngineModule;
import io.millrace.engine.pstate.Schema;

/** Much under one key: a shelf with as many items as wanted. */
public final class Shelves implements EngineModule {
  /** Puts items of consecutive numbers on a shelf. */
  public record Fill(long shelf, long from, int count) {}

  @Override
  public void define(Definition def) {
    var fills = def.depot("fills", Fill.class).partitionBy(Fill::shelf);
    var shelves = def.pstate("items", Schema.map(LONG, Schema.map(LONG, STRING).subindexed()));
    def.stream("fill")
        .from(fills)
        .each((fill, at) -> {
          for (var item = fill.from(); item < fill.from() + fill.count(); item++) {
            at.write(shelves).key(fill.shelf()).key(item).set("item " + item);
          }
        });
  }
}
