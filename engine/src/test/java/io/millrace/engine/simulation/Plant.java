package io.millrace.engine.simulation;

/** Faults that a test plants to see the simulation fail. */
enum Plant {
  NONE,
  /** A lane answers when it has let go. */
  REPLY_BEFORE_WRITE,
  /** A lane answers when it has written, wherever the watermark is. */
  RELEASE_ABOVE_WATERMARK,
  /** A lane changes state under the lock and appends the record under the next one. */
  PUBLISH_AFTER_LETTING_GO,
  /** Directories are not forced. */
  NAMES_NOT_FORCED,
  /** Contents are not forced. */
  CONTENTS_NOT_FORCED,
  /** A checkpoint is believed durable before it is. */
  BATCH_NOT_FLUSHED,
  /** Of a checkpoint only a part becomes durable. */
  BATCH_TORN
}
