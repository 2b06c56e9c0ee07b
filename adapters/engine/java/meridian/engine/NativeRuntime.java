// SPDX-License-Identifier: Apache-2.0
package meridian.engine;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Opened by the first call and alone in it; then any number of calls at a time; closed when none is under way. */
final class NativeRuntime implements SharedRuntime {
  private static final int NOT_ASKED = -1;
  private static final int DELIVERY_PARTS = 5;
  private static final int LAST_CALLS_SECONDS = 10;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private String loaded = ""; // a native library is loaded once and stays
  private String config = "";
  private long runtime; // 0: none is open

  NativeRuntime() {}

  /** Why there is no runtime to ask. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String why) {
      super(why);
    }
  }

  @Override
  public Object[] call(String what, Object[] given) {
    try {
      if (what.equals("close")) {
        close();
        return gives(0, new byte[0][], new long[0]);
      }
      enter((String) given[0], (String) given[1]);
      try {
        return ask(what, given);
      } finally {
        lock.readLock().unlock();
      }
    } catch (Refused e) {
      return refusal(e.getMessage());
    } catch (Throwable t) { // also UnsatisfiedLinkError, OutOfMemoryError
      return refusal(t.toString());
    }
  }

  private Object[] ask(String what, Object[] given) throws Refused {
    byte[][] said = new byte[DELIVERY_PARTS][];
    long[] numbers = new long[3];
    switch (what) {
      case "submit":
        return gives(Native.submit(runtime, (byte[][]) given[2], said), said, numbers);
      case "take":
        return gives(Native.take(runtime, (byte[]) given[2], numbers, said), said, numbers);
      case "settle":
        return gives(Native.settle(runtime, (Long) given[2], (Integer) given[3], (byte[][]) given[4]), said, numbers);
      case "health":
        return gives(Native.health(runtime, said), said, numbers);
      default:
        throw new Refused("this JVM runs a Meridian that does not know " + what + ": restart it");
    }
  }

  private static Object[] gives(int status, byte[][] said, long[] numbers) {
    return new Object[] {status, said, numbers};
  }

  private static Object[] refusal(String why) {
    return gives(NOT_ASKED, new byte[][] {null, Text.replaced(why)}, new long[0]);
  }

  /** With the lock for calls held when it returns, and the runtime open. */
  private void enter(String library, String wanted) throws Refused, IOException {
    while (true) {
      lock.readLock().lock();
      if (runtime != 0 && config.equals(wanted)) return;
      long open = runtime;
      lock.readLock().unlock();
      if (open != 0) {
        throw new Refused("this JVM runs Meridian with " + config + ", and not with " + wanted + ": one JVM, one Meridian");
      }
      open(library, wanted);
    }
  }

  private void open(String library, String wanted) throws Refused, IOException {
    lock.writeLock().lock();
    try {
      if (runtime != 0) return;
      load(library);
      Path file = Paths.get(wanted);
      long[] opened = new long[1];
      byte[][] said = new byte[2][];
      int status = Native.open(Files.readAllBytes(file), Text.encoded(file.getParent().toString()), opened, said);
      if (status != 0) throw new Refused(Status.of(status).why(said[1]));
      runtime = opened[0];
      config = wanted;
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void load(String library) throws Refused {
    if (loaded.equals(library)) return;
    if (!loaded.isEmpty()) throw new Refused("this JVM has loaded " + loaded + "; restart it for " + library);
    File shim = new File(new File(library).getParentFile(), "libmeridian_jni.so");
    try {
      System.load(shim.getPath());
    } catch (UnsatisfiedLinkError e) {
      throw new Refused(shim + " does not load (" + e.getMessage() + "); if another copy of the jar has it, restart the engine");
    }
    byte[] wrong = Native.load(Text.encoded(library));
    if (wrong != null) throw new Refused(library + " does not load: " + Text.decoded(wrong));
    loaded = library;
    Runtime.getRuntime().addShutdownHook(new Thread(this::closeAtTheEnd, "meridian-close"));
  }

  private void close() {
    lock.writeLock().lock();
    try {
      if (runtime != 0) Native.close(runtime);
      runtime = 0;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** A call that does not end must not hold up the engine's end: what is durable needs no close. */
  private void closeAtTheEnd() {
    try {
      if (!lock.writeLock().tryLock(LAST_CALLS_SECONDS, TimeUnit.SECONDS)) return;
      try {
        close();
      } finally {
        lock.writeLock().unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
