/**
 * The journal, the node's one write-ahead log.
 *
 * <p>Read {@link Journal} first: positions, watermarks and who may call what. {@link FrameFormat}
 * is what stands in the files, {@link JournalScan} tells a torn tail from damage, {@link
 * io.millrace.engine.internal.file.FileLayer} is the seam at which tests cut the power.
 */
@NullMarked
package io.millrace.engine.internal.log;

import org.jspecify.annotations.NullMarked;
