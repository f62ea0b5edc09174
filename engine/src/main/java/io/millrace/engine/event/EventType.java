package io.millrace.engine.event;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * A declared event type: its name and version are what the journal keeps, the record class is only
 * how this version of the module sees it.
 *
 * @param <E> record class
 */
public final class EventType<E> {
  private static final int ID_MASK = (1 << 21) - 1;

  private final String name;
  private final int version;
  private final int id;
  private final Class<E> eventClass;
  private final RecordShape shape;

  private EventType(String name, int version, Class<E> eventClass) {
    if (!eventClass.isRecord()) {
      throw new IllegalArgumentException(
          "event type " + eventClass.getName() + " must be a record (or declare record classes)");
    }
    if (version < 1 || version > 0xFFFF) {
      throw new IllegalArgumentException(
          "version of event type " + name + " must be 1..65535, not " + version);
    }
    this.name = Names.check("event type", name);
    this.version = version;
    this.id = checksum(this.name);
    this.eventClass = eventClass;
    this.shape = RecordShape.of(eventClass);
  }

  private static int checksum(String name) {
    var crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue() & ID_MASK;
  }

  /** The type a record class declares, by {@link Event} or by its own name and version 1. */
  public static <E> EventType<E> of(Class<E> eventClass) {
    var event = eventClass.getAnnotation(Event.class);
    var declared = event == null || event.name().isEmpty() ? null : event.name();
    var name = declared == null ? Names.snakeCase(eventClass.getSimpleName()) : declared;
    return new EventType<>(name, event == null ? 1 : event.version(), eventClass);
  }

  /** A type under a given name and version. */
  public static <E> EventType<E> of(Class<E> eventClass, String name, int version) {
    return new EventType<>(name, version, eventClass);
  }

  /** Declared name. */
  public String name() {
    return name;
  }

  /** Version, from 1. */
  public int version() {
    return version;
  }

  /**
   * Number the journal keeps for the name: its checksum, so that no table of numbers has to be kept
   * or agreed upon; two names of one depot that collide are refused.
   */
  public int id() {
    return id;
  }

  /** Record class of the current version. */
  public Class<E> eventClass() {
    return eventClass;
  }

  /** Components of the record, in order. */
  public RecordShape shape() {
    return shape;
  }

  /**
   * The shape in JSON, as recorded in {@code sys.meta} and compared when a directory is opened:
   * {@code "long"}, {@code {"list": ..}}, {@code {"record": {field: ..}, "nullable": [field]}}.
   */
  public String shapeJson() {
    return ShapeText.write(shape);
  }

  /** Writes an event, {@linkplain #check checked} before unless it comes from the journal. */
  public byte[] encode(Object event, EventFormat format) {
    return switch (format) {
      case JSON -> JsonEvents.write(shape, event);
      case BINARY -> BinaryEvents.write(shape, event);
    };
  }

  /** An event as JSON text. */
  public String text(Object event) {
    return JsonEvents.text(shape, event);
  }

  /**
   * Checks what an event is made of: text is whole characters, decimals and instants are within
   * their ranges, and nothing is null that must not be. What passes can be stored and shown.
   *
   * @throws InvalidEventException naming the field
   */
  public void check(Object event) {
    EventRules.check(shape, event);
  }

  /**
   * Reads an event that a client sent as JSON, and checks it.
   *
   * @throws InvalidEventException naming the field when it is not such an event
   */
  public E accept(byte[] json, int offset, int length) {
    var event = eventClass.cast(JsonEvents.read(name, shape, json, offset, length, true));
    check(event);
    return event;
  }

  /**
   * Reads an event of the journal, which once was accepted.
   *
   * @throws InvalidEventException naming the field when the bytes are not such an event
   */
  public E decode(byte[] bytes, int offset, int length, EventFormat format) {
    var event =
        switch (format) {
          case JSON -> JsonEvents.read(name, shape, bytes, offset, length, false);
          case BINARY -> BinaryEvents.read(name, shape, bytes, offset, length);
        };
    return eventClass.cast(event);
  }

  @Override
  public String toString() {
    return name + " v" + version;
  }
}
