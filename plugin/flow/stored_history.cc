// SPDX-License-Identifier: Apache-2.0
#include "flow/stored_history.h"

#include "flow/stored_json.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

Completeness completeness_named(const std::string& name) {
  for (const auto each : {Completeness::complete, Completeness::partial, Completeness::failed,
                          Completeness::withheld}) {
    if (name == completeness_name(each)) return each;
  }
  return Completeness::not_asked;
}

}  // namespace

std::string history_json(const History& history) {
  report::Json json;
  json.open();
  json.open_list("history");
  for (const auto& query : history) {
    json.open();
    json.text("kind", query.kind);
    json.text("completeness", completeness_name(query.completeness));
    json.text_or_null("at", query.at ? to_string(*query.at) : "");
    json.text("detail", query.detail);
    json.close();
  }
  json.close_list();
  json.close();
  return json.str();
}

History read_history(const std::string& json) {
  History history;
  const auto read = parsed(json);
  const auto* list = list_in(read, "history");
  if (list == nullptr) return history;
  for (const auto& query : list->GetArray()) {
    history.push_back({text_in(query, "kind"), completeness_named(text_in(query, "completeness")),
                       parse_instant(text_in(query, "at")), text_in(query, "detail")});
  }
  return history;
}

}  // namespace meridian::flow
