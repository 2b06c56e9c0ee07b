// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/notification.h"

#include <array>
#include <set>

#include "base/hash.h"
#include "base/ids.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

constexpr std::string_view status_profile =
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
    "backport-subscription-status-r4";
constexpr std::string_view notification_profile =
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
    "backport-subscription-notification-r4";

/// RFC 9562 version 4.
std::string new_urn() {
  std::array<std::uint8_t, 16> bytes;
  random_bytes(bytes);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  auto text = hex(bytes);
  for (const std::size_t at : {8, 13, 18, 23}) text.insert(at, "-");
  return "urn:uuid:" + text;
}

std::string url_of(std::string_view base, const std::string& referral) {
  return std::string(base) + "/Task/" + referral;
}

void add_event(JsonOut& out, std::string_view base, const Happened& event, std::int64_t number,
               Content content) {
  const auto part = [&](std::string_view name, std::string_view type, std::string_view value) {
    out.object().text("name", name).text(type, value).end();
  };
  out.object().text("name", "notification-event").list("part");
  part("event-number", "valueString", std::to_string(number));
  part("timestamp", "valueInstant", to_string(event.at));
  if (content != Content::empty) {
    out.object().text("name", "focus").reference("valueReference", url_of(base, event.referral));
    out.end();
  }
  out.end().end();
}

/// The Parameters that come first.
std::string status_of(const Subscription& one, std::string_view base, std::string_view type,
                      const Numbers& numbers, Content content) {
  JsonOut out;
  out.object().text("resourceType", "Parameters").text("id", new_ulid());
  out.conforms_to(status_profile).list("parameter");
  out.object().text("name", "subscription");
  out.reference("valueReference", std::string(base) + "/Subscription/" + one.id).end();
  out.object().text("name", "topic").text("valueCanonical", referral_topic).end();
  out.object().text("name", "status").text("valueCode", one.status).end();
  out.object().text("name", "type").text("valueCode", type).end();
  out.object().text("name", "events-since-subscription-start");
  out.text("valueString", std::to_string(one.last)).end();
  for (auto number = numbers.from; number <= numbers.to; ++number) {
    add_event(out, base, one.event(number), number, content);
  }
  if (!one.error.empty()) {
    out.object().text("name", "error").object("valueCodeableConcept").text("text", one.error);
    out.end().end();
  }
  return out.end().end().str();
}

/// A history says of each entry how it came about (bdl-3, bdl-4).
void end_entry(JsonOut& out, std::string_view method, std::string_view url) {
  out.object("request").text("method", method).text("url", url).end();
  out.object("response").text("status", "200").end().end();
}

}  // namespace

std::string notification(const Subscription& one, std::string_view base, std::string_view type,
                         const Numbers& numbers, Content content, Instant at,
                         const TaskOf& task_of) {
  JsonOut out;
  out.object().text("resourceType", "Bundle").text("id", new_ulid());
  out.conforms_to(notification_profile).text("type", "history").text("timestamp", to_string(at));
  out.list("entry").object().text("fullUrl", new_urn());
  out.raw("resource", status_of(one, base, type, numbers, content));
  end_entry(out, "GET", std::string(base) + "/Subscription/" + one.id + "/$status");
  std::set<std::string> there;
  for (auto number = numbers.from; number <= numbers.to; ++number) {
    const auto& referral = one.event(number).referral;
    if (content == Content::empty || !there.insert(referral).second) continue;
    out.object().text("fullUrl", url_of(base, referral));
    if (content == Content::full_resource) out.raw("resource", task_of(referral));
    end_entry(out, "PUT", "Task/" + referral);
  }
  return out.end().end().str();
}

std::string status_bundle(const std::vector<Subscription>& all, std::string_view base, Instant at) {
  JsonOut out;
  out.object().text("resourceType", "Bundle").text("id", new_ulid()).text("type", "searchset");
  out.text("timestamp", to_string(at)).raw("total", std::to_string(all.size())).list("entry");
  for (const auto& one : all) {
    out.object().text("fullUrl", new_urn());
    out.raw("resource", status_of(one, base, "query-status", {}, Content::empty));
    out.object("search").text("mode", "match").end().end();
  }
  return out.end().end().str();
}

}  // namespace meridian::fhir
