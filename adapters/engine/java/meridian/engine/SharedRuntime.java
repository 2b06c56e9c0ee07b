// SPDX-License-Identifier: Apache-2.0
package meridian.engine;

/**
 * The one Meridian of a JVM, which all copies of this jar use: a native library belongs to one class loader, and
 * a database to one runtime. It is a bean of the JVM's own MBean server, the only place that all class loaders
 * share, so that nothing but classes of the JDK may cross. Public because that server wants it.
 */
public interface SharedRuntime {
  String NAME = "meridian:type=Runtime";

  /**
   * what: submit, take, settle, health, close. given: library and configuration file first, then what Native says.
   * Gives: Integer status, or -1 when there was no runtime to ask; byte[][] said; long[] numbers.
   */
  Object[] call(String what, Object[] given);
}
