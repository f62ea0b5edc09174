package io.millrace.resp.session;

import io.millrace.engine.state.RequestMemory;
import io.millrace.resp.command.spec.CommandSpec;
import io.millrace.resp.command.spec.Flag;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandBatch;
import io.millrace.resp.protocol.DecodeLimits;
import io.millrace.resp.protocol.HeapShare;
import io.millrace.resp.protocol.RequestDecoder;
import io.millrace.resp.protocol.RequestEncoder;
import java.util.ArrayList;
import java.util.List;

/** Commands queued between MULTI and EXEC, as bytes. */
public final class Transaction {
  private static final DecodeLimits UNLIMITED =
      new DecodeLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, true);

  /** Bytes of one command, or of a whole transaction: less than the largest record. */
  public static final int MOST_BYTES = 5 << 28;

  /** Bytes of a queue that are not taken from the common memory. */
  private static final int FREE_BYTES = 16 << 10;

  private final RequestEncoder bytes = new RequestEncoder();
  private final List<CommandSpec> specs = new ArrayList<>();
  private final RequestMemory memory;
  private long taken;
  private boolean aborted;

  /** An empty queue that takes its memory from a common one. */
  public Transaction(RequestMemory memory) {
    this.memory = memory;
  }

  /** Adds a command; false when there is no room for it. */
  public boolean queue(CommandSpec spec, Args args) {
    long more = args.rawEnd() - args.rawStart();
    if (bytes.size() + more > Math.min(MOST_BYTES, HeapShare.largest()) || !take(more)) {
      return false;
    }
    specs.add(spec);
    bytes.command(args);
    return true;
  }

  /** Room for a command: the array that holds the queue may become twice as large. */
  private boolean take(long more) {
    long wanted = 2 * (bytes.size() + more);
    if (wanted <= Math.max(taken, FREE_BYTES)) {
      return true;
    }
    if (!memory.take(wanted - taken)) {
      return false;
    }
    taken = wanted;
    return true;
  }

  /** The queue is not needed any more. */
  void release() {
    memory.give(taken);
    taken = 0;
  }

  /** A command was refused: EXEC will answer EXECABORT. */
  public void abort() {
    aborted = true;
  }

  /** True when EXEC must refuse. */
  public boolean aborted() {
    return aborted;
  }

  /** Number of queued commands. */
  public int size() {
    return specs.size();
  }

  /** Bytes of the queued commands. */
  public int bytes() {
    return bytes.size();
  }

  /** The declaration of a queued command. */
  public CommandSpec spec(int index) {
    return specs.get(index);
  }

  /** True when a queued command may change keys. */
  public boolean writes() {
    return specs.stream().anyMatch(s -> s.has(Flag.WRITE));
  }

  /** True when a queued command is refused above maxmemory. */
  public boolean needsMemory() {
    return specs.stream().anyMatch(s -> s.has(Flag.DENYOOM));
  }

  /** Decodes the queue. */
  public CommandBatch decode() {
    var batch = new CommandBatch();
    var decoder = new RequestDecoder();
    int at = 0;
    while (at < bytes.size()) {
      decoder.decode(bytes.array(), at, bytes.size(), batch, UNLIMITED);
      at = decoder.consumed();
    }
    return batch;
  }

  /** The array that holds the queue. */
  public byte[] array() {
    return bytes.array();
  }
}
