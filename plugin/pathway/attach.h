// SPDX-License-Identifier: Apache-2.0
// The records that belong to an episode without making one.
#pragma once

#include <algorithm>
#include <string_view>
#include <tuple>

#include "pathway/anchors.h"

namespace meridian {

/// The anchors of one episode.
struct Group {
  std::vector<Anchor> anchors;
  std::vector<Anchor> named;            ///< conditions of other episodes that an anchor names
  std::optional<Instant> begin;         ///< first anchor; nothing when all are undated
  std::optional<Instant> end;           ///< latest end of an anchor
  std::optional<Instant> window_begin;  ///< stated onset when earlier than `begin`

  std::vector<const Anchor*> conditions() const;
};

/// A member of an episode's list with what it is sorted by.
template <typename T>
struct Member {
  T value;
  std::string ref;
  PartialDate time;
};

/// By time, then ref; undated last. A ref is kept once.
template <typename T>
void sort_members(std::vector<Member<T>>& members) {
  const auto key = [](const Member<T>& member) {
    const auto at = member.time.instant();
    return std::tuple(!at.has_value(), at.value_or(Instant{}), std::string_view(member.ref));
  };
  std::sort(members.begin(), members.end(),
            [&](const Member<T>& a, const Member<T>& b) { return key(a) < key(b); });
  const auto same = [](const Member<T>& a, const Member<T>& b) { return a.ref == b.ref; };
  members.erase(std::unique(members.begin(), members.end(), same), members.end());
}

template <typename T>
std::vector<T> values_of(std::vector<Member<T>>& members) {
  sort_members(members);
  std::vector<T> values;
  for (auto& member : members) values.push_back(std::move(member.value));
  return values;
}

struct Attachments {
  std::vector<Member<EpisodeImaging>> imaging;
  std::vector<Member<EpisodeProcedure>> procedures;
  std::vector<Member<EpisodeMedication>> medications;
  std::vector<Member<EpisodeScore>> scores;
  std::vector<Member<std::string>> referrals;
};

Member<EpisodeImaging> imaging_member(const ImagingReport& report, const Terminology& terminology);
Member<EpisodeProcedure> procedure_member(const Procedure& procedure,
                                          const Terminology& terminology);

/// Rule 3 of pathway/episodes.h; one result per group. Pure.
std::vector<Attachments> attach(const std::vector<Group>& groups, const RecordSet& records,
                                const Terminology& terminology, int window_days);

}  // namespace meridian
