package io.millrace.engine.internal.runtime;

import io.millrace.engine.depot.FoldStop;
import org.jspecify.annotations.Nullable;

/**
 * Where a topology stands on one depot partition.
 *
 * @param topology name within the module
 * @param depot depot it folds
 * @param partition partition of the depot
 * @param began offset from which it folds: where the partition ended when it was deployed
 * @param folded offset below which every event tree is done
 * @param end next offset of the partition
 * @param status {@code RUNNING}, {@code STOPPED} or {@code CATCHING_UP}
 * @param stop why and where it stopped, or null
 */
public record TopologyStatus(
    String topology,
    String depot,
    int partition,
    long began,
    long folded,
    long end,
    String status,
    @Nullable FoldStop stop) {}
