package io.millrace.http.ingest;

import io.millrace.engine.depot.AppendAck;
import io.millrace.engine.depot.FoldStop;
import io.millrace.engine.state.RequestMemory;
import io.millrace.http.exchange.Answer;
import io.millrace.http.exchange.Exchange;
import io.millrace.http.exchange.Problem;
import io.millrace.http.exchange.WholeBody;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Events one a line. Lines are appended in batches while more of the body comes in; the first bad
 * line ends it, and the answer says how many were taken before.
 *
 * <p>At most one batch is on its way: the next one is collected meanwhile, and when that is full
 * the connection is not read. So a bulk load of any size needs the memory of two batches.
 */
final class BulkIngest implements Exchange {
  private static final int BATCH_EVENTS = 1_000;
  private static final int BATCH_BYTES = 1 << 20;

  /** What is made of a line, in its size: the text, the event, the record. */
  private static final int COPIES = 3;

  private final EventTarget target;
  private final AppendAck ack;
  private final EventParser members;
  private final long maxLine;
  private final LongConsumer counter;

  private byte[] partial = new byte[8 << 10];
  private int partialLength;
  private long line;
  private List<IncomingEvent> batch = new ArrayList<>();
  private List<Long> batchLines = new ArrayList<>();
  private int batchBytes;

  /** Bytes of the batch on its way. */
  private int sentBytes;

  private final RequestMemory.Share share;

  private @Nullable Problem problem;
  private CompletionStage<@Nullable Void> sending = Ingest.ready();

  // Written by the completion of one batch before the next starts, so one at a time.
  private volatile long accepted;
  private volatile long duplicates;
  private volatile @Nullable String token;
  private volatile @Nullable Problem refusal;
  private final Map<String, FoldStop> stops = new ConcurrentSkipListMap<>();
  private final BulkAcks acks = new BulkAcks();

  BulkIngest(
      EventTarget target,
      AppendAck ack,
      EventParser members,
      long maxLine,
      RequestMemory memory,
      LongConsumer counter) {
    this.share = new RequestMemory.Share(memory);
    this.counter = counter;
    this.target = target;
    this.ack = ack;
    this.members = members;
    this.maxLine = Math.min(maxLine, memory.largest());
  }

  @Override
  public CompletionStage<@Nullable Void> body(ByteBuf piece) {
    var end = piece.writerIndex();
    var at = piece.readerIndex();
    while (at < end && problem == null && refusal == null) {
      var newline = piece.indexOf(at, end, (byte) '\n');
      var stop = newline < 0 ? end : newline;
      keep(piece, at, stop - at);
      if (newline >= 0) {
        endLine();
      }
      at = stop + 1;
    }
    if (batch.size() < BATCH_EVENTS && batchBytes < BATCH_BYTES) {
      return Ingest.ready();
    }
    var before = sending;
    flush();
    return before;
  }

  private void keep(ByteBuf piece, int at, int length) {
    if (partialLength + (long) length > maxLine) {
      problem = WholeBody.tooLarge(maxLine).problem().with("line", line + 1);
      return;
    }
    if (partialLength + length > partial.length) {
      long room = Math.min(maxLine, Math.max(partialLength + length, 2L * partial.length));
      if (!hold(room)) {
        return;
      }
      partial = Arrays.copyOf(partial, (int) room);
    }
    piece.getBytes(at, partial, partialLength, length);
    partialLength += length;
  }

  /** Takes memory for the line, its event, and both batches; a problem when there is none. */
  private boolean hold(long room) {
    if (share.hold(room + (long) COPIES * (batchBytes + sentBytes))) {
      return true;
    }
    problem = WholeBody.noMemory().problem().with("line", line + 1);
    return false;
  }

  @Override
  public void close() {
    share.close();
  }

  private void endLine() {
    if (problem != null) {
      return;
    }
    line++;
    var length = partialLength;
    if (length > 0 && partial[length - 1] == '\r') {
      length--;
    }
    partialLength = 0;
    if (isBlank(length)) {
      return;
    }
    try {
      batch.add(members.parse(partial, 0, length, null));
      batchLines.add(line);
      batchBytes += length;
      hold(partial.length);
    } catch (EventParser.BadEvent e) {
      problem = Ingest.bad(e).with("line", line);
    }
  }

  private boolean isBlank(int length) {
    for (var i = 0; i < length; i++) {
      if (partial[i] != ' ' && partial[i] != '\r' && partial[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  private void flush() {
    if (batch.isEmpty()) {
      return;
    }
    var events = batch;
    var lines = batchLines;
    batch = new ArrayList<>(BATCH_EVENTS);
    batchLines = new ArrayList<>(BATCH_EVENTS);
    sentBytes = batchBytes;
    batchBytes = 0;
    sending = sending.thenCompose(unused -> send(events, lines));
  }

  private CompletionStage<@Nullable Void> send(List<IncomingEvent> events, List<Long> lines) {
    if (refusal != null) {
      return Ingest.ready();
    }
    return target
        .append(events, ack)
        .handle((result, failure) -> {
          if (result != null) {
            took(result, lines);
          } else {
            failed(failure, lines);
          }
          return null;
        });
  }

  private void failed(Throwable failure, List<Long> lines) {
    refusal = Ingest.failed(failure).with("line", lines.getFirst());
  }

  private void took(IngestResult result, List<Long> lines) {
    counter.accept(result.accepted());
    accepted += result.accepted();
    duplicates += result.duplicates();
    result.stops().forEach(stop -> stops.putIfAbsent(stop.topology(), stop));
    acks.add(result.acks(), lines);
    var newer = result.token();
    var older = token;
    if (newer != null) {
      token = older == null ? newer : target.join(older, newer);
    }
    var rejection = result.rejection();
    if (rejection != null) {
      refusal = Ingest.refused(rejection).with("line", lines.get(result.accepted()));
    }
  }

  @Override
  public CompletionStage<Answer> end() {
    if (partialLength > 0) {
      endLine();
    }
    flush();
    var result = new CompletableFuture<Answer>();
    sending.whenComplete((unused, failure) -> {
      if (failure != null) {
        result.completeExceptionally(failure);
      } else {
        result.complete(answer());
      }
    });
    return result;
  }

  private Answer answer() {
    var first = refusal != null ? refusal : problem;
    if (first == null) {
      return Ingest.done(accepted, duplicates, token, stops.values(), acks.members(), ack);
    }
    var full = first.with("accepted", accepted).with("duplicates", duplicates);
    for (var member : acks.members().entrySet()) {
      full = full.with(member.getKey(), member.getValue());
    }
    return Answer.problem(token == null ? full : full.with("token", token));
  }
}
