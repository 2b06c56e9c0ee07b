// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/parts.h"

#include <algorithm>

namespace meridian::imaging {
namespace {

constexpr std::size_t words_before = 10;  ///< so far before its change a part may stand
constexpr std::size_t words_after = 7;    ///< and so far behind it with other words between
constexpr std::size_t words_listed = 18;  ///< in a list of parts
constexpr std::size_t words_beyond = 7;  ///< a part before "but": "is displaced but not compressed"
constexpr std::size_t words_joined = 2;  ///< "or clumping", "and displacement"
constexpr std::size_t words_to_it = 14;  ///< a part before "there is no compression of it"
constexpr std::size_t beside = 2;

class Pairing {
 public:
  Pairing(const Scope& scope, const PartMarks& marks) : scope_(scope), marks_(marks) {}

  PartFindings read() const {
    PartFindings found;
    for (const auto& change : marks_.changes) {
      for (const auto& part : marks_.parts) {
        if (part.kind != change.kind || !belong(part, change)) continue;
        found.findings.push_back(join(part, change));
        found.parts.push_back(part);
      }
    }
    return found;
  }

 private:
  /// "narrowing of the canal" takes what follows; else the change is said of what stands before.
  bool belong(const Candidate& part, const Candidate& change) const {
    if (part.end <= change.begin) {
      if (is_of_it(change)) return is_meant_by_it(part, change);
      return !is_followed(change) && precedes(part, change);
    }
    if (part.begin < change.end) return part.begin > change.begin && part.end <= change.end;
    if (follows_closely(part, change)) return true;
    return !is_followed(change) && !stands_beside(change) && follows(part, change);
  }

  /// The same words are also a change of this other part.
  bool could_be_of(const Candidate& part, const Candidate& change) const {
    return std::any_of(marks_.changes.begin(), marks_.changes.end(), [&](const Candidate& other) {
      return other.kind == part.kind && other.begin == change.begin;
    });
  }

  bool is_followed(const Candidate& change) const {
    return std::any_of(marks_.parts.begin(), marks_.parts.end(), [&](const Candidate& part) {
      return part.begin >= change.end && could_be_of(part, change) && follows_closely(part, change);
    });
  }

  /// "compression of it", "does not compress them"
  bool is_of_it(const Candidate& change) const { return scope_.begins(Cue::pronoun, change.end); }

  /// The nearest part before, whatever stands between.
  bool is_meant_by_it(const Candidate& part, const Candidate& change) const {
    return change.begin - part.end <= words_to_it &&
           rivals(part.end, change.begin, part, change).empty();
  }

  bool stands_beside(const Candidate& change) const {
    return std::any_of(marks_.parts.begin(), marks_.parts.end(), [&](const Candidate& part) {
      return part.end <= change.begin && change.begin - part.end <= beside &&
             could_be_of(part, change);
    });
  }

  /// Other parts in [begin, end) that the change could be said of.
  std::vector<const Candidate*> rivals(std::size_t begin, std::size_t end, const Candidate& part,
                                       const Candidate& change) const {
    std::vector<const Candidate*> found;
    for (const auto& other : marks_.parts) {
      const bool within = other.begin >= begin && other.end <= end;
      if (within && other.kind != part.kind && could_be_of(other, change)) found.push_back(&other);
    }
    return found;
  }

  bool joins(std::size_t at) const {
    return scope_.word(at) == "," || scope_.covers(Cue::joining, at);
  }

  bool has_joining(std::size_t begin, std::size_t end) const {
    for (std::size_t at = begin; at < end; ++at) {
      if (joins(at)) return true;
    }
    return false;
  }

  bool has_verb(std::size_t begin, std::size_t end) const {
    for (std::size_t at = begin; at < end; ++at) {
      if (scope_.word(at) == "is" || scope_.word(at) == "are") return true;
    }
    return false;
  }

  /// Nothing but words that stand in lists and before names: of the, left, mild, L4-L5, parts.
  bool is_light(std::size_t begin, std::size_t end) const {
    for (std::size_t at = begin; at < end; ++at) {
      const bool part =
          std::any_of(marks_.parts.begin(), marks_.parts.end(),
                      [&](const Candidate& each) { return each.begin <= at && at < each.end; });
      const bool light = part || joins(at) || scope_.word(at) == "@" || scope_.names_side(at) ||
                         scope_.covers(Cue::location, at) || scope_.covers(Cue::severity, at);
      if (!light) return false;
    }
    return true;
  }

  /// "narrowing of the left lateral recess and foramen"
  bool follows_closely(const Candidate& part, const Candidate& change) const {
    if (part.begin - change.end > words_listed || !is_light(change.end, part.begin)) return false;
    if (part.begin > change.end && joins(change.end)) return false;
    const bool own = std::any_of(  // "compression of the L5 root, cauda not affected"
        marks_.findings.begin(), marks_.findings.end(),
        [&](const Candidate& each) { return each.clear && each.begin == part.begin; });
    if (own && scope_.comma_between(change.end, part.begin)) return false;
    const auto between = rivals(change.end, part.begin, part, change);
    return between.empty() || has_joining(between.back()->end, part.begin);
  }

  /// "compression, on the left, by a fragment" goes no further; "crowding or clumping of the roots"
  /// does.
  bool follows(const Candidate& part, const Candidate& change) const {
    if (part.begin - change.end > words_after) return false;
    if (!rivals(change.end, part.begin, part, change).empty()) return false;
    const auto second = scope_.word(change.end) == "," ? 0 : joins(change.end) ? words_joined : 0;
    for (std::size_t at = change.end + second; at < part.begin; ++at) {
      const auto& word = scope_.word(at);
      const auto begins = [&](const Candidate& each) { return each.begin == at; };
      const bool other = std::any_of(marks_.changes.begin(), marks_.changes.end(), begins) ||
                         std::any_of(marks_.findings.begin(), marks_.findings.end(), begins);
      const bool ends = word == ";" || word == "." || word == ":" || joins(at) || other ||
                        scope_.begins(Cue::scope_end, at) || scope_.begins(Cue::linked, at) ||
                        scope_.begins(Cue::negation, at);
      if (ends) return false;
    }
    return true;
  }

  /// "the canal and the foramina are narrowed", "cord: normal, no compression"
  bool precedes(const Candidate& part, const Candidate& change) const {
    const auto distance = change.begin - part.end;
    if (distance > words_listed) return false;
    const auto between = rivals(part.end, change.begin, part, change);
    if (!between.empty()) {
      if (has_verb(part.end, between.back()->begin))
        return false;  // "is at L1, the roots are free"
      return is_light(part.end, between.back()->begin) &&
             has_joining(part.end, between.front()->begin);
    }
    if (distance > words_before) return false;
    for (std::size_t at = part.end; at < change.begin; ++at) {
      const auto& word = scope_.word(at);
      const bool beyond = distance > words_beyond && scope_.begins(Cue::scope_end, at);
      if (word == ";" || word == "." || beyond) return false;
    }
    return true;
  }

  bool changes_in(std::size_t begin, std::size_t end) const {
    return std::any_of(marks_.changes.begin(), marks_.changes.end(), [&](const Candidate& each) {
      return each.begin >= begin && each.end <= end;
    });
  }

  Candidate join(const Candidate& part, const Candidate& change) const {
    Candidate joint = change;
    if (part.begin >= change.end) {
      joint.end = part.end;
      joint.listed = !rivals(change.end, part.begin, part, change).empty() ||
                     changes_in(change.end, part.begin);
    } else if (is_light(part.end, change.begin)) {
      joint.begin = std::min(part.begin, change.begin);
      joint.listed = !rivals(part.end, change.begin, part, change).empty();
    }
    return joint;
  }

  const Scope& scope_;
  const PartMarks& marks_;
};

}  // namespace

PartFindings findings_of_parts(const Scope& scope, const PartMarks& marks) {
  return Pairing(scope, marks).read();
}

}  // namespace meridian::imaging
