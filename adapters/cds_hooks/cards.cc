// SPDX-License-Identifier: Apache-2.0
#include "cds_hooks/cards.h"

#include <algorithm>
#include <array>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/hash.h"

namespace meridian::cds_hooks {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr std::size_t uuid_size = 36;
constexpr std::size_t name_digits = 4;  ///< topic and number, at the end of a card's uuid

void text(Writer& json, const char* name, std::string_view value) {
  json.Key(name);
  json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

std::string hex_byte(std::size_t value) {
  const std::array<std::uint8_t, 1> byte = {static_cast<std::uint8_t>(value)};
  return hex(byte);
}

void add_suggestion(Writer& json, const Advice& advice, const std::string& uuid) {
  if (advice.removes.empty()) return;
  json.Key("suggestions");
  json.StartArray();
  json.StartObject();
  text(json, "label", "Do not sign this order");
  text(json, "uuid", uuid);
  json.Key("actions");
  json.StartArray();
  json.StartObject();
  text(json, "type", "delete");
  text(json, "description", "Takes the repeated order out of what is signed");
  json.Key("resourceId");
  json.StartArray();
  json.String(advice.removes.c_str());
  json.EndArray();
  json.EndObject();
  json.EndArray();
  json.EndObject();
  json.EndArray();
  text(json, "selectionBehavior", "any");
}

void add_reasons(Writer& json, const Advice& advice, const std::vector<Coding>& reasons) {
  if (advice.level == Advice::Level::info || reasons.empty()) return;
  json.Key("overrideReasons");
  json.StartArray();
  for (const auto& reason : reasons) {
    json.StartObject();
    text(json, "code", reason.code);
    text(json, "system", reason.system);
    text(json, "display", reason.display);
    json.EndObject();
  }
  json.EndArray();
}

void add_link(Writer& json, const Advice& advice) {
  if (advice.link.empty()) return;
  json.Key("links");
  json.StartArray();
  json.StartObject();
  text(json, "label", advice.link_label);
  text(json, "url", advice.link);
  text(json, "type", "absolute");
  json.EndObject();
  json.EndArray();
}

struct Service {
  const char* hook;
  const char* title;
  const char* description;
  Question::Moment moment;
};

constexpr std::array services = {
    Service{"order-sign", "Back-pain referral at signing",
            "Says of an order for acupuncture or a spine surgeon what is missing, unsafe or not "
            "covered, and which clinic could take the patient. Other orders give no card.",
            Question::Moment::signing},
    Service{"order-dispatch", "Back-pain referral at dispatch",
            "The same, of orders that are signed and about to be sent.",
            Question::Moment::dispatch},
    Service{"patient-view", "Back-pain referrals of this patient",
            "Says where the patient's open referrals stand.", Question::Moment::viewing}};

/// "Condition?patient={{context.patientId}}" of "Condition?patient={patient}".
std::string prefetch_template(std::string query) {
  constexpr std::string_view ours = "{patient}";
  constexpr std::string_view theirs = "{{context.patientId}}";
  for (auto at = query.find(ours); at != std::string::npos;
       at = query.find(ours, at + theirs.size())) {
    query.replace(at, ours.size(), theirs);
  }
  return query;
}

}  // namespace

std::string new_question_id() {
  std::array<std::uint8_t, 16> bytes{};
  random_bytes(bytes);
  bytes[6] = 0x80 | (bytes[6] & 0x0f);  // RFC 9562 section 5.8: version 8, of whoever makes it
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  bytes[14] = bytes[15] = 0;
  auto digits = hex(bytes);
  for (const std::size_t at : {8, 13, 18, 23}) digits.insert(at, 1, '-');
  return digits;
}

std::string card_uuid(std::string_view question, Advice::Topic topic, std::size_t number) {
  return std::string(question.substr(0, uuid_size - name_digits)) +
         hex_byte(static_cast<std::size_t>(topic) + 1) + hex_byte(number);
}

std::optional<CardName> card_named(std::string_view uuid) {
  if (uuid.size() != uuid_size) return std::nullopt;
  for (std::size_t at = 0; at < uuid_size; ++at) {
    const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
    const bool digit = std::string_view("0123456789abcdef").find(uuid[at]) != uuid.npos;
    if (dash ? uuid[at] != '-' : !digit) return std::nullopt;
  }
  for (std::size_t topic = 0; topic < topic_count; ++topic) {
    if (uuid.substr(uuid_size - name_digits, 2) != hex_byte(topic + 1)) continue;
    return CardName{std::string(uuid.substr(0, uuid_size - name_digits)) + "0000",
                    static_cast<Advice::Topic>(topic)};
  }
  return std::nullopt;
}

std::string cards_json(std::vector<Advice> advice, std::string_view question, std::string_view site,
                       const std::vector<Coding>& reasons) {
  std::stable_sort(advice.begin(), advice.end(),
                   [](const Advice& a, const Advice& b) { return a.level > b.level; });
  rapidjson::StringBuffer buffer;
  Writer json(buffer);
  json.StartObject();
  json.Key("cards");
  json.StartArray();
  std::size_t number = 0;
  for (const auto& one : advice) {
    const auto uuid = card_uuid(question, one.topic, number++);
    json.StartObject();
    text(json, "uuid", uuid);
    text(json, "summary", one.summary);
    text(json, "indicator", level_name(one.level));
    text(json, "detail", one.detail);
    json.Key("source");
    json.StartObject();
    text(json, "label", site.empty() ? "Meridian" : "Meridian, " + std::string(site));
    json.EndObject();
    add_suggestion(json, one, uuid);
    add_reasons(json, one, reasons);
    add_link(json, one);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

std::string services_json(const std::vector<Query>& queries, std::string_view site) {
  rapidjson::StringBuffer buffer;
  Writer json(buffer);
  json.StartObject();
  json.Key("services");
  json.StartArray();
  for (const auto& service : services) {
    json.StartObject();
    text(json, "hook", service.hook);
    text(json, "id", service.hook);
    text(json, "title",
         std::string(service.title) + (site.empty() ? "" : " (" + std::string(site) + ")"));
    text(json, "description", service.description);
    if (service.moment != Question::Moment::viewing) {
      json.Key("prefetch");
      json.StartObject();
      for (const auto& query : queries) {
        text(json, query.name.c_str(), prefetch_template(query.text));
      }
      json.EndObject();
      text(json, "usageRequirements",
           "What is not prefetched is read from the FHIR server that is configured for this EHR.");
    }
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

std::optional<Question::Moment> moment_of(std::string_view service) {
  for (const auto& one : services) {
    if (service == one.hook) return one.moment;
  }
  return std::nullopt;
}

}  // namespace meridian::cds_hooks
