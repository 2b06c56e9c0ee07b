// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/told_before.h"

#include <algorithm>
#include <iterator>

namespace meridian::imaging {
namespace {

/// "L1", "T1 to T12", "L2 and L4": bodies, and no disc.
bool is_of_bodies(const Place& place) {
  return std::all_of(place.rows.begin(), place.rows.end(),
                     [](const Row& row) { return row.size() == 1; }) ||
         names_of(place, true).size() > 1;
}

}  // namespace

/// What "L5: clear" denies: what was told last of a vertebra, and of a disc only beside a disc;
/// nothing of what has no level.
const Mention* ToldBefore::denied_at(const std::vector<Place>& places) const {
  const auto may_be_at = [&](const Mention& told) {
    if (told.negated && told.level.empty()) return false;  // "No fracture. T12 clear."
    const auto& levels = vocabulary_.kinds[told.kind].levels;
    return std::all_of(places.begin(), places.end(), [&](const Place& place) {
      return levels == "vertebra" ? is_of_bodies(place) : levels != "none" && is_pair(place);
    });
  };
  if (!told_.empty() && may_be_at(told_.back())) return &told_.back();
  return of_body_ && may_be_at(*of_body_) ? &*of_body_ : nullptr;
}

/// "None is seen.", "L2-L3 spared.", "L1 to L5: clear."
std::vector<Mention> ToldBefore::denied(const Statement& statement) {
  if (!statement.absent || (statement.absent_of_heading && headed_.empty())) return {};
  // "resected meningioma; the surgical bed shows no recurrence": of the tumour
  const auto of_operation = [&](const Mention& each) {
    return is_operation(vocabulary_.kinds[each.kind]);
  };
  const bool other = !std::all_of(told_.begin(), told_.end(), of_operation);
  const bool operated = other && std::erase_if(told_, of_operation) > 0;
  const auto* told = statement.absent_of_heading ? &headed_.back()
                     : !statement.places.empty() ? denied_at(statement.places)
                     : told_.empty()             ? nullptr
                                                 : &told_.back();
  if (told == nullptr) return {};
  auto last = *told;
  const auto& side = statement.absent_side;
  // "2018: a slip of L4-L5. Not seen today": the one that was told
  const bool then = last.historical && last.certainty == "definite";
  if (side.empty() && (!then || operated)) last.level.clear();
  if (!side.empty()) last.side = side;
  last.negated = true;
  last.historical = last.requested = false;
  last.certainty = "definite";
  std::vector<Mention> all;
  for (const auto& place : statement.places) {
    last.kind = recent_kind(vocabulary_, last.kind);
    for (auto& level : names_of_kind(place, vocabulary_.kinds[last.kind].levels)) {
      last.level = std::move(level);
      all.push_back(last);
    }
  }
  if (statement.places.empty()) all.push_back(last);
  if (!told_.empty()) told_.back() = all.back();
  return all;
}

/// "Cord compression? Yes, at T6.", "Epidural blood? Bright crescent at T8, 3 mm."
std::vector<Mention> ToldBefore::affirmed(const Sentence& sentence,
                                          const Statement& statement) const {
  std::vector<Mention> there;
  const auto names = [&](const Mention& asked) {
    const auto& all = statement.mentions;
    return std::any_of(all.begin(), all.end(),
                       [&](const Mention& each) { return each.kind == asked.kind; });
  };
  const auto& section = sentence.section;
  const bool same_section = section == told_in_ && section != "history" && section != "comparison";
  for (auto each : told_) {
    const bool asked = each.historical && !each.negated && each.certainty == "possible";
    const auto& kind = vocabulary_.kinds[each.kind];
    const bool words = std::find(statement.unread.begin(), statement.unread.end(), each.kind) !=
                       statement.unread.end();
    const bool seen = (words || statement.shows) && kind.tier == "serious" && !each.requested &&
                      same_section && !statement.of_patient;
    if ((!statement.affirmed && !seen) || !asked || names(each)) continue;
    each.historical = each.requested = false;
    if (statement.affirmed) each.certainty = "definite";
    each.weak = !statement.affirmed;
    const auto& levels = kind.levels;
    if (statement.place && levels != "none" && (statement.affirmed || each.level.empty())) {
      each.level = names_of_kind(*statement.place, levels).front();
    }
    there.push_back(std::move(each));
  }
  return there;
}

/// "Severe stenosis at L3-L4. Moderate at L4-L5.", "No arthropathy at L3-L4. Mild at L4-L5."
std::vector<Mention> ToldBefore::told_again(const Statement& statement, Mention last) const {
  std::vector<Mention> again;
  const auto& levels = vocabulary_.kinds[last.kind].levels;
  if (levels == "none" || (last.level.empty() && last.negated)) return again;
  if (last.negated) last.certainty = "definite";
  last.negated = false;
  last.side.clear();
  for (const auto& place : statement.listed) {
    if (levels == "vertebra" && is_one_disc(place)) continue;  // "T8: fracture. Right L4-L5 facet."
    for (auto& level : names_of_kind(place, levels)) {
      last.level = std::move(level);
      again.push_back(last);
    }
  }
  return again;
}

bool ToldBefore::may_age(const Mention& mention) const {
  const bool two = old_kind(vocabulary_, mention.kind) != recent_kind(vocabulary_, mention.kind);
  return two && !mention.historical;
}

/// "Wedging of L1. No oedema. This is chronic.": what stands between is not there.
void ToldBefore::keep_aging(const Sentence& sentence, const Statement& statement) {
  const auto& all = statement.mentions;
  const bool there =
      std::any_of(all.begin(), all.end(), [](const Mention& each) { return !each.negated; });
  if (there || sentence.section != told_in_) aging_.clear();
  std::copy_if(all.begin(), all.end(), std::back_inserter(aging_),
               [&](const Mention& each) { return !each.negated && may_age(each); });
}

/// "Fractures of T9 and L1. T9 is old.", "No new fracture. Known ones of T9 and L1.", "All are
/// old."
std::vector<Mention> ToldBefore::dated_again(const Statement& statement) const {
  std::vector<Mention> again;
  const auto add = [&](Mention mention, const std::string& level, bool old) {
    mention.kind =
        old ? old_kind(vocabulary_, mention.kind) : recent_kind(vocabulary_, mention.kind);
    mention.level = level;
    mention.negated = false;
    mention.recent = !old;
    again.push_back(std::move(mention));
  };
  const auto ages = [&](const Mention& each) { return may_age(each); };
  const bool apart = statement.rest && std::none_of(told_.begin(), told_.end(), ages);
  const auto& told = apart ? aging_ : told_;
  const auto last = std::find_if(told.rbegin(), told.rend(), ages);
  if (last == told.rend()) return again;
  for (const auto& aged : statement.aged) {
    if (!last->negated || aged.old) add(*last, aged.level, aged.old);
  }
  const auto has_own = [&](const Mention& each) {
    return std::any_of(statement.aged.begin(), statement.aged.end(),
                       [&](const AgedLevel& aged) { return aged.level == each.level; });
  };
  for (const auto& each : told) {
    const bool dated = statement.rest && may_age(each) && !each.negated && !has_own(each);
    if (dated) add(each, each.level, *statement.rest);
  }
  return again;
}

/// "Disc bulges at:", before lines of levels alone.
std::vector<Mention> ToldBefore::heads_list(const Sentence& sentence,
                                            const Statement& statement) const {
  const auto is_placed = [](const Mention& each) {
    return each.negated || each.historical || !each.level.empty();
  };
  const auto& all = statement.mentions;
  const bool heads = text_.words[sentence.end - 1].text == ":";
  if (!heads || std::any_of(all.begin(), all.end(), is_placed)) return {};
  return all;
}

/// "Uptake in T4 and L2. Conclusion: bone metastases."
std::vector<Mention> ToldBefore::named_now(const Statement& statement) const {
  std::vector<Mention> all;
  for (const auto& each : statement.mentions) {
    if (each.negated || each.historical || !each.level.empty()) continue;
    for (const auto& unnamed : unnamed_) {
      if (unnamed.kind != each.kind) continue;
      all.push_back(each);
      all.back().level = unnamed.level;
    }
  }
  return all;
}

void ToldBefore::keep_unnamed(const Statement& statement) {
  if (!statement.mentions.empty()) return;
  for (const auto kind : statement.unread) {
    if (vocabulary_.kinds[kind].levels != "vertebra") continue;
    for (const auto& place : statement.places) {
      if (is_one_disc(place)) continue;
      for (auto& level : names_of_kind(place, "vertebra")) {
        Mention mention;
        mention.kind = kind;
        mention.level = std::move(level);
        unnamed_.push_back(std::move(mention));
      }
    }
  }
}

std::vector<std::size_t> ToldBefore::reopened_by(const Statement& statement) const {
  if (!statement.elliptic || told_.empty()) return {};
  const auto& last = told_.back();
  const bool serious = vocabulary_.kinds[last.kind].tier == "serious";
  if (!serious || (!last.negated && !last.historical)) return {};
  return {last.kind};
}

std::vector<Mention> ToldBefore::continued_by(const Sentence& sentence,
                                              const Statement& statement) {
  auto all = denied(statement);
  const auto add = [&](std::vector<Mention> more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  add(affirmed(sentence, statement));
  if (sentence.section == "impression") add(named_now(statement));
  keep_unnamed(statement);
  if (statement.absent_of_heading && !headed_.empty()) return all;
  if (!statement.listed.empty() && !headed_.empty()) {
    for (const auto& each : headed_) add(told_again(statement, each));
    return all;
  }
  const auto goes_on = [&](const Mention& each) {
    return std::any_of(headed_.begin(), headed_.end(),
                       [&](const Mention& head) { return head.kind == each.kind; });
  };
  const auto& now = statement.mentions;
  const bool item = !headed_.empty() && !now.empty() && text_.words[sentence.begin].starts_line &&
                    std::all_of(now.begin(), now.end(), goes_on);  // "C6: teardrop fracture"
  const auto dated = dated_again(statement);
  const bool number = statement.mentions.empty() && sentence.end - sentence.begin <= 2;
  if (!number && !item && statement.aged.empty()) headed_ = heads_list(sentence, statement);
  lists_ = statement.fragment && !told_.empty() && !told_.back().negated &&
           vocabulary_.kinds[told_.back().kind].levels == "vertebra" &&
           (lists_ || told_.back().level.empty());
  const bool grades = statement.grades || lists_;
  if (dated.empty() && grades && !told_.empty() && !told_.back().historical) {
    std::vector<Mention> before = {told_.back()};
    for (const auto& each : told_) {  // "C6-C7 the same": all of C5-C6
      const bool beside = each.level == told_.back().level && each.kind != told_.back().kind;
      if (statement.alike && beside && !each.negated && !each.historical) before.push_back(each);
    }
    for (const auto& each : before) {
      const auto again = told_again(statement, each);
      if (&each == &before.front() && !again.empty()) told_.back() = again.back();
      add(again);
    }
  }
  for (const auto& each : dated) {
    std::erase_if(told_, [&](const Mention& other) {  // "the others" are without it
      return other.level == each.level &&
             old_kind(vocabulary_, other.kind) == old_kind(vocabulary_, each.kind);
    });
  }
  add(dated);
  for (const auto& each : statement.mentions) {
    const bool there = !each.negated && !each.historical && !each.level.empty();
    if (there && vocabulary_.kinds[each.kind].levels == "vertebra") of_body_ = each;
  }
  keep_aging(sentence, statement);
  told_in_ = sentence.section;
  if (!statement.mentions.empty()) {
    told_ = statement.mentions;
  } else if (statement.aged.empty() && !grades && (!number || headed_.empty())) {
    told_.clear();
  }
  return all;
}

}  // namespace meridian::imaging
