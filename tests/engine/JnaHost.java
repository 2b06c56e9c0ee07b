// SPDX-License-Identifier: Apache-2.0
import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

/**
 * Meridian by JNA, without the jar: the structs and functions of plugin/include/meridian.h.
 *
 *   java -cp jna.jar:. JnaHost meridian.so meridian.toml SOURCE ID FILE.json
 *
 * Opens the site without listeners, hands in one message, and prints what its sender is to be told.
 */
public final class JnaHost {
  /** Text and length; the memory is ours until the call returns. */
  @Structure.FieldOrder({"data", "size"})
  public static class Bytes extends Structure implements Structure.ByValue {
    public Pointer data;
    public long size;

    public Bytes() {}

    Bytes(byte[] bytes) {
      size = bytes.length;
      if (size == 0) return;
      Memory memory = new Memory(size);
      memory.write(0, bytes, 0, bytes.length);
      data = memory;
    }

    Bytes(String text) {
      this(text.getBytes(StandardCharsets.UTF_8)); // JNA's own String would end at a NUL
    }
  }

  public interface Emit extends Callback {
    void emit(Pointer context, int kind, Bytes mediaType, Bytes body);
  }

  @Structure.FieldOrder({"structSize", "reserved", "context", "emit"})
  public static class Sink extends Structure {
    public int structSize = size();
    public int reserved;
    public Pointer context;
    public Emit emit;
  }

  @Structure.FieldOrder({"structSize", "reserved", "source", "senderId", "mediaType", "body"})
  public static class Message extends Structure {
    public int structSize = size();
    public int reserved;
    public Bytes source;
    public Bytes senderId;
    public Bytes mediaType;
    public Bytes body;
  }

  public interface Meridian extends Library {
    int meridian_open_embedded(Bytes config, Bytes directory, Sink sink, PointerByReference runtime);

    int meridian_submit(Pointer runtime, Message message, Sink sink);

    int meridian_health(Pointer runtime, Sink sink);

    void meridian_close(Pointer runtime);
  }

  private static byte[] said = {};

  public static void main(String[] args) throws Exception {
    Meridian meridian = Native.load(args[0], Meridian.class);
    Path config = Paths.get(args[1]).toAbsolutePath();
    Sink sink = new Sink();
    sink.emit = (context, kind, mediaType, body) -> // copied: what is handed to a sink lives as long as this call
        said = body.size == 0 ? new byte[0] : body.data.getByteArray(0, (int) body.size);
    PointerByReference runtime = new PointerByReference();
    int status = meridian.meridian_open_embedded(new Bytes(Files.readAllBytes(config)),
        new Bytes(config.getParent().toString()), sink, runtime);
    if (status == 0) {
      Message message = new Message();
      message.source = new Bytes(args[2]);
      message.senderId = new Bytes(args[3]);
      message.mediaType = new Bytes("application/fhir+json");
      message.body = new Bytes(Files.readAllBytes(Paths.get(args[4])));
      status = meridian.meridian_submit(runtime.getValue(), message, sink);
      System.out.println(text());
      if (status == 0) {
        meridian.meridian_health(runtime.getValue(), sink);
        System.out.println(text());
      }
      meridian.meridian_close(runtime.getValue());
    } else {
      System.out.println(text());
    }
    System.exit(status == 0 ? 0 : 1);
  }

  private static String text() {
    return new String(said, StandardCharsets.UTF_8);
  }
}
