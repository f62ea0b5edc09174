package io.millrace.engine.topology;

import io.millrace.engine.module.NativeContext;
import io.millrace.engine.module.NativeModule;
import io.millrace.engine.module.NativeRecord;
import io.millrace.engine.state.Execution;
import io.millrace.engine.state.KeyHash;
import io.millrace.engine.state.Lane;
import io.millrace.engine.state.Ref;
import io.millrace.engine.state.TaskState;
import io.millrace.engine.table.Table;
import io.millrace.engine.tree.PageTree;
import io.millrace.engine.tree.TreeShape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sets of text on task 0, in trees of the size the keyspace has them. */
final class SetsModule implements NativeModule {
  private static final TreeShape SHAPE = TreeShape.keyed(4096, 2048, 128);
  private static final byte[] NOTHING = new byte[0];

  private @Nullable NativeContext context;
  private final Ref owner = new Ref();

  @Override
  public String name() {
    return "sets";
  }

  @Override
  public String depotName() {
    return "changes";
  }

  @Override
  public void attach(NativeContext given, Execution execution) {
    context = given;
  }

  @Override
  public void recovered(Execution execution) {}

  /** Adds or removes the members of a set whose numbers leave a rest. */
  void change(Lane lane, String set, boolean add, int members, int divisor, int rest) {
    var text = set + " " + add + " " + members + " " + divisor + " " + rest;
    var body = text.getBytes(StandardCharsets.UTF_8);
    var execution = lane.hold();
    try {
      lane.next();
      apply(text, execution);
      execution.append(known().depotId(), 0, 1, new int[0], body, 0, body.length);
    } finally {
      lane.release();
      lane.write();
    }
  }

  private NativeContext known() {
    return Objects.requireNonNull(context);
  }

  @Override
  public void replay(NativeRecord record, Execution execution) {
    var text = new String(record.array(), record.offset(), record.length(), StandardCharsets.UTF_8);
    apply(text, execution);
  }

  private void apply(String text, Execution execution) {
    var words = text.split(" ");
    var tree = open(words[0], execution.task(0));
    var divisor = Integer.parseInt(words[3]);
    for (var i = 0; i < Integer.parseInt(words[2]); i++) {
      var member = String.format("member-%015d", i).getBytes(StandardCharsets.UTF_8);
      if (i % divisor != Integer.parseInt(words[4])) {
        continue;
      }
      if (Boolean.parseBoolean(words[1])) {
        tree.put(member, 0, member.length, NOTHING, 0, 0);
      } else {
        tree.remove(member, 0, member.length);
      }
    }
  }

  private PageTree open(String set, TaskState state) {
    var key = set.getBytes(StandardCharsets.UTF_8);
    var hash = KeyHash.hash(key, 0, key.length, known().hashSeed());
    var space = known().homeSpace();
    if (!state.find(space, key, 0, key.length, hash, owner)) {
      state.put(space, key, 0, key.length, hash, 0, 0, NOTHING, 0, 0, owner);
    }
    var tree = new PageTree(SHAPE);
    tree.bind(state, space, owner, 0);
    return tree;
  }

  @Override
  public long digest(int taskId, long stampMs, Execution execution) {
    return 0;
  }

  @Override
  public List<Table> tables() {
    return List.of();
  }
}
