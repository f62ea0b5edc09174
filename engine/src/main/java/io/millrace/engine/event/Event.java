package io.millrace.engine.event;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declared name and version of an event type; both have defaults without this annotation. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Event {
  /** Declared type name; by default the simple name of the record in snake case. */
  String name() default "";

  /** Version of the type, counted from 1. */
  int version() default 1;
}
