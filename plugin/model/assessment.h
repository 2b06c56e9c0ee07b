// SPDX-License-Identifier: Apache-2.0
// What the pathway says about a referral: what is on record, what is missing, which rule asks.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/clinical.h"
#include "model/course.h"
#include "model/entry.h"
#include "model/episode.h"

namespace meridian {

/// How much of one kind of history was read. Absence is concluded only from `complete`.
enum class Completeness { complete, partial, failed, withheld, not_asked };

const char* completeness_name(Completeness completeness);

/// What gather asked and how it went.
struct QueryResult {
  std::string
      kind;  ///< conditions, procedures, medications, imaging, encounters, coverage, answers
  Completeness completeness = Completeness::not_asked;
  std::optional<Instant> at;
  std::string detail;  ///< reason in a word: timeout, forbidden, paging, break-the-glass
};

using History = std::vector<QueryResult>;

/// The completeness of one kind; not_asked when it is not listed.
Completeness completeness_of(const History& history, std::string_view kind);

enum class Disposition { route_acupuncture, route_surgeon, hold, urgent_surgeon, emergency };

const char* disposition_name(Disposition disposition);

struct Flag : Entry {
  std::string severity;             ///< emergency, urgent, routine, hold, modifier
  std::string action;               ///< who must do what, how fast
  std::string who;                  ///< who must act at this severity; empty: nobody
  std::optional<int> within_hours;  ///< 0: now; empty: no clock runs
};

/// Severity per modality, words of contraindications.json: absolute, relative, caution,
/// information.
struct Caution : Entry {
  std::string manual;
  std::string electro;
  std::string scope;
};

/// An unanswered question, or a history that could not be read.
struct Missing : Entry {
  std::string question;            ///< rf01.saddle, or history.conditions
  bool blocks_acupuncture = true;  ///< surgeon-bound referrals are never held for it
  /// How it may be answered: "ehr: QuestionnaireResponse" with the questionnaire's canonical URL,
  /// "ehr: Observation", "staff-form", "gather-again", "person".
  std::vector<std::string> doors;
};

struct CoverageAnswer : Entry {
  std::string program;  ///< CMS_NCD_30_3_3 ...; empty when no programme applies
  std::string name;     ///< of the programme, for people
  std::string status;   ///< covered, not_covered, uncertain, unknown
};

/// What the guideline that the site follows says of acupuncture here.
struct GuidelineAnswer : Entry {
  std::string guideline;  ///< ACP_2017 ...; empty when the content has none
  std::string phase;      ///< acute, subacute, chronic; empty when the duration is not known
  std::string position;   ///< first, may, not_yet, not_offered, silent, unknown
};

/// One thing that the receiver needs to find in the packet.
struct PacketItem : Entry {
  std::string element;      ///< PacketElement::id
  std::string state;        ///< there, answered (yes), none (answered no, or read), missing
  bool holds = false;       ///< missing, and the referral waits for it
  std::string supplied_by;  ///< who can give it
  std::string question;     ///< missing: the question that asks for it; empty: none does
};

/// A service, an urgency and a modality; several may stand beside each other.
struct Lane {
  std::string service;   ///< acupuncture, spine_surgery, emergency, rheumatology, obstetric,
                         ///< vascular, oncology, conservative
  std::string urgency;   ///< routine, urgent, emergency
  std::string modality;  ///< manual, electro, or empty
  std::vector<std::string> rules;
};

/// A named person's decision that a referral may go in spite of what some rules hold it for.
struct SignOff {
  /// One statement as it stood when it was signed; what has more evidence or is worse is another.
  struct Covered {
    std::string rule;
    std::string severity;  ///< severity_of() of the entry
    std::vector<std::string> evidence;
  };
  std::vector<Covered> covers;
  std::string by;  ///< as typed
  std::string role;
  std::string reason;
  Instant at;
  Instant until;  ///< it counts no longer than the assessment that it was made on
};

struct Assessment {
  std::string referral;  ///< ref of the ServiceRequest; empty for an episode without one
  std::vector<PainType> pain_types;
  std::vector<Flag> flags;
  std::vector<Caution> cautions;
  std::vector<Missing> missing;
  std::vector<CoverageAnswer> coverage;
  std::vector<Entry> annotations;
  GuidelineAnswer guideline;
  std::vector<PacketItem> packet;  ///< in the order of the content; empty without an order
  std::vector<Lane> lanes;
  Disposition disposition = Disposition::hold;
  std::optional<Instant> valid_until;  ///< when the first answer or window it rests on runs out
  std::string rules_version;
  std::optional<Course> course;       ///< nothing when no course is running
  std::optional<VisitLedger> ledger;  ///< nothing before it was assessed
};

}  // namespace meridian

#ifndef NDEBUG  // compiled once, in compiled_once.cc
extern template class std::vector<meridian::Entry>;
extern template class std::vector<meridian::Flag>;
extern template class std::vector<meridian::Caution>;
extern template class std::vector<meridian::Missing>;
extern template class std::vector<meridian::CoverageAnswer>;
extern template class std::vector<meridian::Lane>;
extern template class std::vector<meridian::SignOff>;
#endif
