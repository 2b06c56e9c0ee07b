// SPDX-License-Identifier: Apache-2.0
package meridian;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.app.Connection;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.util.Terser;
import java.nio.file.Files;
import java.nio.file.Path;

/** Hl7Client PORT FILE...: sends each message by HAPI on one connection, prints MSA-1 and MSA-2. */
public class Hl7Client {
  public static void main(String[] arguments) throws Exception {
    DefaultHapiContext context = new DefaultHapiContext();
    Connection connection = context.newClient("127.0.0.1", Integer.parseInt(arguments[0]), false);
    for (int i = 1; i < arguments.length; i++) {
      String text = Files.readString(Path.of(arguments[i])).replaceAll("\r?\n", "\r");
      Message answer = connection.getInitiator().sendAndReceive(context.getPipeParser().parse(text));
      Terser found = new Terser(answer);
      System.out.println(found.get("/.MSA-1") + " " + found.get("/.MSA-2"));
    }
    connection.close();
    System.exit(0);
  }
}
