// SPDX-License-Identifier: Apache-2.0
#include "host/config_retention.h"

#include <algorithm>

namespace meridian::host {
namespace {

constexpr int longest_days = 36500;

/// Days of which too few would take away what is still being worked on; 0: no limit.
void read_days(Section& s, const char* key, int& days, int fewest) {
  s.whole(key, days, 0, longest_days);
  if (days == 0 || days >= fewest) return;
  s.add(s.line(),
        std::string("[retention]: ") + key + " must be 0 or at least " + std::to_string(fewest));
}

/// A ULID: 26 letters and digits.
bool is_referral_id(const std::string& id) {
  constexpr std::size_t length = 26;
  return id.size() == length && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

}  // namespace

void read_retention(Section& s, RetentionConfig& retention) {
  read_days(s, "messages_days", retention.messages_days, 7);
  // What ended a week ago is still compared with the peers, and clinics send late words.
  read_days(s, "referrals_days", retention.referrals_days, 30);
  s.number("most_gb", retention.most_gb, 0, 1e6);
  s.whole("least_days", retention.least_days, 7, longest_days);
  s.list("hold", retention.hold);
  const bool shorter =
      retention.messages_days == 0 || (retention.referrals_days < retention.messages_days);
  if (retention.referrals_days != 0 && shorter) {
    s.add(s.line(),
          "[retention]: referrals_days must not be less than messages_days, which must be set "
          "too: what no referral rests on is not kept longer than what one does");
  }
  for (const auto& id : retention.hold) {
    if (is_referral_id(id)) continue;
    s.add(s.line(), "[retention] hold: \"" + id + "\" is no id of a referral");
  }
}

}  // namespace meridian::host
