package io.millrace.engine.depot;

import io.millrace.engine.event.EventFormat;
import io.millrace.engine.event.EventType;
import io.millrace.engine.event.InvalidEventException;
import io.millrace.engine.event.KeyFunction;
import io.millrace.engine.event.KeyName;
import io.millrace.engine.event.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A declared depot: a named append-only log of events of one or more types. The declaration is
 * finished by the fluent methods; afterwards it is the typed handle of the depot.
 *
 * @param <E> common type of its events
 */
public final class Depot<E> {
  private final String module;
  private final String name;
  private final Class<E> common;
  private final Map<String, EventType<? extends E>> byName = new LinkedHashMap<>();
  private final Map<Integer, EventType<? extends E>> byId = new LinkedHashMap<>();
  private final Map<Class<?>, EventType<? extends E>> byClass = new LinkedHashMap<>();
  private EventFormat format = EventFormat.JSON;
  private @Nullable KeyFunction<? super E, ?> key;
  private @Nullable KeyName keyName;
  private boolean topologyOnly;
  private boolean global;
  private Retention retention = Retention.FOREVER;
  private @Nullable String formerName;

  /**
   * Declares a depot; modules do it through their definition.
   *
   * @param common common type of the events
   * @param classes record classes of the events
   */
  public Depot(
      String module, String name, Class<E> common, List<? extends Class<? extends E>> classes) {
    this.module = module;
    this.name = Names.check("depot", name);
    this.common = common;
    for (var eventClass : classes) {
      addType(EventType.of(eventClass));
    }
  }

  private <T extends E> void addType(EventType<T> type) {
    var other = byName.put(type.name(), type);
    if (other != null) {
      throw new IllegalArgumentException(
          "depot " + qualifiedName() + " has two event types named " + type.name());
    }
    var same = byId.put(type.id(), type);
    if (same != null) {
      throw new IllegalArgumentException(
          "event types "
              + same.name()
              + " and "
              + type.name()
              + " of depot "
              + qualifiedName()
              + " have the same number; declare another name for one of them");
    }
    byClass.put(type.eventClass(), type);
  }

  /** Routes each event by a key: all events of one key are in one partition, in order. */
  public <K> Depot<E> partitionBy(KeyFunction<? super E, K> key) {
    if (this.key != null || global) {
      throw new IllegalArgumentException("depot " + qualifiedName() + " is partitioned twice");
    }
    this.key = key;
    this.keyName = KeyName.of(key);
    return this;
  }

  /** Keeps all events in one partition, that of task 0. */
  public Depot<E> global() {
    if (key != null) {
      throw new IllegalArgumentException("depot " + qualifiedName() + " is partitioned twice");
    }
    this.global = true;
    return this;
  }

  /** Refuses appends by clients: only topologies append here. */
  public Depot<E> topologyOnly() {
    this.topologyOnly = true;
    return this;
  }

  /** Sets how long events are kept; for ever unless set. */
  public Depot<E> retain(Retention retention) {
    this.retention = retention;
    return this;
  }

  /** Sets how events are written; JSON unless set. */
  public Depot<E> format(EventFormat format) {
    this.format = format;
    return this;
  }

  /** Declares a type under another name or version than its record says. */
  public Depot<E> eventType(Class<? extends E> eventClass, String typeName, int version) {
    var present = byClass.remove(eventClass);
    if (present != null) {
      byName.remove(present.name());
      byId.remove(present.id());
    }
    addType(EventType.of(eventClass, typeName, version));
    return this;
  }

  /**
   * Says that the depot had another name in an earlier version of the module: its events, offsets
   * and idempotency keys stay.
   */
  public Depot<E> renamed(String formerName) {
    this.formerName = Names.check("depot", formerName);
    return this;
  }

  /** The name it had before, or null. */
  public @Nullable String formerName() {
    return formerName;
  }

  /** Module that declares the depot. */
  public String module() {
    return module;
  }

  /** Name inside the module. */
  public String name() {
    return name;
  }

  /** {@code module/depot}. */
  public String qualifiedName() {
    return module + "/" + name;
  }

  /** Common type of the events. */
  public Class<E> eventClass() {
    return common;
  }

  /** Declared types in the order of their declaration. */
  public List<EventType<? extends E>> types() {
    return new ArrayList<>(byName.values());
  }

  /**
   * The type of a record of the journal.
   *
   * @throws io.millrace.engine.event.InvalidEventException when this version of the module does not
   *     know it
   */
  public EventType<? extends E> type(int id, int version) {
    var type = byId.get(id);
    if (type == null || type.version() != version) {
      throw new InvalidEventException(
          "depot "
              + qualifiedName()
              + " holds an event that this module does not declare: type="
              + (type == null ? "#" + id : type.name())
              + " version="
              + version,
          null);
    }
    return type;
  }

  /** How long events are kept. */
  public Retention retention() {
    return retention;
  }

  /** How events are written. */
  public EventFormat format() {
    return format;
  }

  /** Key of an event, or null when the depot has no key function. */
  public @Nullable KeyFunction<? super E, ?> key() {
    return key;
  }

  /** Which component the key is, when that is known. */
  public @Nullable KeyName keyName() {
    return keyName;
  }

  /** True when all events are in partition 0. */
  public boolean isGlobal() {
    return global;
  }

  /** True when clients may not append. */
  public boolean isTopologyOnly() {
    return topologyOnly;
  }

  /** The type of an event object. */
  public EventType<? extends E> typeOf(Object event) {
    var type = byClass.get(event.getClass());
    if (type == null) {
      throw new InvalidEventException(
          "depot "
              + qualifiedName()
              + " takes "
              + String.join(", ", byName.keySet())
              + ", not "
              + event.getClass().getSimpleName(),
          null);
    }
    return type;
  }

  /**
   * The type of a declared name, as doors need it.
   *
   * @param typeName declared name, or null when the depot has only one type
   * @param version version, or 0 for the declared one
   */
  public EventType<? extends E> type(@Nullable String typeName, int version) {
    var known = String.join(", ", byName.keySet());
    if (typeName == null) {
      if (byName.size() != 1) {
        throw new InvalidEventException(
            "depot " + qualifiedName() + " has several event types, name one of " + known, null);
      }
      return byName.values().iterator().next();
    }
    var type = byName.get(typeName);
    if (type == null) {
      throw new InvalidEventException(
          "depot " + qualifiedName() + " has no event type '" + typeName + "'; it has " + known,
          null);
    }
    if (version != 0 && version != type.version()) {
      throw new InvalidEventException(
          "depot "
              + qualifiedName()
              + " knows version "
              + type.version()
              + " of event type "
              + typeName
              + ", not version "
              + version,
          null);
    }
    return type;
  }

  @Override
  public String toString() {
    return "depot " + qualifiedName();
  }
}
