// SPDX-License-Identifier: Apache-2.0
package meridian;

import ca.uhn.hl7v2.AcknowledgmentCode;
import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.app.HL7Service;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.protocol.ReceivingApplication;
import ca.uhn.hl7v2.util.StandardSocketFactory;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.util.idgenerator.InMemoryIDGenerator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Hl7Receiver ADDRESS RECEIVED: HAPI's MLLP server on a free port of loopback, told in the file
 * ADDRESS; each message is added to RECEIVED as HAPI encodes it. AA, or AE for those whose MSH-10
 * begins with AE.
 */
public class Hl7Receiver {
  /** A server socket that is bound to loopback, whatever address it is asked to bind. */
  static class Loopback extends StandardSocketFactory {
    @Override
    public ServerSocket createServerSocket() throws IOException {
      return new ServerSocket() {
        @Override
        public void bind(SocketAddress wanted, int backlog) throws IOException {
          int port = ((InetSocketAddress) wanted).getPort();
          super.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), backlog);
        }
      };
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static Message answer(Message message, Path received) throws HL7Exception {
    try {
      Files.writeString(received, message.encode() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      if (!new Terser(message).get("/.MSH-10").startsWith("AE")) return message.generateACK();
      return message.generateACK(AcknowledgmentCode.AE, new HL7Exception("not now"));
    } catch (IOException failure) {
      throw new HL7Exception(failure);
    }
  }

  public static void main(String[] arguments) throws Exception {
    Path received = Path.of(arguments[1]);
    DefaultHapiContext context = new DefaultHapiContext();
    context.setSocketFactory(new Loopback());
    // Its own numbers acknowledgements by a file in the folder it is started in.
    context.getParserConfiguration().setIdGenerator(new InMemoryIDGenerator());
    int port = freePort();
    HL7Service server = context.newServer(port, false);
    server.registerApplication(new ReceivingApplication<Message>() {
      @Override
      public Message processMessage(Message message, Map<String, Object> metadata) throws HL7Exception {
        return answer(message, received);
      }

      @Override
      public boolean canProcess(Message message) {
        return true;
      }
    });
    server.startAndWait();
    Path draft = Path.of(arguments[0] + ".draft");
    Files.writeString(draft, "127.0.0.1:" + port + "\n");
    Files.move(draft, Path.of(arguments[0]), StandardCopyOption.ATOMIC_MOVE);
    Thread.currentThread().join();
  }
}
