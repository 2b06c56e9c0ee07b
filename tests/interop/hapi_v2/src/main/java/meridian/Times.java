// SPDX-License-Identifier: Apache-2.0
package meridian;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.parser.PipeParser;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/**
 * Times ROUNDS: how long HAPI parses the messages of standard input, after 4 s or more of warming
 * up. Prints how many it takes and the microseconds a message of its fastest pass: processor time
 * of the parsing thread alone, so that what the JVM compiles and collects beside it is not counted.
 */
public class Times {
  private static final int TIMES = 20;
  private static final long WARM_NS = 4_000_000_000L;
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private static List<String> taken(PipeParser parser, List<String> messages) {
    List<String> taken = new ArrayList<>();
    for (String message : messages) {
      try {
        parser.parse(message);
        taken.add(message);
      } catch (HL7Exception refused) {
        // counted by what is left
      }
    }
    return taken;
  }

  private static double pass(PipeParser parser, List<String> messages) throws HL7Exception {
    int seen = 0;
    long start = CLOCK.getCurrentThreadCpuTime();
    for (int i = 0; i < TIMES; i++) {
      for (String message : messages) seen += parser.parse(message).getNames().length;
    }
    long took = CLOCK.getCurrentThreadCpuTime() - start;
    if (seen == 0) throw new IllegalStateException("nothing was parsed");
    return took / 1e3 / TIMES / messages.size();
  }

  public static void main(String[] arguments) throws Exception {
    PipeParser parser = Lines.parser();
    parser.getParserConfiguration().setDefaultObx2Type("ST"); // else it refuses results without a type
    parser.getParserConfiguration().setInvalidObx2Type("ST");
    List<String> messages = taken(parser, Lines.messages());
    long start = CLOCK.getCurrentThreadCpuTime();
    while (CLOCK.getCurrentThreadCpuTime() - start < WARM_NS) pass(parser, messages);
    double fastest = Double.MAX_VALUE;
    for (int i = 0; i < Integer.parseInt(arguments[0]); i++) fastest = Math.min(fastest, pass(parser, messages));
    System.out.println(messages.size() + " " + fastest);
    System.exit(0);
  }
}
