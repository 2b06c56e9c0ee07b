// SPDX-License-Identifier: Apache-2.0
#include "report/course_json.h"

namespace meridian::report {
namespace {

void write_entry(Json& json, const Entry& entry) {
  json.text("rule", entry.rule);
  json.text("source", entry.source);
  json.text("text", entry.text);
  json.list("evidence", entry.evidence);
}

void write_day(Json& json, std::string_view key, const std::optional<Day>& day) {
  json.text_or_null(key, day ? to_string(*day) : "");
}

void write_number(Json& json, std::string_view key, const std::optional<int>& number) {
  number ? json.number(key, *number) : json.text_or_null(key, "");
}

template <typename T, typename Write>
void write_list(Json& json, std::string_view key, const std::vector<T>& items, const Write& write) {
  json.open_list(key);
  for (const auto& item : items) {
    json.open();
    write(item);
    json.close();
  }
  json.close_list();
}

void write_check_points(Json& json, const Course& course) {
  write_list(json, "checkPoints", course.check_points, [&](const CheckPoint& point) {
    write_entry(json, point);
    json.text("state", point.state);
    write_day(json, "on", point.on);
    json.text_or_null("reachedBy", point.reached_by);
    json.text_or_null("response", point.response);
    json.text_or_null("action", point.action);
  });
}

void write_scores(Json& json, const Course& course) {
  write_list(json, "scores", course.scores, [&](const ScoreChange& change) {
    write_entry(json, change);
    json.text("state", change.state);
    json.text_or_null("baseline", change.baseline);
    json.text_or_null("now", change.now);
    json.flag("primary", change.primary);
  });
}

void write_decision(Json& json, const CourseDecision& decision) {
  json.open("decision");
  json.text("to", decision.to);
  json.text("otherwise", decision.otherwise);
  if (decision.row) {
    json.open("row");
    write_entry(json, *decision.row);
    json.close();
  } else {
    json.text_or_null("row", "");
  }
  write_list(json, "open", decision.open, [&](const CourseDecision::Open& open) {
    write_entry(json, open);
    json.text("to", open.to);
    json.list("asks", open.asks);
  });
  json.close();
}

void write_prepared(Json& json, const PreparedReturn& prepared) {
  json.open("prepared");
  json.text("service", prepared.service);
  json.text("urgency", prepared.urgency);
  json.text("reason", prepared.reason);
  json.list("records", prepared.records);
  json.text("release", "by a named person; nothing sends it by itself");
  json.close();
}

}  // namespace

void write_course(Json& json, const std::optional<Course>& course) {
  if (!course) return json.text_or_null("course", "");
  json.open("course");
  json.text("began", to_string(course->began));
  json.number("visits", course->visits);
  json.number("day", course->day);
  json.text("response", course->response);
  json.text("action", course->action);
  json.list("evidence", course->evidence);
  write_check_points(json, *course);
  write_scores(json, *course);
  write_list(json, "holds", course->holds, [&](const Entry& hold) { write_entry(json, hold); });
  write_list(json, "adverseEvents", course->adverse_events, [&](const AdverseEvent& event) {
    write_entry(json, event);
    json.text("grade", event.grade);
    json.text_or_null("on", event.on);
  });
  course->decision ? write_decision(json, *course->decision) : json.text_or_null("decision", "");
  course->prepared ? write_prepared(json, *course->prepared) : json.text_or_null("prepared", "");
  json.close();
}

void write_ledger(Json& json, const std::optional<VisitLedger>& ledger) {
  if (!ledger) return json.text_or_null("ledger", "");
  json.open("ledger");
  json.number("used", ledger->used);
  json.number("scheduled", ledger->scheduled);
  json.list("evidence", ledger->evidence);
  json.list("unaccounted", ledger->unaccounted);
  write_list(json, "allowances", ledger->allowances, [&](const Allowance& allowance) {
    write_entry(json, allowance);
    json.text("status", allowance.status);
    write_number(json, "authorised", allowance.authorised);
    write_number(json, "limit", allowance.limit);
    json.number("used", allowance.used);
    write_number(json, "remaining", allowance.remaining);
    write_number(json, "remainingIfImproving", allowance.remaining_if_improving);
    write_day(json, "phaseUntil", allowance.phase_until);
    write_day(json, "yearUntil", allowance.year_until);
    write_list(json, "booked", allowance.booked, [&](const BookedVisit& visit) {
      json.text("ref", visit.ref);
      json.text("day", to_string(visit.day));
      json.number("number", visit.number);
      json.text("status", visit.status);
    });
  });
  json.close();
}

}  // namespace meridian::report
