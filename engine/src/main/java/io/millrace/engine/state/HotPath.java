package io.millrace.engine.state;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class whose style deviates for speed: mutable cursors, fields cached in locals, long
 * methods. The benchmark that justifies the deviation is named.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface HotPath {
  /** Simple name of the JMH benchmark or harness that measures this class. */
  String benchmark();
}
