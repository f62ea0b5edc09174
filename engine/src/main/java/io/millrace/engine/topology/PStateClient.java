package io.millrace.engine.topology;

import io.millrace.engine.path.Path;
import io.millrace.engine.pstate.PState;
import io.millrace.engine.state.Execution;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a pstate from outside its topologies. The blocking methods may be called from any thread
 * that is no lane; doors prepare outside the lock and read while their lane holds it.
 */
public interface PStateClient {
  /** The declaration. */
  PState pstate();

  /**
   * The one value a path leads to, or null when it leads nowhere.
   *
   * @throws io.millrace.engine.path.PathException when it leads to several
   */
  @Nullable Object get(Path path);

  /** Every value a path leads to; a path without a key reads all tasks at one cut. */
  List<@Nullable Object> select(Path path);

  /** The same for the text form, whose values are typed by the schema. */
  List<@Nullable Object> select(String path);

  /** Checks a path given as text; done outside the lock. */
  PreparedRead prepare(String path);

  /** Checks a path; done outside the lock. */
  PreparedRead prepare(Path path);

  /** A checked path of this pstate. */
  interface PreparedRead {
    /** The task it reads, or -1 when it reads all: then use {@link PStateClient#select}. */
    int task();

    /**
     * Reads while a lane holds the lock, as long as that takes about a millisecond at most.
     *
     * @return what was found, and the position that must be released before it may be told; null
     *     when there is too much to read while others wait for the lock: then use {@link
     *     #readBlocking(Consumer)}
     */
    @Nullable Found read(Execution held);

    /** Reads all tasks, or the one, from any thread that is no lane; waits for the release. */
    List<@Nullable Object> readBlocking();

    /**
     * The same, one value after the other: they need not be in memory together. What is large is
     * read at a cut, without the lock.
     */
    void readBlocking(Consumer<@Nullable Object> receiver);
  }

  /**
   * Values found under the lock.
   *
   * @param values the values
   * @param position journal position that must be released before they may be told
   */
  record Found(List<@Nullable Object> values, long position) {}
}
