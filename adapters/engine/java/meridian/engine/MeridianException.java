// SPDX-License-Identifier: Apache-2.0
package meridian.engine;

/** Meridian did not take, give or settle it. The text says why and never repeats what was sent. */
public final class MeridianException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final boolean again;

  MeridianException(int status, boolean again, String text) {
    super(text);
    this.status = status;
    this.again = again;
  }

  /** As HTTP has it: 409 same id with another body, 422 set aside, 503 busy; 0: nobody answered. */
  public int getStatus() {
    return status;
  }

  /** True when the same call may pass later; a message that was taken after all is a repeat then. */
  public boolean isWorthRetrying() {
    return again;
  }
}
