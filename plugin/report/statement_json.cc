// SPDX-License-Identifier: Apache-2.0
#include "report/statement_json.h"

#include "report/json.h"

namespace meridian::report {
namespace {

void write_item(Json& json, const std::string& link_id, const std::vector<std::string>& texts) {
  json.open();
  json.text("linkId", link_id);
  json.open_list("answer");
  for (const auto& text : texts) {
    json.open();
    json.text("valueString", text);
    json.close();
  }
  json.close_list();
  json.close();
}

}  // namespace

std::string statement_response(const Statement& statement) {
  Json json;
  json.open();
  json.text("resourceType", "QuestionnaireResponse");
  json.text("id", statement.id);
  json.open_list("basedOn");
  json.open();
  json.text("reference", statement.order);
  json.close();
  json.close_list();
  json.text("questionnaire", statement.questionnaire);
  json.text("status", "completed");
  json.open("subject");
  json.text("reference", statement.subject);
  json.close();
  json.text("authored", to_string(statement.authored));
  json.open("author");
  json.text("display", statement.author);
  json.close();
  json.open_list("item");
  for (const auto& [link_id, texts] : statement.items) {
    if (!texts.empty()) write_item(json, link_id, texts);
  }
  json.close_list();
  json.close();
  return json.str();
}

}  // namespace meridian::report
