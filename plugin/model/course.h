// SPDX-License-Identifier: Apache-2.0
// How a course of acupuncture goes, and how many visits are left: two parts of an assessment.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/entry.h"
#include "model/values.h"

namespace meridian {

/// One measure now against its baseline.
struct ScoreChange : Entry {  ///< rule: the instrument; evidence: baseline, then now
  std::string state;          ///< improved, unchanged, worse, not_measured
  std::string baseline;       ///< as written; empty when there is none
  std::string now;            ///< as written; empty when there is none
  bool primary = false;
};

struct CheckPoint : Entry {  ///< rule: K1 ...
  std::string state;         ///< ahead, due (reached, not measured), done, missed
  std::optional<Day> on;     ///< reached on; ahead: at the latest
  std::string reached_by;    ///< visit, day; empty while it is ahead
  std::string response;      ///< improved, unchanged, worse, not_measured; empty while ahead
  std::string action;        ///< what the response leads to; empty while ahead
};

struct AdverseEvent : Entry {  ///< rule: "adverse"
  std::string grade;           ///< mild, moderate, serious, not_graded
  std::string on;              ///< as written
};

/// What the decision table says.
struct CourseDecision {
  /// A row that could not be decided, with what would decide it.
  struct Open : Entry {
    std::string to;
    std::vector<std::string> asks;  ///< in words
  };
  std::string to;            ///< AfterFailureRule::to, or "ask" while an earlier row is open
  std::optional<Entry> row;  ///< the first row that holds
  std::string otherwise;     ///< where the row leads when every open one is answered no
  std::vector<Open> open;    ///< rows before it
};

/// A referral to the surgeon, ready for a named person to release. Nothing sends it by itself.
struct PreparedReturn {
  std::string service;               ///< spine_surgery
  std::string urgency;               ///< routine, urgent
  std::string reason;                ///< for people
  std::vector<std::string> records;  ///< refs of its packet
};

struct Course {
  Day began;
  int visits = 0;  ///< days of service in this course
  int day = 0;     ///< days since it began
  std::vector<std::string> evidence;
  std::vector<CheckPoint> check_points;
  std::vector<ScoreChange> scores;  ///< of the last check point reached, else as they are now
  std::string response;             ///< improved, unchanged, worse, not_measured, too_early
  std::string action;  ///< continue, measure, reopen_diagnosis, hold, decision_table, end
  std::vector<AdverseEvent> adverse_events;
  std::vector<Entry> holds;  ///< what holds it for a person
  std::optional<CourseDecision> decision;
  std::optional<PreparedReturn> prepared;
};

/// A visit that is booked, judged on what is known today.
struct BookedVisit {
  std::string ref;
  Day day;
  int number = 0;      ///< counted within the limit
  std::string status;  ///< covered, uncertain, not_covered, unknown
};

/// What one programme, plan or authorisation leaves.
struct Allowance : Entry {  ///< rule: id of the programme, or "authorization"; text: what is said
                            ///< before the next visit
  std::string status;       ///< of the next visit: covered, uncertain, not_covered, unknown
  std::optional<int> authorised;  ///< granted by the payer for this order
  std::optional<int> limit;       ///< what the programme allows without further conditions
  int used = 0;                   ///< known to us, within what is counted
  std::optional<int> remaining;   ///< covered as things stand
  std::optional<int> remaining_if_improving;
  std::optional<Day> phase_until;  ///< last day of the first phase, or of the authorisation
  std::optional<Day> year_until;   ///< last day on which the oldest visit of the year counts
  std::vector<BookedVisit> booked;
};

/// Counted by day of service, over all clinics that we know of.
struct VisitLedger {
  int used = 0;                          ///< on record at all
  int scheduled = 0;                     ///< booked from now on
  std::vector<std::string> evidence;     ///< of the visits that were used
  std::vector<std::string> unaccounted;  ///< booked for a day that is past, nothing says more
  std::vector<Allowance> allowances;
};

}  // namespace meridian
