/* SPDX-License-Identifier: Apache-2.0 */
/* Prints where each member of the ABI's structs is; layout.txt holds what was released. */
#include <stddef.h>
#include <stdio.h>

#include "meridian.h"

#define STRUCT(type) printf("%s size %zu align %zu\n", #type, sizeof(type), _Alignof(type))
#define MEMBER(type, member) \
  printf("  %s at %zu size %zu\n", #member, offsetof(type, member), sizeof(((type*)0)->member))

int main(void) {
  printf("abi %d.%d\n", MERIDIAN_ABI_MAJOR, MERIDIAN_ABI_MINOR);
  STRUCT(meridian_bytes);
  MEMBER(meridian_bytes, data);
  MEMBER(meridian_bytes, size);
  STRUCT(meridian_sink);
  MEMBER(meridian_sink, struct_size);
  MEMBER(meridian_sink, reserved);
  MEMBER(meridian_sink, context);
  MEMBER(meridian_sink, emit);
  STRUCT(meridian_message);
  MEMBER(meridian_message, struct_size);
  MEMBER(meridian_message, reserved);
  MEMBER(meridian_message, source);
  MEMBER(meridian_message, sender_id);
  MEMBER(meridian_message, media_type);
  MEMBER(meridian_message, body);
  STRUCT(meridian_claim);
  MEMBER(meridian_claim, struct_size);
  MEMBER(meridian_claim, attempts);
  MEMBER(meridian_claim, number);
  MEMBER(meridian_claim, lease);
  MEMBER(meridian_claim, referral);
  MEMBER(meridian_claim, key);
  MEMBER(meridian_claim, maybe_arrived);
  MEMBER(meridian_claim, reserved);
  return 0;
}
