package io.millrace.benchmarks.resp;

import io.millrace.benchmarks.NanosPerCall;
import io.millrace.resp.protocol.Args;
import io.millrace.resp.protocol.CommandBatch;
import io.millrace.resp.protocol.DecodeLimits;
import io.millrace.resp.protocol.ReplyWriter;
import io.millrace.resp.protocol.RequestDecoder;
import io.millrace.resp.protocol.RequestEncoder;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Warmup;

/** Decoding a pipeline of sixteen SETs and encoding sixteen replies, per command. */
@Warmup(iterations = 2, time = 1)
public class RespDecoderBenchmark extends NanosPerCall {
  private static final int PIPELINE = 16;

  private final byte[] pipeline = pipeline();
  private final RequestDecoder decoder = new RequestDecoder();
  private final CommandBatch batch = new CommandBatch();
  private final Args args = new Args();
  private final ReplyWriter reply = new ReplyWriter();

  private static byte[] pipeline() {
    var encoder = new RequestEncoder();
    for (int i = 0; i < PIPELINE; i++) {
      encoder.begin(3);
      encoder.argument("SET");
      encoder.argument("key:00000000" + (1000 + i));
      encoder.argument("x".repeat(64));
    }
    return Arrays.copyOf(encoder.array(), encoder.size());
  }

  /** Finds the commands and reads the length of each value. */
  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public int decode() {
    batch.clear();
    int at = 0;
    while (decoder.decode(pipeline, at, pipeline.length, batch, DecodeLimits.DEFAULT)
        == RequestDecoder.COMMAND) {
      at = decoder.consumed();
    }
    int sum = 0;
    int index = 0;
    for (int i = 0; i < batch.commands(); i++) {
      batch.read(index, pipeline, args);
      sum += args.length(2);
      index = batch.next(index);
    }
    return sum;
  }

  /** Writes bulk strings of 64 bytes. */
  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public int encode() {
    reply.reset(0);
    for (int i = 0; i < PIPELINE; i++) {
      reply.bulk(pipeline, 40, 64);
    }
    return reply.size();
  }
}
