// SPDX-License-Identifier: Apache-2.0
#include "flow/staff_form.h"

#include <algorithm>
#include <set>

#include "flow/page_message.h"
#include "flow/stored_json.h"
#include "report/screening_json.h"
#include "routing/standing.h"

namespace meridian::flow {
namespace {

constexpr std::string_view form_door = "staff-form";

bool has_door(const rapidjson::Value& entry, std::string_view door) {
  const auto doors = texts_in(entry, "doors");
  return std::find(doors.begin(), doors.end(), door) != doors.end();
}

/// Ids of the questions that a stored assessment misses and a form may answer; none when none of
/// them holds the referral, for then a form would help nobody.
std::set<std::string> missing_in(const std::string& assessment) {
  std::set<std::string> ids;
  const auto json = parsed(assessment);
  const auto* missing = list_in(json, "missing");
  if (missing == nullptr) return ids;
  bool holds = false;
  for (const auto& entry : missing->GetArray()) {
    if (!has_door(entry, form_door)) continue;
    ids.insert(text_in(entry, "question"));
    const auto blocks = entry.FindMember("blocksAcupuncture");
    holds = holds || (blocks != entry.MemberEnd() && blocks->value.IsTrue());
  }
  return holds ? ids : std::set<std::string>();
}

/// The answers to questions that are open, in the order of the rule book, each question once.
std::vector<std::pair<std::string, std::string>> values_for(
    const std::vector<OpenQuestion>& questions, const FormAnswers& answers) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& question : questions) {
    const auto given = std::find_if(answers.values.begin(), answers.values.end(),
                                    [&](const auto& each) { return each.first == question.id; });
    if (given != answers.values.end()) values.push_back(*given);
  }
  return values;
}

}  // namespace

bool is_form_message(std::string_view sender_id) {
  return sender_id.starts_with(form_page);
}

std::vector<OpenQuestion> open_questions(const Core& core, const store::ReferralRow& row) {
  std::vector<OpenQuestion> open;
  if (row.state != routing::state_name(routing::State::held)) return open;
  const auto missing = missing_in(row.assessment);
  for (const auto& question : core.rules.screening) {
    if (missing.contains(question.id)) open.push_back({question.id, question.text});
  }
  return open;
}

Result<Instant> form_issued_at(const Core& core, const store::ReferralRow& before,
                               const std::vector<std::string>& reasons) {
  const auto now = core.clock();
  const auto decision = parsed(before.decision);
  const auto issued = parse_instant(text_in(decision, "form_issued_at"));
  const bool lasts = issued && texts_in(decision, "reasons") == reasons &&
                     now < *issued + core.settings.form_life / 2;
  if (!lasts) return now;
  for (const auto page : {form_page, sign_off_page, patient_link_page}) {
    const auto sent = page_was_sent(core, page, {before.id.str(), Role::staff, *issued});
    if (!sent) return sent.error();
    if (*sent) return now;
  }
  return *issued;
}

std::optional<FormTicket> current_form(const Core& core, const store::ReferralRow& row) {
  const auto issued = parse_instant(text_in(parsed(row.decision), "form_issued_at"));
  if (!issued || open_questions(core, row).empty()) return std::nullopt;
  return FormTicket{row.id.str(), Role::staff, *issued};
}

Result<FormView> look_at_form(const Core& core, const FormTicket& ticket) {
  const auto row = referral_of(core, ticket);
  if (!row) return row.error();
  const auto sent = page_was_sent(core, form_page, ticket);
  if (!sent) return sent.error();
  if (*sent) return FormView{FormState::sent, {}, {}, false};
  auto questions = open_questions(core, *row);
  if (questions.empty()) return FormView{FormState::settled, {}, {}, false};
  return FormView{FormState::open, row->order_ref, std::move(questions), false};
}

Result<FormView> send_form(const Core& core, Inlet& inlet, const FormTicket& ticket,
                           const FormAnswers& answers) {
  auto view = look_at_form(core, ticket);
  if (!view || view->state != FormState::open) return view;
  const auto row = referral_of(core, ticket);
  if (!row) return row.error();
  const auto values = values_for(view->questions, answers);
  if (values.empty()) return Error{ErrorCode::invalid, "form", "no open question is answered"};
  const auto id = page_id(form_page, ticket);
  const auto sent = submit_page(
      core, inlet, form_page, ticket,
      report::screening_response({id, row->patient_ref, answers.by, core.clock(), values}));
  if (!sent) return sent.error();
  const auto after = referral_of(core, ticket);
  if (!after) return after.error();
  const bool emergency = after->state == routing::state_name(routing::State::emergency);
  return FormView{FormState::sent, {}, {}, emergency};
}

}  // namespace meridian::flow
