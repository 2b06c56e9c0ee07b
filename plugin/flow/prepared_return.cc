// SPDX-License-Identifier: Apache-2.0
#include "flow/prepared_return.h"

#include <algorithm>
#include <array>
#include <utility>

#include "flow/earlier.h"
#include "flow/identity.h"
#include "flow/page_message.h"
#include "flow/reflect_work.h"
#include "flow/statements.h"
#include "flow/stored_json.h"
#include "model/rulebook.h"
#include "report/statement_json.h"
#include "routing/standing.h"

namespace meridian::flow {
namespace {

using routing::EventKind;

constexpr std::string_view snomed = "http://snomed.info/sct";
constexpr const char* asked_for = "Spine surgeon's opinion after a course of acupuncture";

/// One that waits, as the stored assessment has it.
struct Waiting {
  std::string row;  ///< of the decision table: D4
  std::string key;  ///< row, urgency and course: what a decision is about
  PreparedReturnView view;
};

std::string key_of(const std::string& row, const std::string& urgency, const std::string& began) {
  return row + "|" + urgency + "|" + began;
}

const rapidjson::Value* object_in(const rapidjson::Value& json, const char* name) {
  if (!json.IsObject()) return nullptr;
  const auto found = json.FindMember(name);
  return found != json.MemberEnd() && found->value.IsObject() ? &found->value : nullptr;
}

/// The words of each entry of a list, with its grade where it has one.
std::vector<std::string> words_in(const rapidjson::Value& json, const char* name) {
  std::vector<std::string> words;
  const auto* list = list_in(json, name);
  if (list == nullptr) return words;
  for (const auto& entry : list->GetArray()) {
    const auto grade = text_in(entry, "grade");
    words.push_back(text_in(entry, "text") + (grade.empty() ? "" : " (" + grade + ")"));
  }
  return words;
}

std::optional<Waiting> waiting_in(const std::string& assessment) {
  const auto json = parsed(assessment);
  const auto* course = object_in(json, "course");
  const auto* prepared = course == nullptr ? nullptr : object_in(*course, "prepared");
  const auto* decision = course == nullptr ? nullptr : object_in(*course, "decision");
  const auto* row = decision == nullptr ? nullptr : object_in(*decision, "row");
  if (prepared == nullptr || row == nullptr) return std::nullopt;
  const auto began = text_in(*course, "began");
  const auto visits = course->FindMember("visits");
  Waiting waiting;
  waiting.row = text_in(*row, "rule");
  auto& view = waiting.view;
  view.urgency = text_in(*prepared, "urgency");
  view.reason = text_in(*prepared, "reason");
  view.course = "since " + began;
  if (visits != course->MemberEnd() && visits->value.IsInt()) {
    view.course += ", visits: " + std::to_string(visits->value.GetInt());
  }
  view.course += ", outcome: " + text_in(*course, "response");
  view.scores = words_in(*course, "scores");
  view.events = words_in(*course, "adverseEvents");
  view.records = texts_in(*prepared, "records");
  waiting.key = key_of(waiting.row, view.urgency, began);
  return waiting;
}

bool is_with_clinic(const store::ReferralRow& row) {
  using routing::State;
  constexpr std::array states = {State::delivered, State::accepted, State::scheduled,
                                 State::in_course};
  return std::any_of(states.begin(), states.end(),
                     [&](State state) { return row.state == routing::state_name(state); });
}

bool is_decision(const store::EventRow& event) {
  const auto kind = routing::event_named(event.kind);
  return kind == EventKind::return_released || kind == EventKind::return_dismissed;
}

Result<bool> is_decided(const Core& core, const ReferralId& id, const std::string& key) {
  const auto events = core.store.events(id);
  if (!events) return events.error();
  return std::any_of(events->begin(), events->end(), [&](const store::EventRow& event) {
    return is_decision(event) && read_statement(event.detail).text("key") == key;
  });
}

report::Statement statement_of(const store::ReferralRow& row, const Waiting& waiting,
                               const PreparedReturnGiven& given, Instant now) {
  const auto& view = waiting.view;
  report::Statement statement;
  statement.questionnaire = prepared_return_questionnaire;
  statement.subject = row.patient_ref;
  statement.order = row.order_ref;
  statement.author = given.by;
  statement.authored = now;
  statement.items = {
      {"role", {given.role}},      {"key", {waiting.key}},  {"row", {waiting.row}},
      {"urgency", {view.urgency}}, {"why", {view.reason}},  {"course", {view.course}},
      {"scores", view.scores},     {"events", view.events}, {"records", view.records}};
  if (!given.reason.empty()) statement.items.push_back({"reason", {given.reason}});
  if (given.dismissed) statement.items.push_back({"dismissed", {"yes"}});
  return statement;
}

std::vector<std::string> texts_of(const Statement& said, std::string_view name) {
  for (const auto& [item, texts] : said.items) {
    if (item == name) return texts;
  }
  return {};
}

std::string released_by(const Statement& said) {
  return said.by + ", " + said.text("role");
}

/// The order for the surgeon, as a named person released it.
ServiceRequest order_of(const Core& core, const Statement& said) {
  ServiceRequest order;
  order.status = "active";
  order.intent = "order";
  order.priority = said.text("urgency");
  if (auto code = core.terminology.code_for("referral-service", snomed, "spine_surgery")) {
    order.code.codings.push_back({std::string(snomed), std::move(*code), {}});
  }
  order.code.text = asked_for;
  order.authored = {to_string(said.at.value_or(Instant())), Precision::instant};
  order.requester.display = released_by(said);
  order.reason_codes.push_back({{}, said.text("why")});
  for (const auto& ref : texts_of(said, "records")) {
    order.supporting_info.emplace_back();
    order.supporting_info.back().written = order.supporting_info.back().target = ref;
  }
  auto& notes = order.notes.reveal();
  notes.push_back("Course of acupuncture " + said.text("course"));
  for (const auto& score : texts_of(said, "scores")) notes.push_back("Score: " + score);
  for (const auto& event : texts_of(said, "events")) notes.push_back("Adverse event: " + event);
  if (const auto reason = said.text("reason"); !reason.empty()) notes.push_back(reason);
  return order;
}

/// The whole of it in words, for a record that takes no orders and for people.
std::string words_of(const ServiceRequest& order, const Statement& said) {
  std::string words = "Referral to a spine surgeon (" + order.priority + "), released by " +
                      released_by(said) + ". Reason: " + said.text("why") + ".";
  for (const auto& note : order.notes.reveal()) words += " " + note + ".";
  const auto records = texts_of(said, "records");
  for (const auto& ref : records) words += (&ref == records.data() ? " Records: " : ", ") + ref;
  return words;
}

Result<std::optional<Statement>> last_release(const Core& core, const ReferralId& id) {
  const auto events = core.store.events(id);
  if (!events) return events.error();
  std::optional<Statement> last;
  for (const auto& event : *events) {
    if (routing::event_named(event.kind) == EventKind::return_released) {
      last = read_statement(event.detail);
    }
  }
  return last;
}

}  // namespace

Result<std::string> offer_return(const Core& core, const ReferralId& id,
                                 const std::optional<Course>& course, Basis& basis) {
  const auto before = basis.return_offered_at;
  const auto offered = std::exchange(basis.return_offered, {});
  basis.return_offered_at.reset();
  if (!course || !course->prepared || !course->decision || !course->decision->row) return {""};
  const auto& prepared = *course->prepared;
  const auto key = key_of(course->decision->row->rule, prepared.urgency, to_string(course->began));
  const auto decided = is_decided(core, id, key);
  if (!decided) return decided.error();
  if (*decided) return {""};
  const auto now = core.clock();
  const bool lasts = before && offered == key && now < *before + core.settings.form_life / 2;
  basis.return_offered = key;
  basis.return_offered_at = lasts ? *before : now;
  if (lasts) return {""};
  return "A referral to a spine surgeon (" + prepared.urgency +
         ") is prepared and waits for a named person to release it: " + prepared.reason + ".";
}

std::optional<FormTicket> current_return(const store::ReferralRow& row) {
  const auto basis = read_basis(row.decision);
  if (!basis.return_offered_at || !is_with_clinic(row)) return std::nullopt;
  return FormTicket{row.id.str(), Role::clinician, *basis.return_offered_at};
}

Result<PreparedReturnView> look_at_return(const Core& core, const FormTicket& ticket) {
  const auto row = referral_of(core, ticket);
  if (!row) return row.error();
  const auto sent = page_was_sent(core, return_page, ticket);
  if (!sent) return sent.error();
  if (*sent) return PreparedReturnView{FormState::sent};
  auto waiting = waiting_in(row->assessment);
  if (!waiting || !current_return(*row)) return PreparedReturnView{FormState::settled};
  const auto decided = is_decided(core, row->id, waiting->key);
  if (!decided) return decided.error();
  if (*decided) return PreparedReturnView{FormState::settled};
  waiting->view.order = row->order_ref;
  return std::move(waiting->view);
}

Result<PreparedReturnView> give_return(const Core& core, Inlet& inlet, const FormTicket& ticket,
                                       const PreparedReturnGiven& given) {
  auto view = look_at_return(core, ticket);
  if (!view || view->state != FormState::open) return view;
  const auto row = referral_of(core, ticket);
  if (!row) return row.error();
  const auto waiting = waiting_in(row->assessment);
  if (!waiting) return PreparedReturnView{FormState::settled};
  auto statement = statement_of(*row, *waiting, given, core.clock());
  statement.id = page_id(return_page, ticket);
  const auto sent =
      submit_page(core, inlet, return_page, ticket, report::statement_response(statement));
  if (!sent) return sent.error();
  return PreparedReturnView{FormState::sent, row->order_ref};
}

Result<store::Changes> send_return(const Core& core, const store::WorkItem& item) {
  const auto found = core.store.referral(item.referral);
  if (!found) return found.error();
  const auto said = last_release(core, item.referral);
  if (!said) return said.error();
  store::Changes changes;
  if (!*found || !*said) return changes;
  const auto& row = **found;
  const auto* surgeon = core.peers.find(row.source.str());
  if (surgeon == nullptr || !surgeon->renderer || !surgeon->sender) {
    return Error{ErrorCode::misconfigured, "return", "the surgeon's side takes no letters"};
  }
  auto order = order_of(core, **said);
  Letter letter;
  letter.kind = Letter::Kind::prepared_return;
  letter.referral_id = row.id.str();
  if (auto addressed = address_to_origin(core, row, letter); !addressed) return addressed.error();
  letter.task_status = task_status_of(row.state);
  letter.business_status = row.state;
  letter.reason = words_of(order, **said);
  letter.urgent = order.priority != "routine";
  letter.records = {};
  letter.records.service_requests.push_back(std::move(order));
  const auto* clinic = core.peers.find(row.destination.str());
  letter.sender_name = clinic != nullptr ? clinic->name : "";
  letter.receiver_name = surgeon->name;
  auto earlier = earlier_message(core, row, *surgeon);
  if (!earlier) return earlier.error();
  letter.earlier = std::move(*earlier);
  letter.at = core.clock();
  letter.wall = core.settings.clocks.calendar().wall();
  auto rendered = observed(core.stages, Stage::render,
                           [&] { return surgeon->renderer->render(letter, surgeon->profile); });
  if (!rendered) return rendered.error();
  const auto key = rendered->key + "/return/" + to_string((*said)->at.value_or(Instant()));
  changes.deliveries.push_back({row.id, surgeon->destination(), "prepared_return", key,
                                rendered->media_type, std::move(rendered->bytes), core.clock(), 0});
  changes.audits.push_back({"ReferralReturned", surgeon->id, row.id.str(), "success"});
  return changes;
}

}  // namespace meridian::flow
