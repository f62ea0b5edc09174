package io.millrace.resp;

import io.millrace.resp.command.CommandSpec;
import io.millrace.resp.command.CommandTable;
import io.millrace.resp.command.connection.ConnectionCommands;
import io.millrace.resp.command.generic.GenericCommands;
import io.millrace.resp.command.hash.HashCommands;
import io.millrace.resp.command.pubsub.PubSubCommands;
import io.millrace.resp.command.server.ServerCommands;
import io.millrace.resp.command.string.StringCommands;
import io.millrace.resp.command.transaction.TransactionCommands;
import io.millrace.resp.config.Settings;
import io.millrace.resp.keyspace.ValueType;
import io.millrace.resp.type.HashType;
import io.millrace.resp.type.StringType;
import java.util.ArrayList;
import java.util.List;

/** The one place that lists all data types and all commands. */
public final class RedisCommands {
  private RedisCommands() {}

  /** All data types. */
  public static List<ValueType> types(Settings settings) {
    return List.of(new StringType(), new HashType(settings));
  }

  /** All commands. */
  public static CommandTable table() {
    var all = new ArrayList<CommandSpec>();
    all.addAll(ConnectionCommands.ALL);
    all.addAll(GenericCommands.ALL);
    all.addAll(StringCommands.ALL);
    all.addAll(HashCommands.ALL);
    all.addAll(PubSubCommands.ALL);
    all.addAll(TransactionCommands.ALL);
    all.addAll(ServerCommands.ALL);
    return new CommandTable(all);
  }
}
