package io.millrace.engine.event;

import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/**
 * Identity of a key function: the method a method reference stands for.
 *
 * @param owner class of the method
 * @param method name of the method
 */
public record KeyName(String owner, String method) {
  /** Identity of a key function, or null when it is a lambda with a body of its own. */
  public static @Nullable KeyName of(Serializable function) {
    try {
      var replace = function.getClass().getDeclaredMethod("writeReplace");
      replace.setAccessible(true);
      if (!(replace.invoke(function) instanceof SerializedLambda lambda)
          || lambda.getImplMethodName().startsWith("lambda$")
          || lambda.getImplMethodKind() == MethodHandleInfo.REF_newInvokeSpecial) {
        return null;
      }
      return new KeyName(lambda.getImplClass().replace('/', '.'), lambda.getImplMethodName());
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      return null;
    }
  }

  /** The column name of the component. */
  public String column() {
    return Names.snakeCase(method);
  }
}
