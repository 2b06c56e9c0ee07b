// SPDX-License-Identifier: Apache-2.0
// Names of the cues: the lists of `cues` in fhir-profiles/rules/imaging_findings.json.
#pragma once

#include <array>
#include <string_view>

namespace meridian {

/// In the order of imaging::Cue (pathway/imaging/cues.h).
inline constexpr std::array<std::string_view, 85> cue_names = {
    "negation",       "negated_next",   "negated_after", "no_negation", "scope_end",
    "grade",          "grade_none",     "severity",      "probable",    "possible",
    "probable_after", "possible_after", "history",       "reason",      "predicate",
    "clause",         "evidence",       "asked_after",   "imaged",      "request",
    "reason_first",   "history_after",  "no_history",    "seen_now",    "recent",
    "no_level",       "root_level",     "weighting",     "elsewhere",   "linked",
    "location",       "joining",        "range",         "slip",        "pronoun",
    "relative",       "dated",          "none_here",     "exception",   "aside",
    "definite",       "multilevel",     "foramen_level", "general",     "general_after",
    "advised",        "unjudged",       "residue",       "to_level",    "to_age",
    "rest",           "none_of",        "only",          "former",      "latter",
    "both_ages",      "because",        "therefore",     "now_there",   "article",
    "left_by",        "worst",          "downward",      "filler",      "upper_plate",
    "lower_plate",    "another",        "background",    "site",        "bodies",
    "cause_of",       "level_above",    "level_below",   "sacrum",      "beside",
    "crosses",        "of_body",        "staged",        "stage",       "stage_none",
    "elliptic",       "alike",          "structure",     "odd",         "ordinary"};

}  // namespace meridian
