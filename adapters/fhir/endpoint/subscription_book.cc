// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/subscription_book.h"

#include <algorithm>
#include <thread>

namespace meridian::fhir {
namespace {

const std::string list_name = "subscriptions";
constexpr int tries = 50;
constexpr std::chrono::milliseconds pause{20};  ///< somebody else writes at this moment

std::string name_of(std::string_view id) {
  return "subscription/" + std::string(id);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

Error unknown() {
  return {ErrorCode::not_found, "subscriptions", "there is no such subscription"};
}

Result<Subscription> read(const std::string& kept) {
  if (kept.empty()) return unknown();
  auto one = Subscription::of_kept(kept);
  if (!one) {
    return Error{ErrorCode::store_damaged, "subscriptions", "what was kept cannot be read"};
  }
  return std::move(*one);
}

}  // namespace

Result<std::vector<std::string>> SubscriptionBook::ids() const {
  const auto kept = desk_.kept(caller_, list_name);
  if (!kept) return kept.error();
  return lines_of(*kept);
}

Result<Subscription> SubscriptionBook::find(std::string_view id) const {
  const auto kept = desk_.kept(caller_, name_of(id));
  if (!kept) return kept.error();
  return read(*kept);
}

Result<void> SubscriptionBook::add(const Subscription& one) {
  const auto kept = rewrite(name_of(one.id),
                            [&](const std::string&) -> Result<std::string> { return one.kept(); });
  if (!kept) return kept.error();
  const auto listed = rewrite(list_name, [&](const std::string& text) -> Result<std::string> {
    auto lines = lines_of(text);
    if (lines.size() >= most) {
      return Error{ErrorCode::too_large, "subscriptions", "a clinic has ten at most"};
    }
    lines.push_back(one.id);
    return text_of(lines);
  });
  if (!listed) return listed.error();
  return {};
}

Result<Subscription> SubscriptionBook::change(std::string_view id,
                                              const std::function<bool(Subscription&)>& change) {
  const auto kept = rewrite(name_of(id), [&](const std::string& text) -> Result<std::string> {
    auto one = read(text);
    if (!one) return one.error();
    return change(*one) ? one->kept() : text;
  });
  if (!kept) return kept.error();
  return read(*kept);
}

Result<void> SubscriptionBook::remove(std::string_view id) {
  const auto listed = rewrite(list_name, [&](const std::string& text) -> Result<std::string> {
    auto lines = lines_of(text);
    if (std::erase(lines, std::string(id)) == 0) return unknown();
    return text_of(lines);
  });
  if (!listed) return listed.error();
  const auto gone =
      rewrite(name_of(id), [](const std::string&) -> Result<std::string> { return std::string(); });
  if (!gone) return gone.error();
  return {};
}

Result<std::string> SubscriptionBook::rewrite(
    const std::string& name, const std::function<Result<std::string>(const std::string&)>& make) {
  for (int i = 0;; ++i) {
    const auto before = desk_.kept(caller_, name);
    if (!before) return before.error();
    auto after = make(*before);
    if (!after || *after == *before) return after;
    const auto kept = desk_.keep(caller_, name, *before, *after);
    if (kept) return after;
    const auto code = kept.error().code;
    const bool meanwhile = code == ErrorCode::stale || code == ErrorCode::store_busy;
    if (!meanwhile || i == tries) return kept.error();
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace meridian::fhir
