// SPDX-License-Identifier: Apache-2.0
package meridian.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Properties;

/** engine.properties: where Meridian is, and its tokens. Relative paths start at that file. */
final class Settings {
  private static final String PLACE = "/etc/meridian/engine.properties";
  private final Properties values = new Properties();
  private final Path file;

  private Settings(Path file) {
    this.file = file;
  }

  /** The file named by the system property meridian.settings, else /etc/meridian. */
  static Settings read() {
    Settings settings = new Settings(Paths.get(System.getProperty("meridian.settings", PLACE)));
    try (InputStream in = Files.newInputStream(settings.file)) {
      settings.values.load(in);
    } catch (IOException e) {
      throw new MeridianException(500, true, settings.file + " cannot be read: " + e.getClass().getSimpleName());
    }
    return settings;
  }

  /** Without it, an error that names key and file. */
  String text(String key) {
    String value = values.getProperty(key, "").trim();
    if (!value.isEmpty()) return value;
    throw new MeridianException(500, true, file + ": " + key + " is missing");
  }

  String text(String key, String otherwise) {
    return values.getProperty(key, otherwise).trim();
  }

  int seconds(String key, int otherwise) {
    try {
      int seconds = Integer.parseInt(text(key, String.valueOf(otherwise)));
      if (seconds > 0 && seconds <= 3600) return seconds;
    } catch (NumberFormatException e) {
      // said below
    }
    throw new MeridianException(500, true, file + ": " + key + " must be 1 to 3600 seconds");
  }

  /** A file. */
  Path path(String key, String otherwise) {
    return file.toAbsolutePath().resolveSibling(text(key, otherwise)).normalize();
  }

  /** Of the client that speaks for this system: token_file.SYSTEM, else token_file. */
  Path tokenFile(String system) {
    String own = text("token_file." + system, "");
    return file.toAbsolutePath().resolveSibling(own.isEmpty() ? text("token_file") : own);
  }
}
