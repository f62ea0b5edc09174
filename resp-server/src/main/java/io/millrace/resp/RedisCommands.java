package io.millrace.resp;

import io.millrace.resp.command.Command;
import io.millrace.resp.command.Handlers;
import io.millrace.resp.command.bitmap.BitmapCommands;
import io.millrace.resp.command.connection.ConnectionCommands;
import io.millrace.resp.command.depot.DepotCommands;
import io.millrace.resp.command.generic.GenericCommands;
import io.millrace.resp.command.hash.HashCommands;
import io.millrace.resp.command.list.ListCommands;
import io.millrace.resp.command.list.ListMoves;
import io.millrace.resp.command.list.ListPops;
import io.millrace.resp.command.pubsub.PubSubCommands;
import io.millrace.resp.command.server.ClusterCommands;
import io.millrace.resp.command.server.ServerCommands;
import io.millrace.resp.command.set.SetAlgebra;
import io.millrace.resp.command.set.SetCommands;
import io.millrace.resp.command.set.SetSamples;
import io.millrace.resp.command.stream.StreamCommands;
import io.millrace.resp.command.string.StringCommands;
import io.millrace.resp.command.transaction.TransactionCommands;
import io.millrace.resp.command.zset.ZAlgebra;
import io.millrace.resp.command.zset.ZPopCommands;
import io.millrace.resp.command.zset.ZRangeCommands;
import io.millrace.resp.command.zset.ZSamples;
import io.millrace.resp.command.zset.ZSetCommands;
import io.millrace.resp.config.ServerSettings;
import io.millrace.resp.keyspace.ValueType;
import io.millrace.resp.type.HashType;
import io.millrace.resp.type.ListType;
import io.millrace.resp.type.SetType;
import io.millrace.resp.type.StreamType;
import io.millrace.resp.type.StringType;
import io.millrace.resp.type.ZSetType;
import java.util.ArrayList;
import java.util.List;

/** The one place that lists all data types and all commands. */
public final class RedisCommands {
  private RedisCommands() {}

  /** All data types. */
  public static List<ValueType> types(ServerSettings settings) {
    return List.of(
        new StringType(),
        new HashType(settings),
        new ListType(settings),
        new SetType(),
        new ZSetType(),
        new StreamType());
  }

  /** All commands. */
  public static Handlers handlers() {
    var all = new ArrayList<Command>();
    all.addAll(ConnectionCommands.ALL);
    all.addAll(GenericCommands.ALL);
    all.addAll(StringCommands.ALL);
    all.addAll(BitmapCommands.ALL);
    all.addAll(HashCommands.ALL);
    all.addAll(ListCommands.all());
    all.addAll(ListPops.all());
    all.addAll(ListMoves.all());
    all.addAll(SetCommands.all());
    all.addAll(SetAlgebra.all());
    all.addAll(SetSamples.all());
    all.addAll(ZSetCommands.all());
    all.addAll(ZRangeCommands.all());
    all.addAll(ZPopCommands.all());
    all.addAll(ZAlgebra.all());
    all.addAll(ZSamples.all());
    all.addAll(StreamCommands.all());
    all.addAll(PubSubCommands.ALL);
    all.addAll(TransactionCommands.ALL);
    all.addAll(ServerCommands.ALL);
    all.addAll(ClusterCommands.ALL);
    all.addAll(DepotCommands.ALL);
    return new Handlers(all);
  }
}
