// SPDX-License-Identifier: Apache-2.0
package meridian;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.parser.CanonicalModelClassFactory;
import ca.uhn.hl7v2.parser.PipeParser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the programs that read messages from standard input share. */
class Lines {
  /** The messages: one a line, their segments end with CR. */
  static List<String> messages() throws IOException {
    String text = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    return List.of(text.split("\n"));
  }

  /** Without validation; messages of every version are read by the model of 2.5.1. */
  static PipeParser parser() {
    DefaultHapiContext context = new DefaultHapiContext();
    context.setModelClassFactory(new CanonicalModelClassFactory("2.5.1"));
    context.setValidationContext(ValidationContextFactory.noValidation());
    context.getParserConfiguration().setAllowUnknownVersions(true);
    return context.getPipeParser();
  }
}
