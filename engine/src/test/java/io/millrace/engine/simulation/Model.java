package io.millrace.engine.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the node must hold after a prefix of history, computed without it. */
final class Model {
  final TreeMap<String, String> words = new TreeMap<>();
  final TreeMap<Long, Long> balances = new TreeMap<>();
  final TreeMap<Long, List<Long>> received = new TreeMap<>();
  final Set<String> seen = new HashSet<>();
  long opened;

  /** Ids of the moves of each partition, by offset. */
  final Map<Integer, TreeMap<Long, Long>> moves = new TreeMap<>();

  /** One thing that happened: exactly one record caused it. */
  sealed interface Op permits Word, Open, Transfer, Silent {}

  /** A record of {@link Words}. */
  record Word(String body) implements Op {}

  /** An account was opened. */
  record Open(long account) implements Op {}

  /** A {@link Bank.Move} that was appended, not one that was known already. */
  record Transfer(Bank.Move move, String key, int partition, long offset) implements Op {}

  /** Records that change nothing a client sees. */
  record Silent(String what) implements Op {}

  void apply(Op op) {
    switch (op) {
      case Word word -> word(word.body.split(" "));
      case Open open -> {
        balances.merge(open.account, Bank.START, Long::sum);
        opened += Bank.START;
      }
      case Transfer transfer -> transfer(transfer);
      case Silent silent -> {}
    }
  }

  private void word(String[] word) {
    switch (word[0]) {
      case "set" -> words.put(word[1], word[2]);
      case "del" -> words.remove(word[1]);
      default -> {
        add(word[1], -Long.parseLong(word[3]));
        add(word[2], Long.parseLong(word[3]));
      }
    }
  }

  private void add(String key, long amount) {
    words.merge(
        key,
        Long.toString(amount),
        (old, more) -> Long.toString(Long.parseLong(old) + Long.parseLong(more)));
  }

  private void transfer(Transfer transfer) {
    Bank.Move move = transfer.move;
    seen.add(transfer.key);
    moves.computeIfAbsent(transfer.partition, p -> new TreeMap<>()).put(transfer.offset, move.id());
    long balance = balances.getOrDefault(move.from(), 0L);
    if (balance < move.amount() * move.to().size()) {
      return;
    }
    balances.put(move.from(), balance - move.amount() * move.to().size());
    for (long to : move.to()) {
      long fee = Bank.fee(move.id(), to, move.amount());
      balances.merge(to, move.amount() - fee, Long::sum);
      received.computeIfAbsent(to, t -> new ArrayList<>()).add(move.id());
    }
  }
}
