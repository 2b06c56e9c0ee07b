// SPDX-License-Identifier: Apache-2.0
package meridian;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.Location;
import ca.uhn.hl7v2.model.Composite;
import ca.uhn.hl7v2.model.ExtraComponents;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.MessageVisitorSupport;
import ca.uhn.hl7v2.model.MessageVisitors;
import ca.uhn.hl7v2.model.Primitive;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Type;
import ca.uhn.hl7v2.model.Varies;
import ca.uhn.hl7v2.parser.PipeParser;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fields: the messages of standard input as HAPI sees them, a line of JSON for each: {"segments":
 * [name...], "values": {"OBX[2]-5[1].1.1": text...}}, or {"error": why} for what it refuses.
 */
public class Fields {
  private final List<String> segments = new ArrayList<>();
  private final Map<String, String> values = new TreeMap<>();
  private final Map<String, Integer> seen = new HashMap<>();

  private Fields(Message message) throws HL7Exception {
    MessageVisitors.visit(message, MessageVisitors.visitPopulatedElements(new MessageVisitorSupport() {
      @Override
      public boolean start(Segment segment, Location at) throws HL7Exception {
        add(segment);
        return false;
      }
    }));
  }

  private void add(Segment segment) throws HL7Exception {
    String name = segment.getName();
    segments.add(name);
    String path = name + "[" + seen.merge(name, 1, Integer::sum) + "]-";
    for (int field = 1; field <= segment.numFields(); field++) {
      Type[] repetitions = segment.getField(field);
      for (int i = 0; i < repetitions.length; i++) {
        components(path + field + "[" + (i + 1) + "].", repetitions[i]);
      }
    }
  }

  private void components(String path, Type type) throws HL7Exception {
    if (type instanceof Varies) {
      components(path, ((Varies) type).getData());
      return;
    }
    // Of a primitive what stands after & is kept with it, what stands after ^ too: the first
    // component is the value and its own extra ones are those of the field.
    int known = 1;
    if (type instanceof Composite) {
      Type[] parts = ((Composite) type).getComponents();
      known = parts.length;
      for (int i = 0; i < known; i++) subcomponents(path + (i + 1) + ".", parts[i]);
    } else {
      put(path + "1.1", ((Primitive) type).getValue());
    }
    ExtraComponents more = type.getExtraComponents();
    for (int i = 0; i < more.numComponents(); i++) {
      subcomponents(path + (known + i + 1) + ".", more.getComponent(i).getData());
    }
  }

  private void subcomponents(String path, Type type) throws HL7Exception {
    if (type instanceof Varies) {
      subcomponents(path, ((Varies) type).getData());
      return;
    }
    int known = 1;
    if (type instanceof Composite) {
      Type[] parts = ((Composite) type).getComponents();
      known = parts.length;
      for (int i = 0; i < known; i++) put(path + (i + 1), first(parts[i]));
    } else {
      put(path + "1", ((Primitive) type).getValue());
    }
    ExtraComponents more = type.getExtraComponents();
    for (int i = 0; i < more.numComponents(); i++) {
      put(path + (known + i + 1), first(more.getComponent(i).getData()));
    }
  }

  /** A subcomponent has no parts in the message, but may have in the model. */
  private static String first(Type type) throws HL7Exception {
    if (type instanceof Varies) return first(((Varies) type).getData());
    if (type instanceof Composite) return first(((Composite) type).getComponent(0));
    return ((Primitive) type).getValue();
  }

  private void put(String path, String value) {
    if (value != null && !value.isEmpty()) values.put(path, value);
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  private String json() {
    StringBuilder out = new StringBuilder("{\"segments\":[");
    String comma = "";
    for (String name : segments) {
      out.append(comma).append(quoted(name));
      comma = ",";
    }
    out.append("],\"values\":{");
    comma = "";
    for (Map.Entry<String, String> one : values.entrySet()) {
      out.append(comma).append(quoted(one.getKey())).append(':').append(quoted(one.getValue()));
      comma = ",";
    }
    return out.append("}}").toString();
  }

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    PipeParser parser = Lines.parser();
    for (String message : Lines.messages()) {
      String line;
      try {
        line = new Fields(parser.parse(message)).json();
      } catch (Exception refused) {
        line = "{\"error\":" + quoted(String.valueOf(refused.getMessage())) + "}";
      }
      out.println(line);
    }
    out.flush();
    System.exit(0);
  }
}
