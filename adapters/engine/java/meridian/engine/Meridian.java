// SPDX-License-Identifier: Apache-2.0
package meridian.engine;

import java.util.function.Supplier;

/**
 * What a channel's scripts call. Any thread; the first call reads engine.properties. Nothing but a
 * MeridianException gets out: an Error in a script would stop more than its channel.
 */
public final class Meridian {
  private static volatile Door door;

  private Meridian() {}

  /**
   * Hands in one message, durable when it returns; gives what the sender is to be told.
   * source: configured [[hospital]] or [[clinic]]. id: the sender's own, 1 to 200 visible ASCII
   * characters; a repeat of it is taken once. FHIR that the engine read in a wrong charset is repaired.
   */
  public static String submit(String source, String id, String mediaType, String body) {
    return guarded(h -> Text.decoded(h.submit(source, id, mediaType,
        Text.encoded(Text.isFhirJson(mediaType) ? Text.repaired(body) : body))));
  }

  /** The same with the bytes as they came, which is how HL7 v2 keeps the charset of its MSH-18. */
  public static String submit(String source, String id, String mediaType, byte[] body) {
    return guarded(h -> Text.decoded(h.submit(source, id, mediaType, body)));
  }

  /** The oldest due delivery for a destination with deliver = "host"; null when nothing is due. */
  public static Claim take(String destination) {
    return guarded(h -> h.take(destination));
  }

  /** how: delivered, try-again (did not arrive), unknown (may have), refused. receipt: the receiver's id, or "". */
  public static void settle(String handle, String how, String receipt) {
    guarded(h -> {
      h.settle(handle, Settlement.of(how), receipt);
      return null;
    });
  }

  /** JSON: whether it is live and ready. */
  public static String health() {
    return guarded(Door::health);
  }

  /** Forgets engine.properties, and in-process ends the runtime; the next call begins anew. */
  public static synchronized void close() {
    Door there = door;
    door = null;
    if (there == null) return;
    guarded(() -> {
      there.close();
      return null;
    });
  }

  private interface Call<T> {
    T on(Door door);
  }

  private static <T> T guarded(Call<T> call) {
    return guarded(() -> call.on(ready()));
  }

  private static <T> T guarded(Supplier<T> call) {
    try {
      return call.get();
    } catch (MeridianException e) {
      throw e;
    } catch (Throwable t) { // an Error, such as a library that does not load, would take more than this channel
      throw new MeridianException(500, false, "Meridian's extension failed: " + t);
    }
  }

  /** The first use is by one thread alone; a failed start is tried anew with the next call. */
  private static Door ready() {
    Door there = door;
    if (there != null) return there;
    synchronized (Meridian.class) {
      if (door == null) door = opened(Settings.read());
      return door;
    }
  }

  private static Door opened(Settings settings) {
    String mode = settings.text("mode", "http");
    if (mode.equals("http")) return new HttpDoor(settings);
    if (mode.equals("in-process")) return new InProcessDoor(settings);
    throw new MeridianException(500, true, "engine.properties: mode must be http or in-process");
  }
}
