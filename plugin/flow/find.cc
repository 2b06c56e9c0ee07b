// SPDX-License-Identifier: Apache-2.0
#include "flow/find.h"

#include <charconv>

#include "flow/aliases.h"

namespace meridian::flow {
namespace {

constexpr std::size_t longest = 200;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Of the delivery of this number; empty when it is none.
Result<std::string> of_delivery(const Core& core, std::string_view text) {
  std::int64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || number <= 0) return std::string();
  const auto row = core.store.delivery(number);
  if (!row) return row.error();
  return *row ? (*row)->referral.str() : std::string();
}

/// Of the order of this number at one hospital; empty when it has none.
Result<std::string> of_order(const Core& core, const SourceId& source, const std::string& number) {
  for (const auto* prefix : {"", "ServiceRequest/"}) {
    const auto id = core.store.find_alias("order", order_alias(source, prefix + number));
    if (!id) return id.error();
    if (*id) return (*id)->str();
  }
  return std::string();
}

Result<std::string> of_any_order(const Core& core, std::string_view text) {
  for (const auto& peer : core.peers.list) {
    const auto named = text.starts_with(peer->id + " ");
    const auto number = trimmed(named ? text.substr(peer->id.size()) : text);
    auto id = of_order(core, peer->source(), std::string(number));
    if (!id || !id->empty()) return id;
  }
  return std::string();
}

}  // namespace

Result<Found> find(const Core& core, std::string_view text) {
  text = trimmed(text);
  const Error nothing{ErrorCode::not_found, "find", "nothing here has this number"};
  if (text.empty() || text.size() > longest) return nothing;
  const auto referral = core.store.referral(ReferralId(std::string(text)));
  if (!referral) return referral.error();
  if (*referral) return Found{std::string(text), ""};
  const auto message = core.store.message(MessageId(std::string(text)));
  if (!message) return message.error();
  if (*message) return Found{"", std::string(text)};
  const auto conversation = core.store.find_shared("correlation", text);
  if (!conversation) return conversation.error();
  if (!conversation->empty()) return Found{conversation->back().str(), ""};
  // An order of that number is looked for first: numbers of deliveries are only ours.
  auto id = of_any_order(core, text);
  if (id && id->empty()) id = of_delivery(core, text);
  if (!id) return id.error();
  if (id->empty()) return nothing;
  return Found{std::move(*id), ""};
}

}  // namespace meridian::flow
