// SPDX-License-Identifier: Apache-2.0
#include "flow/reflect_work.h"

#include <array>
#include <utility>

#include <rapidjson/document.h>

#include "flow/basis.h"
#include "flow/clinic_news.h"
#include "flow/earlier.h"
#include "flow/identity.h"
#include "flow/ledger.h"
#include "flow/patient_link.h"
#include "flow/prepared_return.h"
#include "flow/repeat.h"
#include "flow/sign_off.h"
#include "flow/staff_form.h"
#include "flow/stored_json.h"
#include "flow/told.h"
#include "pathway/answer_needs.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

/// FHIR R4 Task.status as COW and AU eRequesting use it (referral-standards section 4).
constexpr std::array<std::pair<std::string_view, const char*>, routing::state_count> task_statuses =
    {{
        {"noted", "draft"},
        {"held", "draft"},
        {"emergency", "draft"},
        {"emergency_known", "cancelled"},
        {"sending", "requested"},
        {"undelivered", "requested"},
        {"delivered", "received"},
        {"in_triage", "received"},
        {"need_info", "received"},
        {"waitlisted", "accepted"},
        {"accepted", "accepted"},
        {"declined", "rejected"},
        {"unreachable", "accepted"},
        {"scheduled", "in-progress"},
        {"no_show", "in-progress"},
        {"appointment_cancelled", "in-progress"},
        {"in_course", "in-progress"},
        {"on_hold", "on-hold"},
        {"extension_asked", "in-progress"},
        {"safety_return", "failed"},
        {"safety_known", "failed"},
        {"reported", "completed"},
        {"unread", "completed"},
        {"closed", "completed"},
        {"cancel_asked", "cancelled"},
        {"cancelled", "cancelled"},
        {"lapsed", "cancelled"},
        {"lost", "failed"},
        {"recall_asked", "entered-in-error"},
        {"entered_in_error", "entered-in-error"},
    }};

/// What a clinic is told that has a patient whose answers became alarming meanwhile.
constexpr const char* emergency_words =
    "an answer given after the referral was sent is an emergency sign; do not treat before the "
    "referring surgeon has seen the patient";

/// What a clinic is told when the order is paused.
constexpr const char* on_hold_words = "the referring side put the order on hold; please wait";

/// What a clinic is told when a person sent the referral to another one.
constexpr const char* redirected_words = "the referral was sent to another clinic";

std::string member_in(const std::string& detail, const char* name) {
  rapidjson::Document json;
  json.Parse(detail.data(), detail.size());
  if (json.HasParseError() || !json.IsObject()) return {};
  const auto found = json.FindMember(name);
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

/// A letter says which doors of a referral are pages of ours: where the questions of a hold can be
/// answered without the EHR, where a named person can override it, say who the patient is, or
/// release what a course prepared.
void add_pages(const Core& core, const store::ReferralRow& row, Letter& letter) {
  const auto add = [&](const std::optional<FormTicket>& ticket, const auto& link, std::string& to) {
    if (!ticket || !link) return;
    to = link(*ticket);
    letter.link_until = ticket->issued_at + core.settings.form_life;
  };
  add(current_return(row), core.return_link, letter.return_link);
  if (row.state != routing::state_name(routing::State::held)) return;
  add(current_form(core, row), core.form_link, letter.link);
  add(current_sign_off(row), core.sign_off_link, letter.sign_off_link);
  add(current_patient_link(core, row), core.patient_link, letter.patient_link);
}

/// What was signed off, out of the last assessment: rule and who signed.
std::vector<Caution> signed_off(const std::string& assessment) {
  const auto json = parsed(assessment);
  std::vector<Caution> entries;
  for (const char* name : {"flags", "cautions", "missing"}) {
    const auto* list = list_in(json, name);
    if (list == nullptr) continue;
    for (const auto& written : list->GetArray()) {
      Caution entry;
      entry.rule = text_in(written, "rule");
      entry.signed_off = text_in(written, "signedOff");
      if (!entry.signed_off.empty()) entries.push_back(std::move(entry));
    }
  }
  return entries;
}

/// Rule and words of the newest emergency.
Result<std::string> emergency_reason(const Core& core, const ReferralId& id) {
  const auto events = core.store.events(id);
  if (!events) return events.error();
  std::string reason;
  for (const auto& event : *events) {
    if (event.kind != routing::event_name(routing::EventKind::emergency)) continue;
    const auto detail = parsed(event.detail);
    reason = text_in(detail, "rule") + ": " + text_in(detail, "text");
  }
  return reason;
}

/// "Quiet River: no room; Stone Lantern: ..." of all clinics that declined, in their order, but for
/// one that took it after all.
Result<std::string> decline_reasons(const Core& core, const store::ReferralRow& row) {
  const bool accepted = row.state == routing::state_name(routing::State::accepted);
  const auto events = core.store.events(row.id);
  if (!events) return events.error();
  const std::string declined = routing::event_name(routing::EventKind::clinic_declined);
  std::string text;
  for (const auto& event : *events) {
    if (event.kind != declined || event.message.empty()) continue;
    Letter said;
    const auto sender = take_news(core, event.message, said);
    if (!sender) return sender.error();
    if (accepted && *sender == row.destination.str()) continue;
    const auto* clinic = core.peers.find(*sender);
    const auto reason = reason_in(said);
    if (!text.empty()) text += "; ";
    text += clinic != nullptr ? clinic->name : "a clinic";
    text += reason.empty() ? " declined" : " declined: " + reason;
  }
  return text;
}

std::string joined(const std::string& first, const std::string& second) {
  return first.empty() || second.empty() ? first + second : first + " " + second;
}

/// Why the referral stands where it stands.
Result<std::string> reason_of(const Core& core, const store::ReferralRow& row) {
  if (row.state == "held") return reasons_of(row.decision);
  if (row.state == "emergency" || row.state == "emergency_known") {
    return emergency_reason(core, row.id);
  }
  // Also beside "accepted": the letter of the state before may be overtaken by it and never sent.
  for (const auto* state : {"declined", "sending", "delivered", "undelivered", "accepted"}) {
    if (row.state != state) continue;
    const auto declined = decline_reasons(core, row);
    if (!declined) return declined;
    return joined(repeat_words(row.decision), *declined);
  }
  return standing_reason(core, row);
}

/// While the decision is open again each letter says so, and when it is settled each one until the
/// referral moves on: a later letter replaces an earlier one before it is read.
/// `words`: what a review wants told now.
void add_review(bool reopened, const std::string& words, const store::ReferralRow& row,
                Letter& letter) {
  letter.urgent = !words.empty();
  const auto basis = read_basis(row.decision);
  const bool holds = reopened || (!basis.settled_in.empty() && basis.settled_in == row.state);
  const auto said = words.empty() && holds ? basis.words : words;
  if (said.empty()) return;
  letter.reason = letter.reason.empty() ? said : said + " " + letter.reason;
}

/// What is said to be not covered, out of the last assessment.
std::vector<CoverageAnswer> not_covered(const std::string& assessment) {
  rapidjson::Document json;
  json.Parse(assessment.data(), assessment.size());
  std::vector<CoverageAnswer> answers;
  if (json.HasParseError() || !json.IsObject() || !json.HasMember("coverage")) return answers;
  for (const auto& written : json["coverage"].GetArray()) {
    const auto text = [&](const char* name) {
      const auto found = written.FindMember(name);
      const bool said = found != written.MemberEnd() && found->value.IsString();
      return said ? std::string(found->value.GetString()) : std::string();
    };
    if (text("status") != "not_covered") continue;
    CoverageAnswer answer;
    answer.rule = text("rule");
    answer.source = text("source");
    answer.text = text("text");
    answer.program = text("program");
    answer.name = text("name");
    if (answer.name.empty()) answer.name = answer.program;  // of an earlier version
    answer.status = "not_covered";
    answers.push_back(std::move(answer));
  }
  return answers;
}

/// The clinic's own Task, out of the latest thing that the clinic said of it; "" when it is silent.
Result<std::string> peer_task_of(const Core& core, const ReferralId& id, const Peer& receiver) {
  const auto events = core.store.events(id);
  if (!events) return events.error();
  const std::string clinic = routing::actor_name(routing::Actor::clinic);
  std::string task;
  for (const auto& event : *events) {
    if (event.actor != clinic || event.message.empty()) continue;
    Letter said;
    const auto sender = take_news(core, event.message, said);
    if (!sender) return sender.error();
    if (*sender == receiver.id) task = said.peer_task;
  }
  return task;
}

}  // namespace

const char* task_status_of(std::string_view state) {
  for (const auto& [name, status] : task_statuses) {
    if (name == state) return status;
  }
  return "requested";
}

namespace {

/// What a receiver already has is not a draft again when an emergency stops it.
const char* coordination_status(const Ledger& ledger) {
  const auto state = ledger.state();
  const bool emergency =
      state == routing::State::emergency || state == routing::State::emergency_known;
  if (emergency && ledger.has(routing::EventKind::sent)) return "on-hold";
  return task_status_of(ledger.row().state);
}

/// When it began, until when it stands as it does, and what the origin was told before.
Result<void> add_dates(const Core& core, const Ledger& ledger, const Peer& origin, Letter& letter) {
  const auto& row = ledger.row();
  const auto until = stands_until(core, ledger);
  if (!until) return until.error();
  auto told = states_told(core, row, origin);
  if (!told) return told.error();
  letter.at = row.updated_at;
  letter.wall = core.settings.clocks.calendar().wall();
  letter.authored = row.created_at;
  letter.needed_by = *until;
  letter.told = std::move(*told);
  return {};
}

/// The clinic's report, to be kept in the record: also one that comes again.
bool brings_report(std::string_view state, std::string_view message) {
  return state == "reported" || state == "closed" || (state == "unread" && !message.empty());
}

/// What the letter is about, and its kind. False: no letter is needed.
Result<bool> add_news(const Core& core, const store::ReferralRow& row, const std::string& message,
                      const Renderer& to, Letter& letter) {
  if (!message.empty()) {
    const auto news = take_current_news(core, MessageId(message), row, to, letter);
    if (!news || !*news) return news;
  }
  letter.kind =
      brings_report(row.state, message) ? Letter::Kind::consult_note : Letter::Kind::status;
  const bool reminder = row.state == "unread" && message.empty();
  // Of a report that is there: no second message with it, but a Task that is replaced names it.
  if (!reminder || to.follows_earlier()) return true;
  letter.kind = Letter::Kind::consult_note;
  if (auto taken = take_report(core, row, letter); !taken) return taken.error();
  return true;
}

}  // namespace

Result<store::Changes> reflect_referral(const Core& core, const store::WorkItem& item) {
  auto ledger = Ledger::open(core.store, item.referral);
  if (!ledger) return ledger.error();
  const auto& row = ledger->row();
  store::Changes changes;
  const auto* hospital = core.peers.find(row.source.str());
  if (hospital == nullptr || !hospital->renderer || !hospital->sender) return changes;

  changes.rests_on.push_back({row.id, row.version});
  Letter letter;
  const auto message = member_in(item.detail, "message");
  const auto news = add_news(core, row, message, *hospital->renderer, letter);
  if (!news) return news.error();
  if (!*news) return changes;
  auto reason = reason_of(core, row);
  if (!reason) return reason.error();
  letter.referral_id = row.id.str();
  if (auto addressed = address_to_origin(core, row, letter); !addressed) return addressed.error();
  letter.task_status = coordination_status(*ledger);
  letter.business_status = row.state;
  letter.reason = std::move(*reason);
  add_review(ledger->reopened(), member_in(item.detail, "words"), row, letter);
  letter.assessment.coverage = not_covered(row.assessment);
  letter.assessment.cautions = signed_off(row.assessment);
  const bool report = brings_report(row.state, message);
  if (report) {
    letter.assessment.packet = answer_items(letter.records, core.rules, core.terminology);
  }
  add_pages(core, row, letter);
  const auto* clinic = core.peers.find(row.destination.str());
  letter.sender_name = clinic ? clinic->name : "";
  letter.receiver_name = hospital->name;
  auto earlier = earlier_message(core, row, *hospital);
  if (!earlier) return earlier.error();
  letter.earlier = std::move(*earlier);
  if (auto dated = add_dates(core, *ledger, *hospital, letter); !dated) return dated.error();
  auto rendered = observed(core.stages, Stage::render,
                           [&] { return hospital->renderer->render(letter, hospital->profile); });
  if (!rendered) return rendered.error();
  const auto key = status_key(rendered->key, row);
  changes.deliveries.push_back({row.id, hospital->destination(), report ? "consult_note" : "status",
                                key, rendered->media_type, std::move(rendered->bytes), core.clock(),
                                0});
  return changes;
}

namespace {

/// Work that tells a clinic which has, or had, the referral how it stands.
store::NewWork telling(const Core& core, const ReferralId& id, const DestinationId& clinic) {
  report::Json detail;
  detail.open();
  detail.text("clinic", clinic.str());
  detail.close();
  return {"tell_clinic", id, core.clock(), detail.str(),
          "tell_clinic|" + id.str() + "|" + clinic.str()};
}

}  // namespace

void recall(const Core& core, const Ledger& ledger, store::Changes& changes) {
  for (const auto& receiver : ledger.unconfirmed_recalls()) {
    changes.works.push_back(telling(core, ledger.row().id, receiver));
  }
}

void answer_late_word(const Core& core, const Ledger& ledger, const DestinationId& clinic,
                      routing::EventKind word, store::Changes& changes) {
  using routing::EventKind;
  const bool received = word == EventKind::clinic_received || word == EventKind::clinic_opened;
  const bool goes_on = routing::is_with_clinic(routing::row_of(word).to) && !received;
  if (!goes_on || ledger.has(EventKind::entered_in_error)) return;
  changes.works.push_back(telling(core, ledger.row().id, clinic));
}

Result<store::Changes> tell_clinic(const Core& core, const store::WorkItem& item) {
  auto ledger = Ledger::open(core.store, item.referral);
  if (!ledger) return ledger.error();
  const auto& row = ledger->row();
  store::Changes changes;
  const auto left = member_in(item.detail, "clinic");  // the one that a redirect took it from
  const auto* clinic = core.peers.find(left.empty() ? row.destination.str() : left);
  if (clinic == nullptr || !clinic->renderer) return changes;
  const bool mistake = ledger->has(routing::EventKind::entered_in_error);
  // Meanwhile it came back to it.
  if (!left.empty() && !mistake && clinic->destination() == row.destination) return changes;
  changes.rests_on.push_back({row.id, row.version});
  using routing::EventKind;
  Letter letter;
  letter.kind = Letter::Kind::referral_update;
  letter.referral_id = row.id.str();
  letter.source_order = row.order_ref;
  letter.source_patient = row.patient_ref;
  letter.task_status = task_status_of(row.state);
  letter.business_status = row.state;
  letter.reason = mistake ? recall_words : "the order was revoked";
  if (ledger->state() == routing::State::emergency) letter.reason = emergency_words;
  if (ledger->state() == routing::State::on_hold) letter.reason = on_hold_words;
  if (const auto words = member_in(item.detail, "words"); !words.empty()) letter.reason = words;
  if (!left.empty() && !mistake) {
    letter.task_status = "cancelled";
    letter.business_status = "redirected";
    letter.reason = redirected_words;
  }
  letter.work_started = ledger->has(EventKind::clinic_scheduled, clinic->destination()) ||
                        ledger->has(EventKind::clinic_visited, clinic->destination());
  if (letter.work_started) {
    auto task = peer_task_of(core, row.id, *clinic);
    if (!task) return task.error();
    letter.peer_task = std::move(*task);
  }
  letter.receiver_name = clinic->name;
  auto earlier = earlier_message(core, row, *clinic);
  if (!earlier) return earlier.error();
  letter.earlier = std::move(*earlier);
  letter.at = row.updated_at;
  letter.wall = core.settings.clocks.calendar().wall();
  auto rendered = observed(core.stages, Stage::render,
                           [&] { return clinic->renderer->render(letter, clinic->profile); });
  if (!rendered) return rendered.error();
  changes.deliveries.push_back({row.id, clinic->destination(), "referral_update",
                                rendered->key + "/" + sortable(row.version), rendered->media_type,
                                std::move(rendered->bytes), core.clock(), 0});
  return changes;
}

}  // namespace meridian::flow
