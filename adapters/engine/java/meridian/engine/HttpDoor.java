// SPDX-License-Identifier: Apache-2.0
package meridian.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Meridian as a process of its own, by its HTTP door on this machine. A crash of either spares the other. */
final class HttpDoor implements Door {
  private static final int CONNECT_MILLIS = 2000;
  private static final byte[] NOTHING = {};
  private final String url;
  private final Settings settings;
  private final int answerMillis;

  HttpDoor(Settings settings) {
    url = settings.text("url", "http://127.0.0.1:8480").replaceAll("/+$", "");
    this.settings = settings;
    answerMillis = 1000 * settings.seconds("timeout_seconds", 60);
    boolean here = url.matches("http://(127\\.0\\.0\\.1|localhost|\\[::1\\])(:\\d+)?");
    if (!here && !url.startsWith("https://")) {
      throw new MeridianException(500, true, "url: plain HTTP is for this machine alone; beyond it write https");
    }
  }

  private static final class Reply {
    int status;
    byte[] body;
    HttpURLConnection head;

    String header(String name) {
      String value = head.getHeaderField(name);
      return value == null ? "" : value;
    }
  }

  @Override
  public byte[] submit(String source, String id, String mediaType, byte[] body) {
    return expect(200, call(source, "/in/" + segment(source), mediaType, id, body)).body;
  }

  @Override
  public Claim take(String destination) {
    Reply reply = call(destination, "/out/" + segment(destination) + "/take", "text/plain", "", NOTHING);
    if (reply.status == 204) return null;
    expect(200, reply);
    String handle = destination + "/" + reply.header("Meridian-Claim");
    return new Claim(handle, reply.header("Content-Type"), reply.body, reply.header("Meridian-Referral"),
        reply.header("Meridian-Key"), Integer.parseInt(reply.header("Meridian-Attempts")),
        reply.header("Meridian-Maybe-Arrived").equals("true"));
  }

  @Override
  public void settle(String handle, Settlement settlement, String receipt) {
    int cut = handle.lastIndexOf('/');
    if (cut < 0) throw new MeridianException(400, false, "settle takes the handle of a claim");
    String destination = handle.substring(0, cut);
    String path = "/out/" + segment(destination) + "/" + segment(handle.substring(cut + 1)) + "/" + settlement.word();
    expect(200, call(destination, path, "text/plain", "", Text.encoded(receipt)));
  }

  @Override
  public String health() {
    return Text.decoded(call("", "/readyz", "", "", null).body);
  }

  @Override
  public void close() {
    // each call has a connection of its own
  }

  private static String segment(String name) {
    try {
      return URLEncoder.encode(name, "UTF-8").replace("+", "%20");
    } catch (IOException e) {
      throw new IllegalStateException(e); // every JVM has UTF-8
    }
  }

  private static Reply expect(int status, Reply reply) {
    if (reply.status == status) return reply;
    boolean again = Status.isWorthRetrying(reply.status);
    throw new MeridianException(reply.status, again, "Meridian answered " + reply.status + ": " + Text.decoded(reply.body));
  }

  /** In the name of a system; without a body it is a GET, which is open to everybody. */
  private Reply call(String system, String path, String mediaType, String id, byte[] body) {
    HttpURLConnection connection = null;
    try {
      connection = (HttpURLConnection) new URL(url + path).openConnection(Proxy.NO_PROXY);
      connection.setRequestMethod(body == null ? "GET" : "POST");
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(answerMillis);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      if (body != null) connection.setRequestProperty("Authorization", "Bearer " + token(system));
      if (!mediaType.isEmpty()) connection.setRequestProperty("Content-Type", mediaType);
      if (!id.isEmpty()) connection.setRequestProperty("X-Request-Id", id);
      IOException cut = body == null ? null : send(connection, body);
      return reply(connection, cut);
    } catch (ConnectException e) {
      throw new MeridianException(0, true, "Meridian is not there: nothing listens at " + url);
    } catch (IOException e) {
      throw new MeridianException(0, true, "Meridian did not answer (" + e.getClass().getSimpleName() + "); it may have taken it");
    } catch (IllegalArgumentException e) {
      throw new MeridianException(400, false, "a name or id has characters that a header cannot carry");
    }
  }

  /**
   * Streamed in one piece: otherwise the JVM sends a POST a second time by itself. A refusal by size
   * comes while the body is still being sent: the answer says more than the break.
   */
  private static IOException send(HttpURLConnection connection, byte[] body) throws IOException {
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.length);
    OutputStream out = connection.getOutputStream();
    try {
      out.write(body);
      out.flush();
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private static Reply reply(HttpURLConnection connection, IOException cut) throws IOException {
    Reply reply = new Reply();
    try {
      reply.status = connection.getResponseCode();
    } catch (IOException e) {
      throw cut == null ? e : cut;
    }
    if (reply.status < 0) throw new IOException("no HTTP");
    reply.head = connection;
    InputStream in = reply.status < 400 ? connection.getInputStream() : connection.getErrorStream();
    reply.body = in == null ? NOTHING : whole(in);
    return reply;
  }

  private static byte[] whole(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] piece = new byte[16384];
    try (InputStream closing = in) {
      for (int n = closing.read(piece); n >= 0; n = closing.read(piece)) all.write(piece, 0, n);
    }
    return all.toByteArray();
  }

  /** Read anew for each call: a token that was replaced is good at once. */
  private String token(String system) {
    Path tokenFile = settings.tokenFile(system);
    try {
      List<String> lines = Files.readAllLines(tokenFile, StandardCharsets.US_ASCII);
      if (!lines.isEmpty()) return lines.get(0).trim();
    } catch (IOException e) {
      // said below
    }
    throw new MeridianException(500, true, tokenFile + ": no token can be read there");
  }
}
