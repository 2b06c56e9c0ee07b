// SPDX-License-Identifier: Apache-2.0
package meridian.engine;

import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/** Meridian in this JVM. A fault in its native code ends the engine with it. */
final class InProcessDoor implements Door {
  private static final byte[] FATAL = Text.encoded("\"severity\":\"fatal\"");
  private static final String[] SIGNATURE = {String.class.getName(), Object[].class.getName()};
  private final String library;
  private final String config;
  private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
  private final ObjectName name;

  /** The runtime is that of whichever copy of the jar came first; it opens with the first call. */
  InProcessDoor(Settings settings) {
    library = settings.path("library", "/usr/lib/meridian/meridian.so").toString();
    config = settings.path("config", "/etc/meridian/meridian.toml").toString();
    name = reached(() -> new ObjectName(SharedRuntime.NAME));
    if (beans.isRegistered(name)) return;
    reached(() -> {
      try {
        return beans.registerMBean(new StandardMBean(new NativeRuntime(), SharedRuntime.class), name);
      } catch (InstanceAlreadyExistsException e) {
        return null; // another class loader was first
      }
    });
  }

  private static final class Reply {
    final int status;
    final byte[][] said;
    final long[] numbers;

    Reply(Object[] given) {
      status = (Integer) given[0];
      said = (byte[][]) given[1];
      numbers = (long[]) given[2];
    }
  }

  @Override
  public byte[] submit(String source, String id, String mediaType, byte[] body) {
    byte[][] message = {Text.encoded(source), Text.encoded(id), Text.encoded(mediaType), body};
    byte[] answer = expect(ask("submit", (Object) message)).said[1];
    // Not read and set aside: the answer says so with an issue of severity fatal. In JSON that text can be nothing else.
    if (Text.holds(answer, FATAL)) throw refused(422, Text.decoded(answer));
    return answer;
  }

  @Override
  public Claim take(String destination) {
    Reply reply = ask("take", (Object) Text.encoded(destination));
    if (reply.status == Status.NOT_FOUND) return null;
    byte[][] said = expect(reply).said;
    String handle = destination + "/" + reply.numbers[0] + "." + Text.decoded(said[2]);
    return new Claim(handle, Text.decoded(said[0]), said[1], Text.decoded(said[3]), Text.decoded(said[4]),
        (int) reply.numbers[1], reply.numbers[2] != 0);
  }

  @Override
  public void settle(String handle, Settlement settlement, String receipt) {
    String claim = handle.substring(handle.lastIndexOf('/') + 1);
    int dot = claim.indexOf('.');
    if (!claim.matches("[0-9]{1,18}\\..*")) throw refused(400, "settle takes the handle of a claim");
    byte[][] words = {Text.encoded(claim.substring(dot + 1)), Text.encoded(receipt)};
    expect(ask("settle", Long.valueOf(claim.substring(0, dot)), settlement.ordinal(), words));
  }

  @Override
  public String health() {
    return Text.decoded(expect(ask("health")).said[1]);
  }

  /** For all copies of the jar; whichever calls next opens it again. */
  @Override
  public void close() {
    ask("close");
  }

  private Reply ask(String what, Object... given) {
    Object[] all = new Object[2 + given.length];
    all[0] = library;
    all[1] = config;
    System.arraycopy(given, 0, all, 2, given.length);
    return new Reply((Object[]) reached(() -> beans.invoke(name, "call", new Object[] {what, all}, SIGNATURE)));
  }

  private static Reply expect(Reply reply) {
    if (reply.status == 0) return reply;
    if (reply.status < 0) throw new MeridianException(500, true, "Meridian does not run in this JVM: " + Text.decoded(reply.said[1]));
    Status status = Status.of(reply.status);
    throw refused(status.http(), status.why(reply.said.length > 1 ? reply.said[1] : null));
  }

  private static MeridianException refused(int http, String why) {
    return new MeridianException(http, Status.isWorthRetrying(http), "Meridian answered " + http + ": " + why);
  }

  private static <T> T reached(Callable<T> call) {
    try {
      return call.call();
    } catch (JMException e) {
      throw new MeridianException(500, true, "the runtime of this JVM is out of reach: " + e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
