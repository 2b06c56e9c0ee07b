// SPDX-License-Identifier: Apache-2.0
#include "flow/reflect_work.h"

#include <array>
#include <utility>

#include <rapidjson/document.h>

#include "flow/ledger.h"
#include "flow/staff_form.h"

namespace meridian::flow {
namespace {

/// FHIR R4 Task.status as COW and AU eRequesting use it (referral-standards section 4).
constexpr std::array<std::pair<std::string_view, const char*>, 16> task_statuses = {{
    {"noted", "draft"},
    {"held", "draft"},
    {"emergency", "draft"},
    {"emergency_known", "cancelled"},
    {"sending", "requested"},
    {"undelivered", "requested"},
    {"delivered", "received"},
    {"accepted", "accepted"},
    {"declined", "rejected"},
    {"scheduled", "in-progress"},
    {"in_course", "in-progress"},
    {"reported", "completed"},
    {"closed", "completed"},
    {"cancel_asked", "cancelled"},
    {"cancelled", "cancelled"},
    {"entered_in_error", "entered-in-error"},
}};

/// What a clinic is told that has a patient whose answers became alarming meanwhile.
constexpr const char* emergency_words =
    "an answer given after the referral was sent is an emergency sign; do not treat before the "
    "referring surgeon has seen the patient";

std::string message_in(const std::string& detail) {
  rapidjson::Document json;
  json.Parse(detail.data(), detail.size());
  if (json.HasParseError() || !json.IsObject()) return {};
  const auto found = json.FindMember("message");
  return found != json.MemberEnd() && found->value.IsString() ? found->value.GetString() : "";
}

/// Reasons of the last decision, for the surgeon to read.
std::string reasons_of(const std::string& decision) {
  rapidjson::Document json;
  json.Parse(decision.data(), decision.size());
  std::string text;
  if (json.HasParseError() || !json.IsObject() || !json.HasMember("reasons")) return text;
  for (const auto& reason : json["reasons"].GetArray()) {
    if (!text.empty()) text += ", ";
    text += reason.GetString();
  }
  return text;
}

/// Why the clinic declined, in its own words or codes; for the surgeon to read.
std::string decline_reason(const Letter& letter) {
  for (const auto& task : letter.records.tasks) {
    const auto& reason = task.status_reason;
    if (!reason.text.empty()) return reason.text;
    for (const auto& coding : reason.codings) {
      return coding.display.empty() ? coding.code : coding.display;
    }
  }
  return {};
}

/// Puts the clinic's message into the letter.
Result<void> take_news(const Core& core, const std::string& message_id, Letter& letter) {
  const auto message = core.store.message(MessageId(message_id));
  if (!message) return message.error();
  if (!*message) return Error{ErrorCode::not_found, "reflect", "the clinic's message is gone"};
  const auto& row = **message;
  const auto* reader = core.peers.reader_for(row.media_type);
  if (reader == nullptr) return Error{ErrorCode::internal, "reflect", "no reader"};
  auto records =
      reader->read({row.source, row.sender_id, row.media_type, row.body, row.received_at});
  if (!records) return records.error();
  letter.records = std::move(*records);
  letter.raw = row.body;
  for (const auto& span : letter.records.resources) {
    letter.include.push_back(span.type + "/" + span.id);
  }
  for (const auto& task : letter.records.tasks) letter.peer_task = task.ref;
  return {};
}

/// A held referral's letter says where its questions can be answered without the EHR.
void add_form(const Core& core, const store::ReferralRow& row, Letter& letter) {
  const auto form = current_form(core, row);
  if (!form || !core.form_link) return;
  letter.link = core.form_link(*form);
  letter.link_until = form->issued_at + core.settings.form_life;
}

}  // namespace

const char* task_status_of(std::string_view state) {
  for (const auto& [name, status] : task_statuses) {
    if (name == state) return status;
  }
  return "requested";
}

Result<store::Changes> reflect_referral(const Core& core, const store::WorkItem& item) {
  auto ledger = Ledger::open(core.store, item.referral);
  if (!ledger) return ledger.error();
  const auto& row = ledger->row();
  store::Changes changes;
  const auto* hospital = core.peers.find(row.source.str());
  if (hospital == nullptr || !hospital->renderer || !hospital->sender) return changes;

  Letter letter;
  if (const auto message = message_in(item.detail); !message.empty()) {
    if (auto taken = take_news(core, message, letter); !taken) return taken.error();
  }
  const bool final_report = row.state == "reported" || row.state == "closed";
  letter.kind = final_report ? Letter::Kind::consult_note : Letter::Kind::status;
  letter.referral_id = row.id.str();
  letter.source_order = row.order_ref;
  letter.source_patient = row.patient_ref;
  letter.task_status = task_status_of(row.state);
  letter.business_status = row.state;
  if (row.state == "held") letter.reason = reasons_of(row.decision);
  if (row.state == "declined") letter.reason = decline_reason(letter);
  add_form(core, row, letter);
  const auto* clinic = core.peers.find(row.destination.str());
  letter.sender_name = clinic ? clinic->name : "";
  letter.receiver_name = hospital->name;
  letter.at = row.updated_at;
  auto rendered = hospital->renderer->render(letter, hospital->profile);
  if (!rendered) return rendered.error();
  const auto key = rendered->key + "/" + row.state + "/" + sortable(row.version);
  changes.deliveries.push_back({row.id, hospital->destination(),
                                final_report ? "consult_note" : "status", key, rendered->media_type,
                                std::move(rendered->bytes), core.clock(), 0});
  return changes;
}

Result<store::Changes> tell_clinic(const Core& core, const store::WorkItem& item) {
  auto ledger = Ledger::open(core.store, item.referral);
  if (!ledger) return ledger.error();
  const auto& row = ledger->row();
  store::Changes changes;
  const auto* clinic = core.peers.find(row.destination.str());
  if (clinic == nullptr || !clinic->renderer) return changes;
  using routing::EventKind;
  Letter letter;
  letter.kind = Letter::Kind::referral_update;
  letter.referral_id = row.id.str();
  letter.source_order = row.order_ref;
  letter.source_patient = row.patient_ref;
  letter.task_status = task_status_of(row.state);
  letter.business_status = row.state;
  letter.reason = ledger->has(EventKind::entered_in_error) ? "the order was a mistake"
                                                           : "the order was revoked";
  if (ledger->state() == routing::State::emergency) letter.reason = emergency_words;
  letter.work_started =
      ledger->has(EventKind::clinic_scheduled) || ledger->has(EventKind::clinic_visited);
  letter.receiver_name = clinic->name;
  letter.at = row.updated_at;
  auto rendered = clinic->renderer->render(letter, clinic->profile);
  if (!rendered) return rendered.error();
  changes.deliveries.push_back({row.id, clinic->destination(), "referral_update",
                                rendered->key + "/" + sortable(row.version), rendered->media_type,
                                std::move(rendered->bytes), core.clock(), 0});
  return changes;
}

}  // namespace meridian::flow
