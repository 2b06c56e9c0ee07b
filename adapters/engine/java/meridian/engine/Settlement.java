// SPDX-License-Identifier: Apache-2.0
package meridian.engine;

import java.util.Locale;

/** How a delivery by the engine ended. In the order of meridian_settlement of meridian.h. */
enum Settlement {
  DELIVERED,
  TRY_AGAIN,
  UNKNOWN,
  REFUSED;

  /** As scripts and the HTTP door write it: "try-again". */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Settlement of(String word) {
    for (Settlement settlement : values()) {
      if (settlement.word().equals(word)) return settlement;
    }
    throw new MeridianException(400, false, "settle as delivered, try-again, unknown or refused");
  }
}
