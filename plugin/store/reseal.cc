// SPDX-License-Identifier: Apache-2.0
#include "store/reseal.h"

namespace meridian::store {
namespace {

std::string parameter(const KeyPart& part, int number) {
  const auto text = "$" + std::to_string(number);
  return part.number ? "CAST(" + text + " AS BIGINT)" : text;
}

/// The tables that both databases have with one key.
std::vector<SealedPlace> places_of_both() {
  const std::vector<KeyPart> number{{"number", true}};
  return {{sealed::message_answer, "messages", number},
          {sealed::message_issues, "messages", number},
          {sealed::referral_hidden, "referrals", number},
          {sealed::event_detail, "events", {{"referral", false}, {"number", true}}, 1, {0}},
          {sealed::work_detail, "dead_works", number},
          {sealed::person_hidden, "people", {{"id", false}}, -1, {0}}};
}

}  // namespace

std::vector<SealedPlace> sqlite_places() {
  auto places = places_of_both();
  const std::vector<KeyPart> number{{"number", true}};
  places.push_back({sealed::message_body, "messages", number});
  places.push_back({sealed::facts_history, "facts", number});
  places.push_back({sealed::facts_body, "facts", number});
  places.push_back({sealed::delivery_body, "delivery_bodies", number});
  places.push_back({sealed::work_detail, "works", {{"due", true}, {"number", true}}, 1});
  places.push_back({sealed::delivery_receipt,
                    "deliveries",
                    {{"referral", false}, {"destination", false}, {"number", true}},
                    2});
  places.push_back({sealed::cursor_value, "cursors", {{"number", true}}});
  return places;
}

std::vector<SealedPlace> postgres_places() {
  auto places = places_of_both();
  const std::vector<KeyPart> in_parts{{"number", true}, {"at", true}};
  places.push_back({sealed::message_body, "message_bodies", in_parts});
  places.push_back({sealed::facts_history, "fact_bodies", in_parts});
  places.push_back({sealed::facts_body, "fact_bodies", in_parts});
  places.push_back({sealed::delivery_body, "delivery_bodies", in_parts});
  places.push_back({sealed::work_detail, "works", {{"number", true}}});
  places.push_back({sealed::delivery_receipt, "deliveries", {{"number", true}}});
  places.push_back(
      {sealed::cursor_value, "cursors", {{"source", false}, {"name", false}}, -1, {0, 1}});
  return places;
}

ResealTexts::ResealTexts(const SealedPlace& place) {
  const std::string column(place.column.column);
  std::string shown;
  std::string names;
  std::string after;
  std::string where;
  int number = 0;
  for (const auto& part : place.key) {
    const char* comma = number == 0 ? "" : ", ";
    ++number;
    shown += "CAST(" + std::string(part.name) + " AS TEXT), ";
    // With its table: PostgreSQL takes a bare name in ORDER BY for the text that is selected.
    names += comma + std::string(place.table) + "." + part.name;
    after += comma + parameter(part, number);
    where += std::string(number == 1 ? "" : " AND ") + part.name + " = " +
             parameter(part, number + 1);  // the value is the first
  }
  const std::string table(place.table);
  page_name_ = "reseal_page_" + table + "_" + column;
  page_ = "SELECT " + shown + column + " FROM " + table + " WHERE (" + names + ") > (" + after +
          ") AND " + column + " <> '' ORDER BY " + names + " LIMIT 256";
  put_name_ = "reseal_put_" + table + "_" + column;
  put_ = "UPDATE " + table + " SET " + column + " = $1 WHERE " + where;
}

RowKey row_key(const SealedPlace& place, const SealedValue& value, std::string& scope) {
  for (const int part : place.scope) {
    if (part != place.scope.front()) scope.push_back('\0');
    scope += value.key[static_cast<std::size_t>(part)];
  }
  if (place.number < 0) return {0, scope};
  return {std::atoll(value.key[static_cast<std::size_t>(place.number)].c_str()), scope};
}

}  // namespace meridian::store
