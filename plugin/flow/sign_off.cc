// SPDX-License-Identifier: Apache-2.0
#include "flow/sign_off.h"

#include <algorithm>

#include "flow/page_message.h"
#include "flow/statements.h"
#include "flow/stored_json.h"
#include "report/episode_json.h"
#include "report/statement_json.h"
#include "routing/standing.h"

namespace meridian::flow {
namespace {

constexpr std::string_view rule_item = "rule.";

/// For an assessment that nothing in time limits. Site content gives no figure; a month is
/// cautious.
constexpr std::chrono::hours longest_sign_off{30 * 24};

SignOff sign_off_of(const Statement& statement) {
  SignOff sign_off;
  sign_off.by = statement.by;
  sign_off.role = statement.text("role");
  sign_off.reason = statement.text("reason");
  sign_off.at = statement.at.value_or(Instant());
  sign_off.until = parse_instant(statement.text("until")).value_or(sign_off.at);
  for (const auto& [name, texts] : statement.items) {
    if (!name.starts_with(rule_item) || texts.empty()) continue;
    sign_off.covers.push_back(
        {name.substr(rule_item.size()), texts.front(), {texts.begin() + 1, texts.end()}});
  }
  return sign_off;
}

bool any_signable(const std::vector<HoldLine>& holds) {
  return std::any_of(holds.begin(), holds.end(), [](const auto& hold) { return hold.signable; });
}

/// Each ticked rule with severity and evidence, as a sign-off's items.
report::Statement statement_of(const store::ReferralRow& row, const SignOffGiven& given,
                               const std::vector<HoldLine>& holds, Instant now) {
  report::Statement statement;
  statement.questionnaire = sign_off_questionnaire;
  statement.subject = row.patient_ref;
  statement.order = row.order_ref;
  statement.author = given.by;
  statement.authored = now;
  const auto until = report::valid_until_of(row.assessment).value_or(now + longest_sign_off);
  statement.items = {
      {"role", {given.role}}, {"reason", {given.reason}}, {"until", {to_string(until)}}};
  for (const auto& hold : holds) {
    const auto& ticked = given.rules;
    if (!hold.signable || std::find(ticked.begin(), ticked.end(), hold.rule) == ticked.end()) {
      continue;
    }
    std::vector<std::string> texts = {hold.severity};
    texts.insert(texts.end(), hold.evidence.begin(), hold.evidence.end());
    statement.items.emplace_back(std::string(rule_item) + hold.rule, std::move(texts));
  }
  return statement;
}

}  // namespace

std::vector<HoldLine> holds_in(const std::string& decision) {
  std::vector<HoldLine> holds;
  const auto json = parsed(decision);
  const auto* list = list_in(json, "holds");
  if (list == nullptr) return holds;
  for (const auto& entry : list->GetArray()) {
    holds.push_back({text_in(entry, "rule"), text_in(entry, "severity"), text_in(entry, "text"),
                     text_in(entry, "source"), texts_in(entry, "evidence"),
                     flag_in(entry, "signable"), text_in(entry, "way")});
  }
  return holds;
}

std::vector<SignOff> sign_offs_in(const std::vector<store::EventRow>& events) {
  std::vector<SignOff> sign_offs;
  for (const auto& event : events) {
    if (event.kind != routing::event_name(routing::EventKind::signed_off)) continue;
    sign_offs.push_back(sign_off_of(read_statement(event.detail)));
  }
  return sign_offs;
}

void write_holds(report::Json& json, const std::vector<Hold>& holds, const RuleBook& rules) {
  json.open_list("holds");
  for (const auto& hold : holds) {
    const auto source = rules.sources.find(hold.entry.source);
    json.open();
    json.text("rule", hold.entry.rule);
    json.text("severity", hold.severity);
    json.text("text", hold.entry.text);
    json.text("source", source == rules.sources.end() ? hold.entry.source : source->second.title);
    json.list("evidence", hold.entry.evidence);
    json.flag("signable", hold.signable);
    json.text("way", hold.way);
    json.close();
  }
  json.close_list();
}

std::optional<FormTicket> current_sign_off(const store::ReferralRow& row) {
  const auto issued = parse_instant(text_in(parsed(row.decision), "form_issued_at"));
  const bool held = row.state == routing::state_name(routing::State::held);
  if (!issued || !held || !any_signable(holds_in(row.decision))) return std::nullopt;
  return FormTicket{row.id.str(), Role::clinician, *issued};
}

Result<SignOffView> look_at_sign_off(const Core& core, const FormTicket& ticket) {
  const auto row = referral_of(core, ticket);
  if (!row) return row.error();
  const auto sent = page_was_sent(core, sign_off_page, ticket);
  if (!sent) return sent.error();
  if (*sent) return SignOffView{FormState::sent, {}, {}};
  if (!current_sign_off(*row)) return SignOffView{FormState::settled, {}, {}};
  return SignOffView{FormState::open, row->order_ref, holds_in(row->decision)};
}

Result<SignOffView> give_sign_off(const Core& core, Inlet& inlet, const FormTicket& ticket,
                                  const SignOffGiven& given) {
  auto view = look_at_sign_off(core, ticket);
  if (!view || view->state != FormState::open) return view;
  const auto row = referral_of(core, ticket);
  if (!row) return row.error();
  auto statement = statement_of(*row, given, view->holds, core.clock());
  constexpr std::size_t without_rules = 3;
  if (statement.items.size() == without_rules) {
    return Error{ErrorCode::invalid, "sign-off", "nothing that can be signed was chosen"};
  }
  statement.id = page_id(sign_off_page, ticket);
  const auto sent =
      submit_page(core, inlet, sign_off_page, ticket, report::statement_response(statement));
  if (!sent) return sent.error();
  return SignOffView{FormState::sent, row->order_ref, {}};
}

}  // namespace meridian::flow
