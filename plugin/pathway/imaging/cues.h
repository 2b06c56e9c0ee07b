// SPDX-License-Identifier: Apache-2.0
// What the phrases of the vocabulary mean, by their tags.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "model/imaging_cues.h"
#include "model/imaging_vocabulary.h"

namespace meridian::imaging {

/// Words that say something about a finding beside them.
enum class Cue {
  negation,        ///< no, without, negative for: what follows is not there
  negated_next,    ///< not: the next words are not there
  negated_after,   ///< is not seen, has resolved: what stands before is not there
  no_negation,     ///< no change in, cannot exclude: looks like a negation and is none
  scope_end,       ///< but, however, which: what follows is a new statement
  grade,           ///< mild, moderate: how much, and nothing else
  grade_none,      ///< none, normal: in the place of a grade
  severity,        ///< mild, moderate: begins a new statement behind a comma
  probable,        ///< likely, consistent with
  possible,        ///< possible, may represent, rule out
  probable_after,  ///< is suspected
  possible_after,  ///< cannot be excluded
  history,         ///< status post, prior, history of
  reason,          ///< rule out: asked for, not seen
  predicate,       ///< is, has: ", but is old" is said of what stands before
  clause,          ///< although, in the absence of: what it denies ends at the comma
  evidence,        ///< sign, recurrence: "no sign of the abscess" denies the abscess itself
  asked_after,     ///< "must be excluded" behind symptoms: asked for, too
  imaged,          ///< signal, fluid, enhancing: told of an image, not asked
  request,         ///< please, referred for: who asks is not who reports
  reason_first,    ///< "query aneurysm": asked for, when a sentence begins so
  history_after,   ///< described on the earlier study
  no_history,      ///< compared to prior, prior study
  seen_now,        ///< unchanged, again: what was known before is still there
  recent,          ///< acute, new: an old fracture it is not
  no_level,        ///< levels within are none: the end of the cord
  root_level,      ///< one vertebra within is none: the L5 root
  weighting,       ///< T1 and T2 within are none: signal, hyperintense
  elsewhere,       ///< other levels
  linked,          ///< with, causing: belongs to what stands before
  location,        ///< at, of, involving: the level that follows belongs to what stands before
  joining,         ///< and, or, as well as: between levels of one list
  range,           ///< through, to: from one level to another
  slip,            ///< on, over: one vertebra upon another
  pronoun,         ///< it, of them: the part named before
  relative,        ///< mother, brother: what follows is not this patient's
  dated,           ///< in 2019, according to the referral: right behind a finding, it was then
  none_here,       ///< "severe at L4-L5, none at L3-L4"
  exception,       ///< "no fracture other than": one is there after all
  aside,           ///< ", seen in May,": told between a finding and what is said of it
  definite,        ///< from this, by the: what follows is there, whatever was not before
  multilevel,      ///< multilevel: of no one level, unless said right behind
  foramen_level,   ///< "the L5 foramen": one vertebra within is the disc below it
  general,         ///< more sensitive for: what follows is said of no patient
  general_after,   ///< would enhance: nor is what stands right before it
  advised,         ///< advise, suggest: what is asked here the radiologist asks
  unjudged,        ///< cannot be commented on, obscured: neither there nor not there
  residue,         ///< scar, cage, defect: an operation left it, whenever that was
  to_level,        ///< one at, of: between an age and the level that has it
  to_age,          ///< now, both: between a level and its age
  rest,            ///< both, the others: the age behind is of all that have none of their own
  none_of,         ///< none of them: "acute" behind it says that all are old
  only,            ///< "only L1 is acute": the others are not
  former,          ///< the former, the first: of two levels named before
  latter,          ///< the latter, the last
  both_ages,       ///< "a fresh component", "acute on chronic": of what is old
  because,         ///< per, given: behind an age, it names the reason
  therefore,       ///< so, hence: what follows is a conclusion
  now_there,       ///< "is now evident": was not there before
  article,         ///< the, this, it: behind a comma, a new statement begins
  left_by,         ///< collection, haematoma: of an operation it tells of, it is there now
  worst,           ///< most pronounced: the level that follows is that of all told before
  downward,        ///< and below: from the level before it to the sacrum
  filler,          ///< another, mm, the lamina: begins no statement between levels of a list
  upper_plate,     ///< "superior endplate of L4": a vertebra within is the disc above it
  lower_plate,     ///< the same of the disc below
  another,         ///< "a fourth": one more, whose age is its own
  background,      ///< "known", "patient with": at the beginning of a text, what was known
  site,            ///< "at the surgical site": the operation was done
  bodies,          ///< fractures, transverse process: a pair of levels is its two vertebrae
  cause_of,        ///< "cause of": what follows is there, whatever is said of the cause
  level_above,     ///< "the level above": of the level told before
  level_below,
  sacrum,      ///< "T12, L3 and the sacrum": one more place of the list, without a level
  beside,      ///< "adjacent to the L4-S1 fusion": the level of that operation is no finding's
  crosses,     ///< "through all columns": a fracture is of the disc that its line names
  of_body,     ///< "the left pedicle": of the vertebra told before
  staged,      ///< "Pfirrmann": what follows are numbers of stages
  stage,       ///< III: at this level there is something
  stage_none,  ///< II: and there nothing
  elliptic,  ///< "one at", "is.": of what was named before, which this sentence does not name again
  alike,     ///< the same, likewise: all that was told of the level before
  structure,  ///< endplate, sac, psoas: where something may be that no phrase names
  odd,        ///< missing, bright, eaten: what is said of a structure that is not as it should be
  ordinary    ///< spared, suppressed, of the facet: nothing odd, whatever else the sentence says
};

static_assert(cue_names.size() == static_cast<std::size_t>(Cue::ordinary) + 1);

constexpr std::array<std::string_view, 4> side_names = {"left", "right", "bilateral", "central"};

/// What one tag of the phrasebook stands for.
struct Meaning {
  enum class Type {
    none,
    finding,
    weak,
    clear,
    no_finding,
    serious,
    part,       ///< what a change is said of: cord, canal
    change,     ///< of the parts of its kind: compressed, narrowing
    kept,       ///< of the parts of its kind: patent, normal
    when,       ///< turns another kind into this one: old
    graded,     ///< a part: a grade behind its name says that it is changed
    explained,  ///< weak words of which it is said are nothing: physiological
    answer,     ///< says that it is not there where that was asked: "the epidural fat is clean"
    denied,     ///< says that it is not there when denied, and else nothing: collection
    plain,      ///< serious words within are nothing for a person: "conus at L1"
    cue,
    side,
    place
  };
  Type type = Type::none;
  std::size_t index = 0;  ///< of ImagingVocabulary::kinds or places, cue_names or side_names
};

/// Meanings by tag. Made once per chart.
class Meanings {
 public:
  explicit Meanings(const ImagingVocabulary& vocabulary);
  Meaning of(std::uint32_t tag) const { return tag < by_tag_.size() ? by_tag_[tag] : Meaning{}; }

 private:
  void learn(const ImagingVocabulary& vocabulary, std::string_view prefix, std::string_view name,
             Meaning meaning);

  std::vector<Meaning> by_tag_;
};

}  // namespace meridian::imaging
