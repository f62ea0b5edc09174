package io.millrace.engine.internal.runtime;

/** The {@code sys} depot: its id and the record types the runtime itself folds. */
public final class SysRecords {
  /** Id of the depot {@code sys}; partition p belongs to task p. */
  public static final int DEPOT_ID = 0;

  /** Something becomes known to the directory; see {@link Registration}. */
  static final int REGISTER = 1;

  /** Says nothing but the time, so that deadlines up to it may be reclaimed. */
  static final int CLOCK = 2;

  /** Runs waiting stages of its partition's task. */
  static final int DRAIN = 3;

  /**
   * From here on the ids that code sees are counted apart from those of pages: body the first id of
   * each task, a long each. One stands in every journal, in a new one in front of everything else.
   */
  static final int IDS = 4;

  /**
   * From here on each module counts the ids it gives by itself, so that what one module does says
   * nothing about those of another: body the first id of each task, a long each.
   */
  static final int MODULE_IDS = 5;

  /** First type id that belongs to hosted modules ({@link HostedModule#decide}). */
  public static final int FIRST_DECISION = 16;

  private SysRecords() {}
}
