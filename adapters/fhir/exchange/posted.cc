// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/posted.h"

#include <algorithm>
#include <charconv>

#include "fhir/exchange/json_index.h"

namespace meridian::fhir {
namespace {

/// Numbers are strings in the R4 form and may be numbers in others. 0 for what is no number.
std::int64_t number_of(const JsonIndex& index, const JsonNode* node) {
  if (node == nullptr) return 0;
  const auto text =
      node->kind == JsonNode::Kind::string ? index.string(node) : std::string(index.raw(*node));
  std::int64_t number = 0;
  const auto* end = text.data() + text.size();
  return std::from_chars(text.data(), end, number).ptr == end && number > 0 ? number : 0;
}

Notice::Kind kind_of(std::string_view type) {
  if (type == "handshake") return Notice::Kind::handshake;
  if (type == "heartbeat") return Notice::Kind::heartbeat;
  if (type == "event-notification") return Notice::Kind::events;
  return Notice::Kind::other;
}

void add_event(Notice& notice, Notice::Event event) {
  const auto number = event.number;
  notice.events.push_back(std::move(event));
  if (number == 0) return;
  notice.first_event = notice.first_event == 0 ? number : std::min(notice.first_event, number);
  notice.last_event = std::max(notice.last_event, number);
}

/// The value of a parameter: its member value[x].
const JsonNode* value_of(const JsonIndex& index, const JsonNode& parameter) {
  for (const auto& member : index.children(parameter)) {
    if (member.key.starts_with("value")) return &member;
  }
  return nullptr;
}

/// A Reference: literal, or logical as athenahealth's may be.
void read_focus(const JsonIndex& index, const JsonNode* reference, Notice::Event& event) {
  if (reference == nullptr) return;
  event.focus = index.string(*reference, "reference");
  event.type = index.string(*reference, "type");
  const auto* identifier = index.find(reference, "identifier");
  if (identifier == nullptr) return;
  const auto system = index.string(*identifier, "system");
  const auto value = index.string(*identifier, "value");
  if (!value.empty()) event.identifier = system.empty() ? value : system + "|" + value;
}

Notice::Event event_of_parts(const JsonIndex& index, const JsonNode& parts) {
  Notice::Event event;
  for (const auto& part : index.children(parts)) {
    const auto name = index.string(part, "name");
    if (name == "event-number") event.number = number_of(index, value_of(index, part));
    if (name == "focus") read_focus(index, value_of(index, part), event);
  }
  return event;
}

std::optional<Notice> from_parameters(const JsonIndex& index, const JsonNode& status) {
  const auto* list = index.find(&status, "parameter");
  if (list == nullptr || list->kind != JsonNode::Kind::array) return std::nullopt;
  Notice notice;
  bool typed = false;
  std::int64_t since_start = 0;
  for (const auto& parameter : index.children(*list)) {
    const auto name = index.string(parameter, "name");
    const auto* value = value_of(index, parameter);
    if (name == "type") {
      typed = true;
      notice.kind = kind_of(index.string(value));
    } else if (name == "subscription" && value != nullptr) {
      notice.subscription = index.string(*value, "reference");
    } else if (name == "status") {
      notice.status = index.string(value);
    } else if (name == "events-since-subscription-start") {
      since_start = number_of(index, value);
    } else if (name == "notification-event") {
      const auto* parts = index.find(&parameter, "part");
      if (parts == nullptr || parts->kind != JsonNode::Kind::array) continue;
      add_event(notice, event_of_parts(index, *parts));
    }
  }
  if (notice.last_event == 0) notice.last_event = since_start;
  if (!typed) return std::nullopt;
  return notice;
}

std::optional<Notice> from_status(const JsonIndex& index, const JsonNode& status) {
  Notice notice;
  notice.kind = kind_of(index.string(status, "type"));
  notice.status = index.string(status, "status");
  notice.subscription = index.string(index.at(status, {"subscription", "reference"}));
  const auto* events = index.find(&status, "notificationEvent");
  if (events != nullptr && events->kind == JsonNode::Kind::array) {
    for (const auto& event : index.children(*events)) {
      Notice::Event one{number_of(index, index.find(&event, "eventNumber")),
                        index.string(event, "id"), "", "", ""};
      read_focus(index, index.find(&event, "focus"), one);
      add_event(notice, std::move(one));
    }
  }
  if (notice.last_event == 0) {
    notice.last_event = number_of(index, index.find(&status, "eventsSinceSubscriptionStart"));
  }
  return notice;
}

std::optional<Notice> notice_in(const JsonIndex& index, const JsonNode& bundle) {
  const auto type = index.string(bundle, "type");
  // A searchset is what $status answers.
  if (type != "history" && type != "subscription-notification" && type != "searchset") {
    return std::nullopt;
  }
  const auto* entries = index.find(&bundle, "entry");
  if (entries == nullptr || entries->kind != JsonNode::Kind::array) return std::nullopt;
  std::optional<Notice> notice;
  bool first = true;
  for (const auto& entry : index.children(*entries)) {
    const auto* resource = index.find(&entry, "resource");
    const auto name = resource ? index.string(*resource, "resourceType") : std::string();
    if (first) {
      if (name == "Parameters") notice = from_parameters(index, *resource);
      if (name == "SubscriptionStatus") notice = from_status(index, *resource);
      if (!notice) return std::nullopt;
    } else if (!name.empty() && name != "AuditEvent") {  // athenahealth adds one for each event
      notice->carries_resources = true;
    }
    first = false;
  }
  return notice;
}

}  // namespace

Result<Posted> FhirPosted::look(std::string_view body) const {
  const auto index = JsonIndex::parse(body);
  if (!index) return index.error();
  const auto& root = index->root();
  Posted posted;
  posted.type = index->string(root, "resourceType");
  posted.id = index->string(root, "id");
  if (posted.type != "Bundle") return posted;
  posted.identifier = index->string(index->at(root, {"identifier", "value"}));
  posted.notice = notice_in(*index, root);
  return posted;
}

}  // namespace meridian::fhir
