// SPDX-License-Identifier: Apache-2.0
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import meridian.engine.Claim;
import meridian.engine.Meridian;
import meridian.engine.MeridianException;

/** Does with the jar what an engine does. Reads one command a line, prints one line for each. */
public final class Harness {
  private static final String FHIR = "application/fhir+json";
  private static final long ENGINE_STACK = 1 << 20; // an engine's worker threads have 1 MB

  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(answer(line.split(" ")));
    }
  }

  private static String answer(String[] words) throws Exception {
    try {
      switch (words[0]) {
        case "submit": return submitted(words[1], words[2], words[3], bytes(words[4]));
        case "take": return taken(words[1]);
        case "settle":
          Meridian.settle(words[1], words[2], words[3]);
          return "settled";
        case "health": return Meridian.health().trim();
        case "close":
          Meridian.close();
          return "closed";
        case "loaders": return loaders(words[1], Integer.parseInt(words[2]), words[3], words[4]);
        case "threads": return threads(Integer.parseInt(words[1]), Integer.parseInt(words[2]), words[3], words[4]);
        case "text": return text(words[1]);
        case "submit-text": return submitted(words[1], words[2], words[3], new String(bytes(words[4]), words[5]));
        case "pinned": return pinned(words[1], Integer.parseInt(words[2]), words[3], words[4]);
        case "race": return race(words[1], Integer.parseInt(words[2]), words[3], words[4]);
        case "time": return time(Integer.parseInt(words[1]), words[2], words[3], words[4]);
        default: return "no such command";
      }
    } catch (MeridianException e) {
      return "refused " + e.getStatus() + (e.isWorthRetrying() ? " again " : " ") + e.getMessage().trim();
    }
  }

  /** A file's, or so many megabytes of them: "50MB". */
  private static byte[] bytes(String file) throws Exception {
    if (!file.endsWith("MB")) return Files.readAllBytes(Paths.get(file));
    byte[] many = new byte[Integer.parseInt(file.substring(0, file.length() - 2)) << 20];
    Arrays.fill(many, (byte) ' ');
    return many;
  }

  private static String submitted(String source, String id, String type, byte[] body) {
    return "taken " + Meridian.submit(source, id, type, body).trim();
  }

  private static String submitted(String source, String id, String type, String body) {
    return "taken " + Meridian.submit(source, id, type, body).trim();
  }

  private static String taken(String destination) {
    Claim claim = Meridian.take(destination);
    if (claim == null) return "nothing";
    return String.join(" ", claim.getHandle(), claim.getMediaType(), String.valueOf(claim.getBytes().length),
        claim.getKey(), String.valueOf(claim.getAttempts()), String.valueOf(claim.isMayHaveArrived()));
  }

  /** Each loader is a channel that was deployed anew: it has its own copy of the classes, and is let go of. */
  private static String loaders(String jar, int count, String source, String file) throws Exception {
    URL[] urls = {new File(jar).toURI().toURL()};
    String body = new String(bytes(file), StandardCharsets.UTF_8);
    for (int i = 0; i < count; i++) {
      try {
        if (submittedByCopy(urls, source, "loader-" + i, body) == Meridian.class) return "not a copy";
      } catch (InvocationTargetException e) {
        return "loader " + i + ": " + e.getCause().getMessage();
      }
    }
    return count + " loaders";
  }

  /** A call through a copy of the classes of its own. The copy of the class. */
  private static Class<?> submittedByCopy(URL[] urls, String source, String id, String body) throws Exception {
    try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      Class<?> copy = loader.loadClass("meridian.engine.Meridian");
      copy.getMethod("submit", String.class, String.class, String.class, String.class).invoke(null, source, id, FHIR, body);
      return copy;
    }
  }

  /** How many copies of the classes cannot be let go of once nobody uses them. */
  private static String pinned(String jar, int count, String source, String file) throws Exception {
    URL[] urls = {new File(jar).toURI().toURL()};
    String body = new String(bytes(file), StandardCharsets.UTF_8);
    List<WeakReference<Class<?>>> copies = new ArrayList<>();
    for (int i = 0; i < count; i++) copies.add(new WeakReference<>(submittedByCopy(urls, source, "pin-" + i, body)));
    for (int i = 0; i < 20; i++) {
      System.gc();
      copies.removeIf(copy -> copy.get() == null);
      if (copies.size() <= 1) break;
    }
    return "pinned " + copies.size();
  }

  /** The first use by many threads at a time, each with a copy of the classes. */
  private static String race(String jar, int count, String source, String file) throws Exception {
    URL[] urls = {new File(jar).toURI().toURL()};
    String body = new String(bytes(file), StandardCharsets.UTF_8);
    CyclicBarrier together = new CyclicBarrier(count);
    AtomicInteger taken = new AtomicInteger();
    AtomicReference<Throwable> wrong = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      String name = "race-" + t;
      threads.add(new Thread(null, () -> {
        try {
          together.await();
          submittedByCopy(urls, source, name, body);
          taken.incrementAndGet();
        } catch (InvocationTargetException e) {
          wrong.set(e.getCause());
        } catch (Throwable e) {
          wrong.set(e);
        }
      }, name, ENGINE_STACK));
    }
    for (Thread thread : threads) thread.start();
    for (Thread thread : threads) thread.join();
    return "taken " + taken.get() + (wrong.get() == null ? "" : ", then " + wrong.get());
  }

  private static String threads(int count, int each, String source, String file) throws Exception {
    byte[] body = bytes(file);
    AtomicInteger taken = new AtomicInteger();
    AtomicReference<Throwable> wrong = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      String name = "thread-" + t + "-";
      threads.add(new Thread(null, () -> {
        try {
          for (int i = 0; i < each; i++) {
            Meridian.submit(source, name + i, FHIR, body);
            taken.incrementAndGet();
          }
        } catch (Throwable e) {
          wrong.set(e);
        }
      }, name, ENGINE_STACK));
    }
    for (Thread thread : threads) thread.start();
    for (Thread thread : threads) thread.join();
    return "taken " + taken.get() + (wrong.get() == null ? "" : ", then " + wrong.get());
  }

  /** Sends text to a door of its own and says what arrived there, byte by byte. */
  private static String text(String form) throws Exception {
    String said = "a\u00e9\uD83D\uDE00\u0000b";
    String handed = said;
    if (form.equals("misread")) handed = new String(said.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    if (form.equals("latin")) handed = "caf\u00e9"; // no UTF-8 when taken as bytes: it is what it is
    if (form.equals("half")) handed = "\uD83D";
    AtomicReference<byte[]> arrived = new AtomicReference<>();
    HttpServer door = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    door.createContext("/", exchange -> {
      arrived.set(exchange.getRequestBody().readAllBytes());
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    });
    door.start();
    try {
      java.nio.file.Path folder = Files.createTempDirectory("harness");
      Files.write(folder.resolve("token"), "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
      String settings = "url = http://127.0.0.1:" + door.getAddress().getPort() + "\ntoken_file = token\n";
      Files.write(folder.resolve("engine.properties"), settings.getBytes(StandardCharsets.US_ASCII));
      String before = System.setProperty("meridian.settings", folder.resolve("engine.properties").toString());
      Meridian.close();
      try {
        Meridian.submit("hospital", "1", FHIR, handed);
      } finally {
        System.setProperty("meridian.settings", before);
        Meridian.close();
        Files.delete(folder.resolve("engine.properties"));
        Files.delete(folder.resolve("token"));
        Files.delete(folder);
      }
    } finally {
      door.stop(0);
    }
    StringBuilder hex = new StringBuilder();
    for (byte b : arrived.get()) hex.append(String.format("%02x", b));
    return hex.toString();
  }

  /** The middle of so many calls, in microseconds. kind: repeats of one message, else the beginning of new ids. */
  private static String time(int count, String source, String file, String kind) throws Exception {
    byte[] body = bytes(file);
    long[] took = new long[count];
    for (int i = 0; i < count; i++) {
      long began = System.nanoTime();
      Meridian.submit(source, kind.equals("repeats") ? "time" : kind + "-" + i, FHIR, body);
      took[i] = (System.nanoTime() - began) / 1000;
    }
    Arrays.sort(took);
    return String.valueOf(took[count / 2]);
  }
}
