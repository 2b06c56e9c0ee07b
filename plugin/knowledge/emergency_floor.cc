// SPDX-License-Identifier: Apache-2.0
#include "knowledge/emergency_floor.h"

#include <algorithm>
#include <array>
#include <set>

namespace meridian {
namespace {

using Names = std::vector<std::string>;

/// The stronger effect has the higher rank; `ask` holds until a person answered.
int rank(std::string_view effect) {
  constexpr std::array<std::string_view, 5> ranks = {"modifier", "routine", "hold", "urgent",
                                                     "emergency"};
  const auto* found = std::find(ranks.begin(), ranks.end(), effect == "ask" ? "hold" : effect);
  return static_cast<int>(found - ranks.begin());
}

/// How much of acupuncture a rule stops.
int acupuncture_rank(std::string_view word) {
  constexpr std::array<std::string_view, 4> ranks = {"allowed", "caution", "hold", "block"};
  return static_cast<int>(std::find(ranks.begin(), ranks.end(), word) - ranks.begin());
}

bool contains_all(const Names& wide, const Names& narrow) {
  return std::all_of(narrow.begin(), narrow.end(), [&](const std::string& name) {
    return std::find(wide.begin(), wide.end(), name) != wide.end();
  });
}

/// A limit upwards that may be missing, which limits nothing.
template <typename T>
bool at_least_as_high(const std::optional<T>& site, const std::optional<T>& standard) {
  return !site || (standard && *site >= *standard);
}

template <typename T>
bool at_most_as_high(const std::optional<T>& site, const std::optional<T>& standard) {
  return !site || (standard && *site <= *standard);
}

/// Compares the two contents, clause by clause.
class Floor {
 public:
  Floor(const Knowledge& site, const Knowledge& standard) : site_(site), standard_(standard) {}

  Issues look() {
    for (const auto& rule : standard_.rules.red_flags) {
      if (is_watched(rule)) look_at(rule);
    }
    for (const auto& id : questions_) look_at_question(id);
    for (const auto& map : standard_.rules.answer_maps) {
      if (questions_.contains(map.question)) look_at_map(map);
    }
    look_at_adverse_events();
    if (!site_.terminology.keeps_map("answer-value", standard_.terminology)) {
      lost("conceptmaps", "an answer that was read as yes or no is read otherwise now");
    }
    return std::move(issues_);
  }

 private:
  /// Rules that can end in an emergency, alone or beside another, and those others.
  bool is_watched(const RedFlagRule& rule) const {
    const auto& rules = standard_.rules.red_flags;
    return can_be_emergency(rule) || std::any_of(rules.begin(), rules.end(), [&](const auto& each) {
             return std::any_of(each.combinations.begin(), each.combinations.end(),
                                [&](const RuleCombination& combination) {
                                  return combination.effect == "emergency" &&
                                         contains_all(combination.with, {rule.id});
                                });
           });
  }

  static bool can_be_emergency(const RedFlagRule& rule) {
    const auto any = [](const auto& clauses) {
      return std::any_of(clauses.begin(), clauses.end(),
                         [](const auto& clause) { return clause.effect == "emergency"; });
    };
    return any(rule.codes) || any(rule.answers) || any(rule.measures) || any(rule.ages) ||
           any(rule.combinations);
  }

  void look_at(const RedFlagRule& rule) {
    const std::string place = "rules/red_flags.json " + rule.id;
    const auto& rules = site_.rules.red_flags;
    const auto found = std::find_if(rules.begin(), rules.end(),
                                    [&](const RedFlagRule& each) { return each.id == rule.id; });
    if (found == rules.end()) return lost(place, "the rule is gone");
    if (rule.decidable && !found->decidable) lost(place, "the rule is no longer decided");
    if (acupuncture_rank(found->acupuncture) < acupuncture_rank(rule.acupuncture)) {
      lost(place, "acupuncture was \"" + rule.acupuncture + "\"");
    }
    if (found->lane != rule.lane) lost(place, "lane was \"" + rule.lane + "\"");
    look_at_acts(place, rule, *found);
    each_kept(place + " codes", rule.codes, found->codes);
    each_kept(place + " answers", rule.answers, found->answers);
    each_kept(place + " measures", rule.measures, found->measures);
    each_kept(place + " findings", rule.findings, found->findings);
    each_kept(place + " ages", rule.ages, found->ages);
    each_kept(place + " combinations", rule.combinations, found->combinations);
    for (const auto& answer : rule.answers) questions_.insert(answer.question);
  }

  /// No more time may pass until somebody acts.
  void look_at_acts(const std::string& place, const RedFlagRule& rule, const RedFlagRule& site) {
    for (const auto& act : rule.acts) {
      if (!act.within_hours) continue;
      const bool kept = std::any_of(site.acts.begin(), site.acts.end(), [&](const RuleAct& each) {
        return each.effect == act.effect && each.within_hours &&
               *each.within_hours <= *act.within_hours;
      });
      if (!kept) {
        lost(place, act.effect + " was to be acted on within " + std::to_string(*act.within_hours) +
                        " hours");
      }
    }
  }

  /// Each clause must have one of the site's that fires wherever it fires, as strongly.
  template <typename Clause>
  void each_kept(const std::string& place, const std::vector<Clause>& standard,
                 const std::vector<Clause>& site) {
    for (std::size_t i = 0; i < standard.size(); ++i) {
      const bool kept = std::any_of(site.begin(), site.end(), [&](const Clause& clause) {
        return rank(clause.effect) >= rank(standard[i].effect) && covers(clause, standard[i]);
      });
      if (kept) continue;
      lost(place, "nothing catches all of what number " + std::to_string(i + 1) +
                      " of the standard content catches, with effect " + standard[i].effect);
    }
  }

  /// What a clause asks for beside its own records.
  template <typename Clause>
  bool beside_covers(const Clause& site, const Clause& standard) const {
    return site.with_value_sets.empty() ||
           (!standard.with_value_sets.empty() &&
            site_.terminology.covers(site.with_value_sets, standard_.terminology,
                                     standard.with_value_sets) &&
            at_least_as_high(site.with_window_days, standard.with_window_days));
  }

  bool covers(const RuleCodes& site, const RuleCodes& standard) const {
    const auto& terms = site_.terminology;
    const auto& standard_terms = standard_.terminology;
    const bool initial = site.seventh_characters.empty() ||
                         (!standard.seventh_characters.empty() &&
                          contains_all(site.seventh_characters, standard.seventh_characters));
    const bool ended = standard_terms.covers(standard.ended_by, terms, site.ended_by);
    return beside_covers(site, standard) && initial && ended &&
           terms.covers(site.value_sets, standard_terms, standard.value_sets) &&
           contains_all(site.records, standard.records) &&
           at_least_as_high(site.window_days, standard.window_days) &&
           (!site.needs_date || standard.needs_date) &&
           (!site.active_only || standard.active_only) && site.at_least <= standard.at_least &&
           (!site.with_back_pain || standard.with_back_pain) &&
           at_most_as_high(site.covered_days, standard.covered_days) &&
           std::all_of(site.lifted_by.begin(), site.lifted_by.end(), [&](const auto& lift) {
             return std::any_of(standard.lifted_by.begin(), standard.lifted_by.end(),
                                [&](const auto& other) { return covers(lift, other); });
           });
  }

  static bool covers(const RuleAnswer& site, const RuleAnswer& standard) {
    return site.question == standard.question && site.value == standard.value;
  }

  bool covers(const RuleMeasure& site, const RuleMeasure& standard) const {
    return site_.terminology.covers(site.value_sets, standard_.terminology, standard.value_sets) &&
           site.unit == standard.unit && at_most_as_high(site.at_least, standard.at_least) &&
           at_least_as_high(site.below, standard.below) &&
           at_least_as_high(site.window_days, standard.window_days);
  }

  static bool covers(const RuleFinding& site, const RuleFinding& standard) {
    return contains_all(site.kinds, standard.kinds) &&
           at_least_as_high(site.window_days, standard.window_days);
  }

  static bool covers(const RuleAge& site, const RuleAge& standard) {
    return at_most_as_high(site.from, standard.from) &&
           at_least_as_high(site.under, standard.under);
  }

  bool covers(const RuleCombination& site, const RuleCombination& standard) const {
    const bool age = !standard.age_from || (site.age_from && *site.age_from <= *standard.age_from);
    const bool beside = standard.with_value_sets.empty() ||
                        (site_.terminology.covers(site.with_value_sets, standard_.terminology,
                                                  standard.with_value_sets) &&
                         at_least_as_high(site.with_window_days, standard.with_window_days));
    return age && beside && contains_all(site.with, standard.with);
  }

  void look_at_question(const std::string& id) {
    const std::string place = "rules/screening.json " + id;
    const auto* standard = question(standard_.rules, id);
    const auto* site = question(site_.rules, id);
    if (standard == nullptr) return;
    if (site == nullptr) return lost(place, "the question is gone");
    if (standard->required && !site->required) lost(place, "the question was required");
    if (!site->gender.empty() && site->gender != standard->gender) {
      lost(place, "it is no longer asked of everybody it was asked of");
    }
    if (!at_most_as_high(site->age_from, standard->age_from) ||
        !at_least_as_high(site->age_to, standard->age_to)) {
      lost(place, "it is no longer asked at every age it was asked at");
    }
    if (!site->beside.empty() &&
        (standard->beside.empty() || !contains_all(site->beside, standard->beside))) {
      lost(place, "it is asked beside fewer rules");
    }
    if (site->max_age_hours > standard->max_age_hours) {
      lost(place,
           "an answer counted for " + std::to_string(standard->max_age_hours) + " hours at most");
    }
    if (!site->absence_from.empty() &&
        (standard->absence_from.empty() ||
         !contains_all(site->absence_from, standard->absence_from))) {
      lost(place, "less history than before stands for an answer");
    }
  }

  /// What was read as an answer is read so still, wherever it comes from.
  void look_at_map(const AnswerMap& map) {
    const auto& maps = site_.rules.answer_maps;
    const bool kept = std::any_of(maps.begin(), maps.end(), [&](const AnswerMap& each) {
      return each.system == map.system && each.code == map.code && each.question == map.question &&
             each.inverted == map.inverted && each.questionnaire == map.questionnaire &&
             each.source == map.source;
    });
    if (!kept)
      lost("rules/answers.json " + map.question, "nothing reads " + map.code + " as before");
  }

  /// A serious one is an emergency, and one that the clinic reports may be graded serious.
  void look_at_adverse_events() {
    const auto& site = site_.rules.course;
    const auto& standard = standard_.rules.course;
    const std::string place = "rules/course.json adverse_events";
    for (const auto& rule : standard.adverse_events) {
      if (rule.grade != "serious" && rule.grade != "not_graded") continue;
      const auto& events = site.adverse_events;
      const bool kept = std::any_of(events.begin(), events.end(), [&](const auto& each) {
        const bool as_bad = each.grade == rule.grade || each.grade == "serious";
        return as_bad && at_least_as_high(each.within_days, rule.within_days) &&
               site_.terminology.covers(each.value_sets, standard_.terminology, rule.value_sets);
      });
      if (!kept) lost(place, "nothing catches all that was " + rule.grade + " before");
    }
    if (site.serious_days < standard.serious_days) {
      lost("rules/course.json serious_days", "a serious adverse event counted for longer");
    }
    if (!site_.terminology.keeps_map("adverse-grade", standard_.terminology)) {
      lost("conceptmaps", "a severity of an adverse event is read otherwise now");
    }
  }

  static const ScreeningQuestion* question(const RuleBook& rules, const std::string& id) {
    const auto found = std::find_if(rules.screening.begin(), rules.screening.end(),
                                    [&](const ScreeningQuestion& each) { return each.id == id; });
    return found == rules.screening.end() ? nullptr : &*found;
  }

  void lost(std::string place, std::string what) {
    issues_.push_back({Severity::error, "business-rule", std::move(place),
                       "loosens an emergency rule: " + std::move(what)});
  }

  const Knowledge& site_;
  const Knowledge& standard_;
  std::set<std::string> questions_;
  Issues issues_;
};

}  // namespace

Issues below_emergency_floor(const Knowledge& site, const Knowledge& standard) {
  return Floor(site, standard).look();
}

}  // namespace meridian
