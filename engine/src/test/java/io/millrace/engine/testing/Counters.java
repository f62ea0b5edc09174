package io.millrace.engine.testing;

/**
 * What an engine has done, for tests that assert costs; the difference of two is what happened in
 * between.
 *
 * @param records depot records folded
 * @param stages stages run
 * @param hops hops between stages
 * @param waited stages that had to wait for a later record
 * @param appends events appended by topologies
 * @param failures attempts of stages that threw
 * @param reads elements of pstates looked up
 * @param writes elements of pstates written
 * @param iterators iterations begun
 * @param steps elements passed by iterations
 * @param commits checkpoints
 */
public record Counters(
    long records,
    long stages,
    long hops,
    long waited,
    long appends,
    long failures,
    long reads,
    long writes,
    long iterators,
    long steps,
    long commits) {

  /** What happened since an earlier count. */
  public Counters since(Counters earlier) {
    return new Counters(
        records - earlier.records,
        stages - earlier.stages,
        hops - earlier.hops,
        waited - earlier.waited,
        appends - earlier.appends,
        failures - earlier.failures,
        reads - earlier.reads,
        writes - earlier.writes,
        iterators - earlier.iterators,
        steps - earlier.steps,
        commits - earlier.commits);
  }
}
