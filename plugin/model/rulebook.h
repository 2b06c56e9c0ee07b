// SPDX-License-Identifier: Apache-2.0
// The clinical rule content of fhir-profiles/rules in memory. Plain values; pathway/ applies them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/course_rules.h"
#include "model/imaging_vocabulary.h"

namespace meridian {

/// An answer that fires a rule.
struct RuleAnswer {
  std::string question;  ///< rf01.saddle
  std::string value;     ///< yes
  std::string effect;
};

/// When a coded record counts for a rule. `effect` of a red flag is a severity (emergency, urgent,
/// routine, hold, modifier) or `ask`: hold until every screening question of the rule has a fresh
/// no, a modifier afterwards. `effect` of a contraindication is empty for the rule's own
/// severities, one severity for both modalities, or two as "manual/electro".
struct RuleCodes {
  std::vector<std::string> value_sets;  ///< Terminology names
  std::vector<std::string> records;     ///< condition, procedure, medication, allergy, imaging
  std::optional<int> window_days;       ///< counts this long after its date; empty: any time
  bool needs_date = false;              ///< undated records do not count, they ask
  bool active_only = false;             ///< clinical status active, recurrence or relapse
  int at_least = 1;                     ///< different codes needed
  bool with_back_pain = false;          ///< only beside a back-pain record in the window
  /// Not empty: only beside another record in one of these sets, at most with_window_days old.
  std::vector<std::string> with_value_sets;
  std::optional<int> with_window_days;          ///< empty: the other record may be of any time
  std::vector<std::string> seventh_characters;  ///< ICD-10-CM injuries: only these (A, B)
  std::string effect;                           ///< severity it gives: emergency, urgent, ask ...
  std::vector<std::string> ended_by;            ///< value sets: a later record of them ends it
  std::optional<int> covered_days;    ///< medications: consecutive days of supply in window_days
  std::vector<RuleAnswer> lifted_by;  ///< a fresh answer of these turns hold or ask into modifier
};

/// A measured value that fires a rule: the newest of the value sets that is no older than the
/// window and has a unit we can convert.
struct RuleMeasure {
  std::vector<std::string> value_sets;  ///< measure.temperature, measure.platelets ...
  std::optional<double> at_least;       ///< in `unit`
  std::optional<double> below;          ///< in `unit`
  std::string unit;                     ///< UCUM: Cel, 10*9/L, {INR}
  std::optional<int> window_days;
  std::string effect;  ///< as in RuleCodes
};

/// What a rule that fired becomes beside something else.
struct RuleCombination {
  std::vector<std::string> with;  ///< any of: another rule's id (RF08, AC02), or "question=value"
  std::optional<int> age_from;    ///< years; also enough by itself
  /// A record in one of these sets, at most with_window_days old, is also enough by itself.
  std::vector<std::string> with_value_sets;
  std::optional<int> with_window_days;
  std::string effect;  ///< as in RuleCodes
};

/// A finding in the narrative of an imaging report that fires a rule; negated and historical ones
/// do not, a merely possible one does. Of a red flag it holds for a person to read the report, and
/// no more: too much is misread (fhir-profiles/README.md, how well it reads).
struct RuleFinding {
  std::vector<std::string> kinds;  ///< ids of ImagingVocabulary::kinds
  std::optional<int> window_days;  ///< of the image; undated images count
  std::string effect;              ///< of a red flag: hold or modifier
};

/// An age that fires a rule by itself.
struct RuleAge {
  std::optional<int> from;   ///< years, inclusive
  std::optional<int> under;  ///< years, exclusive
  std::string effect;
};

/// A day that fires a rule: the newest final observation of the value sets whose value is a day
/// not more than `days_past` before the instant of the assessment or `days_ahead` after it.
struct RuleDue {
  std::vector<std::string> value_sets;
  int days_past = 0;
  int days_ahead = 0;
  std::vector<std::string> ended_by;  ///< value sets: a later record of them ends it
  std::string effect;                 ///< as in RuleCodes
};

/// Conservative care on record that fires a rule when the pain is still there.
struct RuleCare {
  std::vector<std::string> categories;  ///< of EpisodeProcedure
  int days = 0;                         ///< from the first session to the last, at least
  /// Scores of the episode that show improvement: of these instruments, less by this much.
  std::vector<std::string> instruments;
  int improved_percent = 0;
  std::string effect;  ///< as in RuleCodes
};

/// Who must act when a rule has one effect, and within which time.
struct RuleAct {
  std::string effect;               ///< emergency, urgent, hold, routine
  std::string who;                  ///< for people: "emergency department, spine service on call"
  std::optional<int> within_hours;  ///< 0: now; empty: no clock runs
};

/// RF01 to RF20. Source: fhir-profiles/rules/red_flags.json
struct RedFlagRule {
  std::string id;
  std::string label;
  std::string action;
  std::string source;
  std::vector<RuleCodes> codes;
  std::vector<RuleAnswer> answers;
  std::vector<RuleMeasure> measures;
  std::vector<RuleFinding> findings;
  std::vector<RuleAge> ages;
  std::vector<RuleCare> care;
  std::vector<RuleCombination> combinations;
  std::vector<RuleAct> acts;  ///< one for each effect from routine on that the rule may have
  std::string acupuncture;    ///< block, hold, caution, allowed
  std::string lane;           ///< service of the lane it opens, empty for none
  bool decidable = true;      ///< false: listed, but not decided on coded data
};

/// AC01 to AC20. Source: fhir-profiles/rules/contraindications.json
struct ContraindicationRule {
  std::string id;
  std::string label;
  std::string action;
  std::string source;
  std::string manual;  ///< absolute, relative, caution, information, none
  std::string electro;
  std::string scope;
  std::vector<RuleCodes> codes;
  std::vector<RuleAnswer> answers;
  std::vector<RuleMeasure> measures;
  std::vector<RuleFinding> findings;
  std::vector<RuleDue> dues;
  std::vector<RuleCombination> combinations;
  std::optional<int> under_age;  ///< years
  std::string with_flag;         ///< holds beside any red flag of this severity
  bool decidable = true;
};

/// One question; a required one must be answered before an acupuncture-bound referral is released.
struct ScreeningQuestion {
  std::string id;
  std::string text;
  std::string rule;
  std::string source;
  int max_age_hours = 24;
  bool required = true;  ///< false: used when answered, its absence holds nothing
  std::string gender;    ///< female, male or empty for all
  std::optional<int> age_from;
  std::optional<int> age_to;
  std::vector<std::string> answered_by_value_sets;  ///< coded records that answer it as yes
  /// Rules: the question is asked only while one of them fires by itself. Empty: of everybody.
  std::vector<std::string> beside;
  /// Kinds of history: when each of them is complete and no record fires the rule, the question
  /// needs no answer ("no anticoagulant on record"). Empty: a person must answer.
  std::vector<std::string> absence_from;
};

/// Canonical URL of our own Questionnaire, fhir-profiles/questionnaires; its linkIds are the ids of
/// the questions.
inline constexpr std::string_view screening_questionnaire =
    "http://meridian-referral.org/fhir/Questionnaire/screening";

/// Canonical URLs of what a named person states on a page of ours. Only our own pages may send
/// them.
inline constexpr std::string_view sign_off_questionnaire =
    "http://meridian-referral.org/fhir/Questionnaire/sign-off";
inline constexpr std::string_view patient_link_questionnaire =
    "http://meridian-referral.org/fhir/Questionnaire/patient-link";
inline constexpr std::string_view prepared_return_questionnaire =
    "http://meridian-referral.org/fhir/Questionnaire/prepared-return";

/// Codes by which somebody else's record answers one of our questions.
struct AnswerMap {
  std::string system;  ///< code system, or "linkId", "text" or "definition"
  std::string code;
  std::string question;
  bool inverted = false;  ///< their yes is our no
  /// Canonical URL; only answers to that questionnaire count. With "|version" only to that version.
  std::string questionnaire;
  std::string source;  ///< only records of this configured source count
};

/// One clause of a coverage programme. `test` names a function of pathway/coverage.h.
struct CoverageClause {
  std::string id;
  std::string test;
  std::string text;
  std::vector<std::string> value_sets;       ///< C1: one of them meets it; C3 to C5: fail it
  std::vector<std::string> open_value_sets;  ///< one of them leaves it to a person
  /// Its answer decides: no meets the clause, yes fails it (uncertain_with: leaves it open).
  std::string question;
  std::optional<int> days;
};

struct CoverageProgram {
  std::string id;
  std::string name;  ///< for people, without ": "; the id where the content gives none
  std::string source;
  std::vector<std::string> payer_types;  ///< codes of Coverage.type that belong to it
  std::vector<std::string> payer_names;  ///< lower-case words in the payer's name
  std::vector<CoverageClause> clauses;
  int visits = 0;  ///< first phase, counted by day; 0: not counted
  int within_days = 0;
  int yearly_visits = 0;     ///< at most so many in a year; 0: no limit
  int extension_visits = 0;  ///< after the first phase, only while the patient improves
  /// When a year begins: rolling_365 (each visit counts for 365 days), eleven_full_months (after
  /// the month of the first visit) or calendar_year.
  std::string yearly_reset = "rolling_365";
  bool stop_when_not_improving = false;  ///< from the check point on that finds it
  std::string visit_note;                ///< for people: what else the plan says of visits
};

/// What one guideline says of acupuncture in one phase of low back pain.
struct GuidelinePosition {
  std::string phase;     ///< GuidelinePhase::id
  std::string position;  ///< first, may, not_yet, not_offered
  std::string grade;     ///< how strong and how sure the guideline is, in its words
  std::string text;      ///< for people
};

/// A guideline of fhir-profiles/rules/guidelines.json. It orders care and says so; no guideline
/// touches a red flag, a contraindication, a question or coverage.
struct Guideline {
  std::string id;  ///< ACP_2017
  std::string label;
  std::string source;
  std::vector<std::string> pain_types;  ///< what it speaks of; it is silent on all others
  std::vector<GuidelinePosition> positions;
  /// What an order that the guideline does not offer meets: "state" (it is said) or "confirm" (a
  /// named person says that it is wanted all the same).
  std::string ordered;
};

/// How long the pain lasts: from the end of the phase before to below `below_days`.
struct GuidelinePhase {
  std::string id;
  std::optional<int> below_days;  ///< empty: for ever
};

/// What a receiver needs to find in a packet. Source: fhir-profiles/rules/packet.json
struct PacketElement {
  std::string id;
  std::string label;  ///< for people
  std::string source;
  std::vector<std::string> services;  ///< whose packet: acupuncture, spine_surgery, back
  /// Where it is found, any of: words of pathway/packet_needs.h.
  std::vector<std::string> found_in;
  std::vector<std::string> value_sets;  ///< a record in one of them is it too
  std::string question;                 ///< a screening question whose answer stands for it
  bool holds = false;  ///< its absence holds an acupuncture-bound referral, else it is only said
  std::string supplied_by;  ///< who can give it, for people
};

struct RuleSource {
  std::string id;
  std::string title;
  std::string url;
};

struct RuleBook {
  std::string version;
  std::vector<RedFlagRule> red_flags;
  std::vector<ContraindicationRule> contraindications;
  std::vector<ScreeningQuestion> screening;
  std::vector<AnswerMap> answer_maps;
  std::vector<CoverageProgram> coverage;
  std::vector<GuidelinePhase> guideline_phases;
  std::vector<Guideline> guidelines;
  std::string guideline;  ///< id of the one that is followed: the site's choice, else the default
  std::vector<PacketElement> packet;
  std::map<std::string, RuleSource> sources;
  ImagingVocabulary imaging;
  CourseRules course;
  int episode_gap_days = 180;
  int emergency_ack_minutes = 15;
  /// Kinds of history that must be complete before an acupuncture-bound referral is released.
  std::vector<std::string> needed_history = {"conditions", "medications", "procedures"};
};

}  // namespace meridian
