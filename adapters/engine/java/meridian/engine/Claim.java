// SPDX-License-Identifier: Apache-2.0
package meridian.engine;

/** One thing to deliver, claimed for the engine until it is settled or its lease ends. */
public final class Claim {
  private final String handle;
  private final String mediaType;
  private final byte[] body;
  private final String referral;
  private final String key;
  private final int attempts;
  private final boolean mayHaveArrived;

  Claim(String handle, String mediaType, byte[] body, String referral, String key, int attempts,
      boolean mayHaveArrived) {
    this.handle = handle;
    this.mediaType = mediaType;
    this.body = body;
    this.referral = referral;
    this.key = key;
    this.attempts = attempts;
    this.mayHaveArrived = mayHaveArrived;
  }

  /** Text for Meridian.settle; put it in the channel map. */
  public String getHandle() {
    return handle;
  }

  public String getMediaType() {
    return mediaType;
  }

  public byte[] getBytes() {
    return body.clone();
  }

  public String getBody() {
    return Text.decoded(body);
  }

  /** Meridian's own number of the referral. */
  public String getReferral() {
    return referral;
  }

  /** The same for every try of one delivery: send it along, so that the receiver knows a repeat. */
  public String getKey() {
    return key;
  }

  /** Tries before this one. */
  public int getAttempts() {
    return attempts;
  }

  /** An earlier try may have arrived: look at the receiver before sending again. */
  public boolean isMayHaveArrived() {
    return mayHaveArrived;
  }
}
