package io.millrace.resp.command.spec;

/** Command flags, in the order in which COMMAND INFO lists them. */
public enum Flag {
  /** May change keys. */
  WRITE("write"),
  /** Never changes keys. */
  READONLY("readonly"),
  /** Refused when memory is above maxmemory. */
  DENYOOM("denyoom"),
  /** For administrators. */
  ADMIN("admin"),
  /** Publish and subscribe. */
  PUBSUB("pubsub"),
  /** Not from scripts. */
  NOSCRIPT("noscript"),
  /** May wait. */
  BLOCKING("blocking"),
  /** Allowed while loading. */
  LOADING("loading"),
  /** Allowed on a stale replica. */
  STALE("stale"),
  /** Not shown by MONITOR. */
  SKIP_MONITOR("skip_monitor"),
  /** Not in the slow log. */
  SKIP_SLOWLOG("skip_slowlog"),
  /** Constant or logarithmic time. */
  FAST("fast"),
  /** Allowed before authentication. */
  NO_AUTH("no_auth"),
  /** Published to replicas though nothing changed. */
  MAY_REPLICATE("may_replicate"),
  /** Keys are optional. */
  NO_MANDATORY_KEYS("no_mandatory_keys"),
  /** Not while loading asynchronously. */
  NO_ASYNC_LOADING("no_async_loading"),
  /** Not inside MULTI. */
  NO_MULTI("no_multi"),
  /** Keys cannot be told from the first, last and step numbers. */
  MOVABLEKEYS("movablekeys"),
  /** Allowed while a script is busy. */
  ALLOW_BUSY("allow_busy");

  private final String text;

  Flag(String text) {
    this.text = text;
  }

  /** Name on the wire. */
  public String text() {
    return text;
  }
}
