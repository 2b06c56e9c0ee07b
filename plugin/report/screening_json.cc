// SPDX-License-Identifier: Apache-2.0
#include "report/screening_json.h"

#include "model/rulebook.h"
#include "report/json.h"

namespace meridian::report {
namespace {

/// Source: http://hl7.org/fhir/R4/extension-data-absent-reason.html
constexpr const char* absent_reason = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

void write_absent(Json& json) {
  json.open("_valueBoolean");
  json.open_list("extension");
  json.open();
  json.text("url", absent_reason);
  json.text("valueCode", "asked-unknown");
  json.close();
  json.close_list();
  json.close();
}

void write_item(Json& json, const std::string& question, const std::string& value) {
  json.open();
  json.text("linkId", question);
  json.open_list("answer");
  json.open();
  if (value == "yes" || value == "no") {
    json.flag("valueBoolean", value == "yes");
  } else {
    write_absent(json);
  }
  json.close();
  json.close_list();
  json.close();
}

}  // namespace

std::string screening_response(const TypedAnswers& typed) {
  Json json;
  json.open();
  json.text("resourceType", "QuestionnaireResponse");
  json.text("id", typed.id);
  json.text("questionnaire", screening_questionnaire);
  json.text("status", "completed");
  json.open("subject");
  json.text("reference", typed.subject);
  json.close();
  json.text("authored", to_string(typed.authored));
  json.open("author");
  json.text("display", typed.author);
  json.close();
  json.open_list("item");
  for (const auto& [question, value] : typed.values) write_item(json, question, value);
  json.close_list();
  json.close();
  return json.str();
}

}  // namespace meridian::report
