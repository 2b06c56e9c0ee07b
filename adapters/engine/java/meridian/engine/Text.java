// SPDX-License-Identifier: Apache-2.0
package meridian.engine;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text and bytes: strict, and with the engine's wrong charset undone. */
final class Text {
  private Text() {}

  static String decoded(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** For our own messages: whatever cannot be written becomes a question mark. */
  static byte[] replaced(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static boolean holds(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      int n = 0;
      while (n < part.length && bytes[i + n] == part[n]) n++;
      if (n == part.length) return true;
    }
    return false;
  }

  /** Half a surrogate pair is refused: String.getBytes would make a question mark of it. */
  static byte[] encoded(String text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      return Arrays.copyOf(bytes.array(), bytes.limit());
    } catch (CharacterCodingException e) {
      throw new MeridianException(400, false, "the text holds half a character (a lone surrogate)");
    }
  }

  /**
   * An HTTP Listener that was told no charset reads UTF-8 as ISO-8859-1. Where every character is
   * one of its 256 and they are UTF-8 when taken as bytes, that is what happened. JSON is UTF-8
   * (RFC 8259 section 8.1), so that no other reading of these bytes was meant.
   */
  static String repaired(String text) {
    boolean beyondAscii = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 0xFF) return text;
      beyondAscii |= c > 0x7F;
    }
    if (!beyondAscii) return text;
    try {
      byte[] received = text.getBytes(StandardCharsets.ISO_8859_1);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(received)).toString();
    } catch (CharacterCodingException e) {
      return text;
    }
  }

  static boolean isFhirJson(String mediaType) {
    String name = mediaType.toLowerCase(java.util.Locale.ROOT);
    return name.startsWith("application/fhir+json") || name.startsWith("application/json");
  }
}
