// SPDX-License-Identifier: Apache-2.0
#include "flow/statements.h"

#include <algorithm>

#include "flow/stored_json.h"
#include "model/rulebook.h"
#include "report/json.h"

namespace meridian::flow {

using routing::EventKind;

std::optional<EventKind> stated(const QuestionnaireResponse& response) {
  if (response.questionnaire == sign_off_questionnaire) return EventKind::signed_off;
  const auto says = [&](std::string_view name) {
    return std::any_of(response.items.begin(), response.items.end(),
                       [&](const auto& item) { return item.link_id == name; });
  };
  if (response.questionnaire == prepared_return_questionnaire) {
    return says("dismissed") ? EventKind::return_dismissed : EventKind::return_released;
  }
  if (response.questionnaire != patient_link_questionnaire) return std::nullopt;
  return says("take-back") ? EventKind::patient_unlinked : EventKind::patient_linked;
}

std::string Statement::text(std::string_view name) const {
  for (const auto& [item, texts] : items) {
    if (item == name && !texts.empty()) return texts.front();
  }
  return {};
}

std::string statement_detail(const QuestionnaireResponse& response) {
  report::Json json;
  json.open();
  json.text("by", response.author.display);
  const auto at = response.authored.instant();
  json.text("at", at ? to_string(*at) : "");
  json.open_list("items");
  for (const auto& item : response.items) {
    json.open();
    json.text("name", item.link_id);
    json.list("texts", item.values);
    json.close();
  }
  json.close_list();
  json.close();
  return json.str();
}

Statement read_statement(const std::string& detail) {
  const auto json = parsed(detail);
  Statement statement{text_in(json, "by"), parse_instant(text_in(json, "at")), {}};
  const auto* items = list_in(json, "items");
  if (items == nullptr) return statement;
  for (const auto& item : items->GetArray()) {
    statement.items.emplace_back(text_in(item, "name"), texts_in(item, "texts"));
  }
  return statement;
}

}  // namespace meridian::flow
