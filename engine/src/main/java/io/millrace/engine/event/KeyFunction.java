package io.millrace.engine.event;

import java.io.Serializable;
import java.util.function.Function;

/**
 * Derives a key from an event: usually a reference to a component, such as {@code NameSet::userId}.
 * Being serializable lets the definition read which method is referred to, so that two references
 * to one component are known to be the same key; nothing is ever serialized.
 */
@FunctionalInterface
public interface KeyFunction<E, K> extends Function<E, K>, Serializable {}
