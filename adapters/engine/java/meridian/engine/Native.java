// SPDX-License-Identifier: Apache-2.0
package meridian.engine;

/**
 * The calls of libmeridian_jni.so. Bytes are UTF-8; an int is a meridian_status of meridian.h. What Meridian
 * said is put into said: media type, body. Any thread, between open and close; load comes first, once in a JVM.
 */
final class Native {
  private Native() {}

  /** Opens meridian.so. Null, or why not. */
  static native byte[] load(byte[] library);

  /** config: the text of meridian.toml. The handle is put into runtime[0], 0 when there is none. */
  static native int open(byte[] config, byte[] directory, long[] runtime, byte[][] said);

  /** message: source, id, media type, body. */
  static native int submit(long runtime, byte[][] message, byte[][] said);

  /** numbers: of the delivery, tries before, 1 if one may have arrived. said besides: lease, referral, key. */
  static native int take(long runtime, byte[] destination, long[] numbers, byte[][] said);

  /** words: lease, receipt. */
  static native int settle(long runtime, long number, int settlement, byte[][] words);

  static native int health(long runtime, byte[][] said);

  static native void close(long runtime);
}
