// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/scope.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

#include "pathway/imaging/grades.h"
#include "pathway/imaging/parts.h"

namespace meridian::imaging {
namespace {

constexpr std::size_t words_back =
    12;  ///< so far before a word that makes it old the finding may stand
constexpr std::size_t words_to_growth = 4;   ///< "has now sunk further"
constexpr std::size_t words_to_old = 7;      ///< so far before its finding "chronic" may stand
constexpr std::size_t words_to_symptom = 5;  ///< "new onset of severe back pain"
constexpr std::size_t words_to_next = 3;     ///< so close behind "chronic" another finding has it

template <typename Mark>
bool overlap(const Mark& mark, std::size_t begin, std::size_t end) {
  return mark.begin < end && begin < mark.end;
}

bool contains(const Candidate& outer, const Candidate& inner) {
  const bool within = outer.begin <= inner.begin && inner.end <= outer.end;
  return within && outer.end - outer.begin > inner.end - inner.begin;
}

/// The words are something else, by a phrase of the same kind.
bool excludes(const std::vector<Candidate>& excluded, const Candidate& candidate) {
  return std::any_of(excluded.begin(), excluded.end(), [&](const Candidate& other) {
    return other.kind == candidate.kind && overlap(other, candidate.begin, candidate.end);
  });
}

/// A place of several levels that words name: "the lower two discs".
Place place_named(const std::vector<std::string>& levels) {
  Place place;
  for (const auto& level : levels) {
    if (const auto written = level_at(level)) place.rows.push_back(written->row);
  }
  return place;
}

}  // namespace

Scope::Scope(const ReportText& text, const Sentence& sentence, const ImagingVocabulary& vocabulary,
             const Meanings& meanings)
    : text_(text), sentence_(sentence) {
  sort(vocabulary, meanings);
  find_places();
}

void Scope::sort(const ImagingVocabulary& vocabulary, const Meanings& meanings) {
  std::vector<Candidate> found;
  std::vector<Candidate> excluded;
  std::vector<Candidate> turning;
  std::vector<Candidate> explaining;
  std::vector<Candidate> graded;
  std::vector<Candidate> plain;
  PartMarks parts;
  auto mark =
      std::lower_bound(text_.marks.begin(), text_.marks.end(), begin(),
                       [](const PhraseMark& each, std::size_t word) { return each.begin < word; });
  for (; mark != text_.marks.end() && mark->begin < end(); ++mark) {
    if (mark->end > end()) continue;
    const auto meaning = meanings.of(mark->tag);
    const Candidate candidate{
        meaning.index,
        mark->begin,
        mark->end,
        meaning.type == Meaning::Type::weak || meaning.type == Meaning::Type::denied,
        meaning.type == Meaning::Type::clear || meaning.type == Meaning::Type::kept,
        mark->listed,
        meaning.type == Meaning::Type::denied};
    switch (meaning.type) {
      case Meaning::Type::none:
        break;
      case Meaning::Type::finding:
      case Meaning::Type::weak:
      case Meaning::Type::clear:
      case Meaning::Type::denied:
        found.push_back(candidate);
        break;
      case Meaning::Type::no_finding:
        excluded.push_back(candidate);
        break;
      case Meaning::Type::serious:
        serious_.push_back(candidate);
        break;
      case Meaning::Type::part:
        parts.parts.push_back(candidate);
        break;
      case Meaning::Type::change:
      case Meaning::Type::kept:
        parts.changes.push_back(candidate);
        break;
      case Meaning::Type::when:
        turning.push_back(candidate);
        break;
      case Meaning::Type::graded:
        graded.push_back(candidate);
        break;
      case Meaning::Type::explained:
        explaining.push_back(candidate);
        break;
      case Meaning::Type::plain:
        plain.push_back(candidate);
        break;
      case Meaning::Type::answer:
        answers_.push_back(meaning.index);
        break;
      case Meaning::Type::cue:
        cues_[meaning.index].push_back(*mark);
        break;
      case Meaning::Type::side:
        sides_[meaning.index].push_back(*mark);
        break;
      case Meaning::Type::place:
        places_.push_back({place_named(vocabulary.places[meaning.index]), mark->begin, mark->end});
        break;
    }
  }
  const auto outreached = [&](const Candidate& other) {
    return std::any_of(found.begin(), found.end(), [&](const Candidate& each) {
      const bool level = each.begin <= other.begin && names_level(other.end, each.end);
      // "wound haematoma reaching the epidural space"
      const auto& kind = vocabulary.kinds[each.kind];
      const bool whole = kind.tier == "serious" && kind.levels == "none";
      const bool longer = whole && !each.clear && !each.weak && contains(each, other);
      return each.kind == other.kind && (level || longer || names_spine(each, other));
    });
  };
  std::erase_if(excluded, outreached);  // "fracture of the rib and of T5" is one of the spine too
  const auto is_excluded = [&](const Candidate& each) { return excludes(excluded, each); };
  std::erase_if(parts.parts, is_excluded);
  std::erase_if(turning, is_excluded);
  parts.findings = found;
  const auto of_parts = findings_of_parts(*this, parts);
  found.insert(found.end(), of_parts.findings.begin(), of_parts.findings.end());
  const auto of_grades = findings_of_grades(*this, graded);
  found.insert(found.end(), of_grades.begin(), of_grades.end());
  replace_by_grades(*this, found);
  const auto of_stages = findings_of_stages(*this, graded);
  if (!of_stages.empty()) {  // "Pfirrmann: L3-L4 II, L4-L5 IV": of the stages, not of the name
    std::erase_if(found, [&](const Candidate& each) {
      return each.end == each.begin + 1 && covers(Cue::staged, each.begin);
    });
  }
  found.insert(found.end(), of_stages.begin(), of_stages.end());
  take_as_read(of_parts.parts);
  std::erase_if(serious_, [&](const Candidate& word) {
    return std::any_of(plain.begin(), plain.end(), [&](const Candidate& each) {
      return each.kind == word.kind && each.begin <= word.begin && word.end <= each.end;
    });
  });
  choose(std::move(found), excluded, vocabulary);
  leave_out(explaining);
  turn(vocabulary, turning);
  std::copy_if(turning.begin(), turning.end(), std::back_inserter(ages_),
               [&](const auto& word) { return vocabulary.kinds[word.kind].tier == "context"; });
  std::erase_if(cues_[static_cast<int>(Cue::recent)], [&](const PhraseMark& each) {
    return std::any_of(ages_.begin(), ages_.end(), [&](const Candidate& word) {  // "non-acute"
      return word.begin + 1 == each.begin && word.end == each.end;
    });
  });
}

/// Something is said of these parts: their words alone are nothing for a person.
void Scope::take_as_read(const std::vector<Candidate>& parts) {
  std::erase_if(serious_, [&](const Candidate& word) {
    return std::any_of(parts.begin(), parts.end(), [&](const Candidate& part) {
      return part.begin <= word.begin && word.end <= part.end;
    });
  });
}

/// Of findings that use the same words the longer one is meant; a list keeps its members.
void Scope::choose(std::vector<Candidate> found, const std::vector<Candidate>& excluded,
                   const ImagingVocabulary& vocabulary) {
  // what is serious is not lost in the longer words of another kind: "postsurgical haematoma"
  const auto outlasts = [&](const Candidate& candidate, const Candidate& other) {
    const auto& tier = vocabulary.kinds[other.kind].tier;
    return other.kind != candidate.kind && vocabulary.kinds[candidate.kind].tier == "serious" &&
           (tier == "context" || tier == "needs_concordance" || tier == "serious");
  };
  // "haematoma in the surgical bed compressing the sac": what it presses on, and where, is told too
  const auto is_told_within = [&](const Candidate& candidate, const Candidate& other) {
    const auto& outer = vocabulary.kinds[other.kind];
    const auto& denials = cues_[static_cast<int>(Cue::negation)];
    const bool denied = !denials.empty() && denials.front().begin < other.begin;
    return !denied && !candidate.clear && !other.clear && outer.tier == "serious" &&
           outer.levels == "none" && vocabulary.kinds[candidate.kind].tier != "serious";
  };
  // "no epidural collection or haematoma": the collection denies an abscess, too
  const auto are_denied_together = [&](const Candidate& candidate, std::size_t kind) {
    return candidate.denied && candidate.kind != kind &&
           std::any_of(found.begin(), found.end(), [&](const Candidate& other) {
             return other.denied && other.kind == kind &&
                    overlap(other, candidate.begin, candidate.end);
           });
  };
  const auto is_excluded = [&](const Candidate& each) { return excludes(excluded, each); };
  const auto is_unread = [&](const Candidate& word) {
    const auto reads = [&](const Candidate& other) {
      const auto& turned = vocabulary.kinds[other.kind].instead_of;  // "chronic wedge deformity"
      const bool same =
          std::find(turned.begin(), turned.end(), vocabulary.kinds[word.kind].id) != turned.end();
      // "postoperative haematoma" is one still
      const bool head = vocabulary.kinds[other.kind].tier == "context" && other.end == word.end;
      const bool lesser = !same && outlasts(word, other) && (head || !contains(other, word));
      return !other.denied && !lesser && overlap(other, word.begin, word.end);
    };
    return std::none_of(found.begin(), found.end(), reads) && !excludes(excluded, word);
  };
  std::erase_if(found, is_excluded);
  std::erase_if(serious_, [&](const Candidate& word) { return !is_unread(word); });
  for (const auto& candidate : found) {
    const bool taken = std::any_of(found.begin(), found.end(), [&](const Candidate& other) {
      if (&other == &candidate) return false;
      const bool over = other.begin <= candidate.begin && candidate.end <= other.end;
      if (other.kind == candidate.kind && other.clear && !candidate.clear && over) return true;
      if (candidate.weak && !other.weak && !are_denied_together(candidate, other.kind)) {
        return overlap(other, candidate.begin, candidate.end);
      }
      const bool gives_way = other.listed || (other.weak && !candidate.weak);
      if (is_told_within(candidate, other)) return false;
      return !gives_way && !outlasts(candidate, other) && contains(other, candidate);
    });
    const bool known =
        std::any_of(candidates_.begin(), candidates_.end(), [&](const Candidate& other) {
          return other.kind == candidate.kind && other.clear == candidate.clear &&
                 overlap(other, candidate.begin, candidate.end);
        });
    if (taken || known) continue;
    candidates_.push_back(candidate);
    const auto& kind = vocabulary.kinds[candidate.kind];
    candidates_.back().extends = kind.tier == "serious" && kind.levels == "none";
    candidates_.back().operation = is_operation(kind);
  }
  std::sort(candidates_.begin(), candidates_.end(),
            [](const Candidate& a, const Candidate& b) { return a.begin < b.begin; });
}

/// "sacral and right pubic fractures": the phrase around the other part names the spine, too.
bool Scope::names_spine(const Candidate& outer, const Candidate& other) const {
  if (outer.begin > other.begin || other.end > outer.end) return false;
  for (std::size_t at = outer.begin; at < outer.end; ++at) {
    if (word(at).starts_with("sacr") || word(at).starts_with("vertebr")) return true;
  }
  return false;
}

/// "mild wedging at T11, physiological", "Scheuermann's disease with wedging": how it grew.
void Scope::leave_out(const std::vector<Candidate>& explanations) {
  std::vector<Candidate> kept;
  for (const auto& candidate : candidates_) {
    const bool grown = std::any_of(explanations.begin(), explanations.end(), [&](const auto& word) {
      return word.kind == candidate.kind && turns(word, candidate, true);
    });
    if (!candidate.weak || !grown) kept.push_back(candidate);
  }
  candidates_ = std::move(kept);
}

/// "chronic" makes a fracture an old one, "recurrent" a herniation one that came back.
void Scope::turn(const ImagingVocabulary& vocabulary, const std::vector<Candidate>& words) {
  struct Turn {
    std::size_t candidate;
    const Candidate& word;
  };
  std::vector<Turn> turned;
  for (const auto& word : words) {
    const auto& bases = vocabulary.kinds[word.kind].instead_of;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      const auto& id = vocabulary.kinds[candidates_[i].kind].id;
      const bool base = std::find(bases.begin(), bases.end(), id) != bases.end();
      const bool open = !candidates_[i].clear && !is_both(candidates_[i], words);
      if (base && open && turns(word, candidates_[i])) turned.push_back({i, word});
    }
  }
  for (const auto& [candidate, word] : turned) {
    candidates_[candidate].kind = word.kind;
    candidates_[candidate].turned = true;
  }
}

/// "acute on chronic fracture": its words make it one kind and another.
bool Scope::is_both(const Candidate& candidate, const std::vector<Candidate>& words) {
  const auto inside = [&](const Candidate& word) {
    return overlap(word, candidate.begin, candidate.end);
  };
  const auto first = std::find_if(words.begin(), words.end(), inside);
  return std::any_of(first, words.end(), [&](const Candidate& word) {
    return inside(word) && word.kind != first->kind;
  });
}

/// "further collapse of the known fracture", "the known fracture has sunk further"
bool Scope::grows(const Candidate& word, const Candidate& candidate) const {
  const auto& marks = cues(Cue::recent);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    const bool before = mark.begin < candidate.begin;
    const bool into = before && candidate.begin < mark.end;
    const auto from = before ? mark.end : candidate.end;
    const auto to = before ? candidate.begin : mark.begin;
    const bool near = into || (from <= to && to - from <= words_to_growth && !parted(from, to));
    const bool denied = overlap(word, mark.begin, mark.end);  // "no further collapse"
    return near && !denied && mark.end > mark.begin + 1 && says_recent(mark.begin);
  });
}

/// The word is said of this finding: it stands in its words, before it, or behind it when no other
/// finding follows which it may belong to.
bool Scope::turns(const Candidate& word, const Candidate& candidate, bool explains) const {
  const auto last = std::max(word.end, candidate.end);
  if (recent_behind(last, candidate.kind)) return false;
  const bool inside = overlap(word, candidate.begin, candidate.end);
  const bool before = word.end <= candidate.begin;
  if ((inside || before) && grows(word, candidate)) return false;
  if (inside) return true;
  const auto from = before ? word.end : candidate.end;
  const auto to = before ? candidate.begin : word.begin;
  if (to - from > (before ? words_to_old : words_back) || has_candidate(from, to)) return false;
  bool joined = false;
  for (std::size_t at = from; at < to; ++at) {
    const auto& here = this->word(at);
    const bool goes_on = here == "which" || begins(Cue::therefore, at) ||
                         (here == "but" && begins(Cue::predicate, at + 1));
    const bool aside = at > from && this->word(at - 1) == "," && is_parenthetic(at);
    const bool ends = (begins(Cue::scope_end, at) && !goes_on && !aside && !begins_into(at, to)) ||
                      begins(Cue::negation, at) ||
                      begins(Cue::negated_after, at);  // "unlikely as the edge is corticated"
    if (here == ";" || here == "." || here == "versus" || here == "vs" || ends) return false;
    const bool joins = here == "," || here == "and";
    joined = joined || (joins && this->word(at + 1) != "@");
  }
  auto first = candidate.begin - std::min(candidate.begin - begin(), words_to_old);
  for (const auto& other : candidates_) {  // "no acute fracture, old L2 fracture"
    if (other.end <= candidate.begin) first = std::max(first, other.end);
  }
  for (std::size_t at = first; at < last; ++at) {
    if (says_recent(at) && !overlap(word, at, at + 1)) return false;  // "non-acute"
  }
  if (before) return !of_another_level(from, to);
  if (denied(candidate)) return false;  // "no fracture, alignment unchanged"
  const bool alone =
      begins(Cue::because, word.end) || word.end >= end() ||
      std::string_view(",.;)").find(this->word(word.end)) != std::string_view::npos ||
      covers(Cue::joining, word.end) || covers(Cue::location, word.end) ||
      begins(Cue::no_history, word.end) || begins(Cue::dated, word.end);
  if (joined && !alone) return false;  // "L1 fracture and old rib fractures"
  return std::none_of(candidates_.begin(), candidates_.end(), [&](const Candidate& next) {
    const bool follows = next.begin >= word.begin && next.begin < word.end + words_to_next &&
                         !comma_between(word.end, next.begin);  // "L1 is old, the L3 fracture new"
    const bool own = overlap(next, word.begin, word.end);
    const bool within = own && next.end <= word.end && next.kind != candidate.kind;  // "cemented"
    if ((explains && own) || within) return false;  // "is a haemangioma"
    return follows && next.kind != word.kind;       // "demyelination" is a finding itself
  });
}

/// "the wedge there is old": the words of a new statement are not part of the age.
bool Scope::begins_into(std::size_t at, std::size_t to) const {
  const auto& marks = cues(Cue::scope_end);
  return std::any_of(marks.begin(), marks.end(),
                     [&](const PhraseMark& mark) { return mark.begin == at && mark.end > to; });
}

/// "the deformities, by contrast, are old": nothing begins between the commas.
bool Scope::is_parenthetic(std::size_t at) const {
  const auto& marks = cues(Cue::scope_end);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    return mark.begin == at && mark.end < end() && word(mark.end) == ",";
  });
}

bool Scope::names_level(std::size_t begin, std::size_t end) const {
  for (std::size_t at = begin; at < end; ++at) {
    if (is_level(at)) return true;
  }
  return false;
}

/// "L1 is stable, T12 has fractured": behind a comma another vertebra is spoken of.
bool Scope::of_another_level(std::size_t begin, std::size_t end) const {
  for (std::size_t at = begin; at < end; ++at) {
    if (word(at) != "," || at + 1 >= this->end()) continue;  // the level may begin the finding
    if (is_level(at + 1)) return true;
  }
  return false;
}

/// "known fracture, now with more height loss": said before another finding begins.
bool Scope::recent_behind(std::size_t from, std::size_t kind) const {
  const auto follows = [&](const Candidate& other) { return other.begin >= from && !other.weak; };
  const auto next = std::find_if(candidates_.begin(), candidates_.end(), follows);
  auto to = end();
  if (next != candidates_.end()) {
    bool same = next->kind == kind;  // "new bulge" is of the bulge, "new L2 fracture" of L2
    for (std::size_t at = from; at < next->end; ++at) same = same && word(at) != "@";
    to = same ? next->begin + 1 : next->begin - std::min(next->begin - from, words_to_next);
  }
  bool denied = false;  // "without new height loss"
  for (std::size_t at = from; at < to; ++at) {
    denied = (denied || begins(Cue::negation, at)) && word(at) != ",";
    const bool of_it = !of_another_level(from, at);  // "old T7 and T8 fractures, T11 is recent"
    if (says_recent(at) && !denied && of_it) return true;
  }
  return false;
}

/// "oedema", and neither "without marrow oedema" nor "resolution of oedema".
bool Scope::says_recent(std::size_t at) const {
  const auto denies = [&](const PhraseMark& mark) {
    return mark.end <= at && at - mark.end < words_to_next && !comma_between(mark.end, at) &&
           !overlaps(Cue::no_negation, mark);
  };
  const auto denied_by = [&](Cue cue) {
    return std::any_of(cues(cue).begin(), cues(cue).end(), denies);
  };
  return begins(Cue::recent, at) && !is_of_symptom(at + 1) && !denied_by(Cue::negation) &&
         !denied_by(Cue::negated_next);
}

bool Scope::is_of_symptom(std::size_t at) const {
  const auto last = std::min(end(), at + words_to_symptom);
  for (; at < last && !candidate_begins(at) && word(at) != "," && word(at) != ";"; ++at) {
    if (begins(Cue::request, at)) return true;
  }
  return false;
}

/// A word before it says that it is not there.
bool Scope::denied(const Candidate& candidate) const {
  const auto& marks = cues(Cue::negation);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& mark) {
    return mark.end <= candidate.begin && !overlaps(Cue::no_negation, mark) &&
           reaches(mark.end, candidate.begin);
  });
}

bool Scope::names_side(std::size_t at) const {
  return std::any_of(std::begin(sides_), std::end(sides_), [&](const auto& marks) {
    return std::any_of(marks.begin(), marks.end(),
                       [&](const PhraseMark& mark) { return overlap(mark, at, at + 1); });
  });
}

bool Scope::begins(Cue cue, std::size_t at) const {
  const auto& marks = cues(cue);
  return std::any_of(marks.begin(), marks.end(),
                     [&](const PhraseMark& mark) { return mark.begin == at; });
}

bool Scope::covers(Cue cue, std::size_t at) const {
  const auto& marks = cues(cue);
  return std::any_of(marks.begin(), marks.end(),
                     [&](const PhraseMark& mark) { return overlap(mark, at, at + 1); });
}

bool Scope::overlaps(Cue cue, const PhraseMark& mark) const {
  const auto& marks = cues(cue);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& other) {
    const bool part = other.begin >= mark.begin && other.end <= mark.end &&
                      other.end - other.begin < mark.end - mark.begin;
    return !part && overlap(other, mark.begin, mark.end);
  });
}

bool Scope::within(Cue cue, const PhraseMark& mark) const {
  const auto& marks = cues(cue);
  return std::any_of(marks.begin(), marks.end(), [&](const PhraseMark& other) {
    return other.begin <= mark.begin && other.end >= mark.end &&
           other.end - other.begin > mark.end - mark.begin;
  });
}

bool Scope::has_candidate(std::size_t begin, std::size_t end) const {
  return std::any_of(candidates_.begin(), candidates_.end(), [&](const Candidate& candidate) {
    return candidate.begin >= begin && candidate.begin < end;
  });
}

bool Scope::candidate_begins(std::size_t at) const {
  return has_candidate(at, at + 1);
}

}  // namespace meridian::imaging
