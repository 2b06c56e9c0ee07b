// SPDX-License-Identifier: Apache-2.0
package meridian.engine;

/** A way to Meridian. Any thread; throws MeridianException. */
interface Door {
  /** Durable when it returns. Gives the answer for the sender, an OperationOutcome. */
  byte[] submit(String source, String id, String mediaType, byte[] body);

  /** Null when nothing is due. */
  Claim take(String destination);

  void settle(String handle, Settlement settlement, String receipt);

  String health();

  /** Lets go of what it holds; another door is made for the next call. */
  void close();
}
