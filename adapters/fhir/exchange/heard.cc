// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/heard.h"

#include <algorithm>
#include <charconv>

#include "fhir/client/origin.h"
#include "fhir/exchange/json_index.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

/// "Task/9" of a reference or URL; "" when there is none in it.
std::string last_two(std::string_view written) {
  const auto slash = written.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return {};
  const auto before = written.rfind('/', slash - 1);
  return std::string(written.substr(before == std::string_view::npos ? 0 : before + 1));
}

std::int64_t number_of(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Where the focus of an event can be read; "" when it is of no type that is read by itself.
std::string place_of(const Notice::Event& event, const std::set<std::string>& types) {
  const auto ref = last_two(event.focus);
  const auto type = ref.empty() ? event.type : ref.substr(0, ref.find('/'));
  if (types.count(type) == 0) return {};
  if (!ref.empty()) return ref;
  if (event.identifier.empty()) return {};
  return type + "?identifier=" + wire::encode_query(event.identifier);
}

void note_missing(HeardSubscription& one, std::int64_t from, std::int64_t to, Instant now) {
  if (one.missing.empty() && from <= to) one.missing_since = now;
  for (auto number = from; number <= to && one.missing.size() < Heard::most_missing; ++number) {
    one.missing.insert(number);
  }
}

}  // namespace

std::string subscription_ref(std::string_view written) {
  const auto ref = last_two(written);
  return ref.empty() ? std::string(written) : ref;
}

bool Heard::take(const Notice& notice, Instant now, bool counts,
                 const std::set<std::string>& types) {
  const auto ref = subscription_ref(notice.subscription);
  const auto [found, first] = subscriptions.try_emplace(ref);
  auto& one = found->second;
  one.at = now;
  const bool events = notice.kind == Notice::Kind::events || !notice.events.empty();
  if (counts && first && notice.last_event > 0) {
    one.last = notice.first_event > 0 ? notice.first_event - 1 : notice.last_event;
  }
  bool look = events && notice.events.empty() && !notice.carries_resources;
  for (const auto& event : notice.events) {
    bool known = false;
    if (!event.id.empty()) {
      known = std::find(ids.begin(), ids.end(), event.id) != ids.end();
      if (!known) ids.push_back(event.id);
      if (ids.size() > most_ids) ids.pop_front();
    }
    if (counts && event.number > 0) {
      known = event.number <= one.last && one.missing.erase(event.number) == 0;
      note_missing(one, one.last + 1, event.number - 1, now);
      one.last = std::max(one.last, event.number);
    }
    if (known || notice.carries_resources) continue;  // a repeat costs nobody anything
    const auto place = place_of(event, types);
    if (place.empty() || to_read.size() >= most_to_read) {
      look = true;
    } else if (std::find(to_read.begin(), to_read.end(), place) == to_read.end()) {
      to_read.push_back(place);
    }
  }
  const bool is_count = notice.events.empty() && notice.kind != Notice::Kind::handshake;
  if (counts && is_count) {  // events since the subscription began
    note_missing(one, one.last + 1, notice.last_event, now);
    one.last = std::max(one.last, notice.last_event);
  }
  return look;
}

bool Heard::is_unfinished() const {
  return !to_read.empty() ||
         std::any_of(subscriptions.begin(), subscriptions.end(),
                     [](const auto& one) { return !one.second.missing.empty(); });
}

std::string Heard::text() const {
  JsonOut out;
  out.object().list("subscriptions");
  for (const auto& [ref, one] : subscriptions) {
    out.object().text("ref", ref).raw("last", std::to_string(one.last)).list("missing");
    for (const auto number : one.missing) out.element(std::to_string(number));
    out.end().text("since", to_string(one.missing_since)).text("at", to_string(one.at)).end();
  }
  out.end().list("ours");
  for (const auto& [topic, ref] : ours) {
    out.object().text("topic", topic).text("ref", ref).end();
  }
  out.end().list("ids");
  for (const auto& id : ids) out.element(id);
  out.end().list("to_read");
  for (const auto& ref : to_read) out.element(ref);
  return out.end().end().str();
}

Heard Heard::of(std::string_view text) {
  Heard heard;
  const auto index = JsonIndex::parse(text);
  if (!index) return heard;
  const auto each = [&](const JsonNode& node, std::string_view name, const auto& take) {
    const auto* list = index->find(&node, name);
    if (list == nullptr) return;
    for (const auto& one : index->children(*list)) take(one);
  };
  const auto& root = index->root();
  each(root, "subscriptions", [&](const JsonNode& node) {
    auto& one = heard.subscriptions[index->string(node, "ref")];
    const auto* last = index->find(&node, "last");
    if (last != nullptr) one.last = number_of(index->raw(*last));
    each(node, "missing",
         [&](const JsonNode& number) { one.missing.insert(number_of(index->string(&number))); });
    one.missing_since = parse_instant(index->string(node, "since")).value_or(Instant{});
    one.at = parse_instant(index->string(node, "at")).value_or(Instant{});
  });
  each(root, "ours", [&](const JsonNode& node) {
    heard.ours[index->string(node, "topic")] = index->string(node, "ref");
  });
  each(root, "ids", [&](const JsonNode& id) { heard.ids.push_back(index->string(&id)); });
  each(root, "to_read", [&](const JsonNode& ref) { heard.to_read.push_back(index->string(&ref)); });
  return heard;
}

}  // namespace meridian::fhir
