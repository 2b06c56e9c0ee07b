// SPDX-License-Identifier: Apache-2.0
package meridian.engine;

/** meridian_status of meridian.h as HTTP has it; the numbers of plugin/base/error_table.def, which a test compares. */
final class Status {
  static final int NOT_FOUND = 7;
  private static final int[] HTTP = {200, 400, 422, 415, 413, 401, 403, 404, 409, 412, 429, 503, 504, 502, 502, 503, 507,
      500, 503, 422, 503, 500, 500, 500};
  private final int number;

  private Status(int number) {
    this.number = number;
  }

  static Status of(int number) {
    return new Status(number);
  }

  int http() {
    return number > 0 && number < HTTP.length ? HTTP[number] : 500;
  }

  /** The outcome, else the number. */
  String why(byte[] outcome) {
    return outcome == null || outcome.length == 0 ? "meridian_status " + number : Text.decoded(outcome);
  }

  /** The same call may pass later. */
  static boolean isWorthRetrying(int http) {
    return http == 429 || http >= 500 || http == 401;
  }
}
