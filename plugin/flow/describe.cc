// SPDX-License-Identifier: Apache-2.0
#include "flow/describe.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "flow/explain_log.h"
#include "flow/ledger.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

using report::Json;

/// Name, retry class and fix of an error.
void add_error(Json& json, std::string_view name) {
  if (name.empty()) return;
  json.text("error", name);
  const auto* row = find_error(name);
  if (row == nullptr) return;
  json.text("class", retry_class_name(row->retry));
  json.text("fix", row->fix);
}

void add_referral(Json& json, const store::ReferralRow& row) {
  json.text("id", row.id.str());
  json.text("source", row.source.str());
  json.text("order", row.order_ref);
  json.text("direction", row.direction);
  json.text("state", row.state);
  json.text("owner", row.owner);
  json.text("worklist", row.worklist);
  json.text("destination", row.destination.str());
  json.text("updated", to_string(row.updated_at));
}

void add_delivery(Json& json, const store::DeliveryRow& row) {
  json.number("number", row.number);
  json.text("referral", row.referral.str());
  json.text("to", row.destination.str());
  json.text("kind", row.kind);
  json.text("state", store::delivery_state_name(row.state));
  json.number("attempts", row.attempts);
  json.flag("maybeArrived", row.maybe_arrived || row.state == store::DeliveryState::ambiguous);
  json.number("size", static_cast<long long>(row.body.size()));
  json.text("key", row.key);
  if (row.due != Instant{}) json.text("due", to_string(row.due));
  if (row.settled_at) json.text("settled", to_string(*row.settled_at));
  add_error(json, row.error);
}

/// What a rule says of a record can quote it, as a sentence of a report: those words stay here.
void take_out_words(rapidjson::Value& statements) {
  if (!statements.IsArray()) return;
  for (auto& statement : statements.GetArray()) {
    if (statement.IsObject()) statement.RemoveMember("text");
  }
}

/// A stored decision: rule ids, refs, configured names and fixed words.
void add_decision(Json& json, const std::string& decision) {
  rapidjson::Document read;
  read.Parse(decision.data(), decision.size());
  if (read.HasParseError() || !read.IsObject()) return;
  if (read.HasMember("holds")) take_out_words(read["holds"]);
  if (read.HasMember("basis") && read["basis"].IsObject()) {
    auto& basis = read["basis"];
    if (basis.HasMember("grounds")) take_out_words(basis["grounds"]);
    basis.RemoveMember("words");
  }
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  read.Accept(writer);
  json.raw("decision", std::string_view(buffer.GetString(), buffer.GetSize()));
}

/// Receivers that still have what was sent in error.
std::vector<std::string> unconfirmed_recalls(const std::vector<store::EventRow>& events) {
  std::vector<routing::Event> known;
  for (const auto& event : events) {
    if (auto one = folded(event)) known.push_back(std::move(*one));
  }
  return routing::unconfirmed_recalls(known);
}

void add_codes(Json& json, const std::string& issues) {
  rapidjson::Document read;
  read.Parse(issues.data(), issues.size());
  if (read.HasParseError() || !read.IsObject() || !read.HasMember("issue")) return;
  json.open_list("issues");
  for (const auto& issue : read["issue"].GetArray()) json.item(issue["code"].GetString());
  json.close_list();
}

}  // namespace

std::string referral_json(const store::ReferralRow& row) {
  Json json;
  json.open();
  add_referral(json, row);
  json.close();
  return json.str();
}

std::string referral_json(const store::ReferralRow& row, const std::vector<store::EventRow>& events,
                          const std::vector<store::DeliveryRow>& deliveries) {
  Json json;
  json.open();
  add_referral(json, row);
  json.text("created", to_string(row.created_at));
  json.number("version", row.version);
  add_decision(json, row.decision);
  json.open_list("events");
  const auto ignored = without_effect(events);
  for (const auto& event : events) {
    json.open();
    json.text("at", to_string(event.at));
    json.text("actor", event.actor);
    json.text("kind", event.kind);
    if (ignored.contains(event.number)) json.flag("withoutEffect", true);
    json.close();
  }
  json.close_list();
  if (row.state == routing::state_name(routing::State::recall_asked)) {
    json.list("unconfirmedRecalls", unconfirmed_recalls(events));
  }
  json.open_list("deliveries");
  for (const auto& delivery : deliveries) {
    json.open();
    add_delivery(json, delivery);
    json.close();
  }
  json.close_list();
  json.close();
  return json.str();
}

std::string delivery_json(const store::DeliveryRow& row, const Peer* receiver) {
  Json json;
  json.open();
  add_delivery(json, row);
  if (receiver != nullptr) {
    const bool recognises = receiver->sender && receiver->sender->recognises_repeats();
    json.flag("recognisesRepeats", recognises);
  }
  json.close();
  return json.str();
}

std::string work_json(const store::DeadWork& work) {
  Json json;
  json.open();
  json.text("number", "w" + std::to_string(work.number));
  json.text("referral", work.referral.str());
  json.text("kind", work.kind);
  json.text("state", "dead");
  json.number("attempts", work.attempts);
  add_error(json, work.error);
  json.close();
  return json.str();
}

std::string quarantine_json(const store::QuarantineRow& row) {
  Json json;
  json.open();
  json.text("number", row.id.str());
  json.text("from", row.source.str());
  json.text("kind", "message");
  json.text("state", "quarantined");
  json.text("mediaType", row.media_type);
  json.text("received", to_string(row.received_at));
  add_codes(json, row.issues);
  add_error(json, error_row(ErrorCode::quarantined).name);
  json.close();
  return json.str();
}

}  // namespace meridian::flow
