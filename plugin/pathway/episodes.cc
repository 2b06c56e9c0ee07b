// SPDX-License-Identifier: Apache-2.0
#include "pathway/episodes.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "pathway/anchors.h"
#include "pathway/attach.h"
#include "pathway/meaning.h"
#include "pathway/when.h"

namespace meridian {
namespace {

bool earlier(const Anchor& a, const Anchor& b) {
  return std::tie(*a.begin, *a.end, a.ref) < std::tie(*b.begin, *b.end, b.ref);
}

/// Rule 5 for the anchors that have a time.
std::vector<Group> group_by_time(std::vector<Anchor>& dated, int gap_days) {
  std::sort(dated.begin(), dated.end(), earlier);
  std::vector<Group> groups;
  for (auto& anchor : dated) {
    if (groups.empty() || *anchor.begin - *groups.back().end > Days(gap_days)) {
      groups.emplace_back();
      groups.back().begin = anchor.begin;
    }
    auto& group = groups.back();
    if (!group.end || *anchor.end > *group.end) group.end = anchor.end;
    group.anchors.push_back(std::move(anchor));
  }
  return groups;
}

Group* group_that_names(std::vector<Group>& groups, const std::string& ref) {
  Group* latest_group = nullptr;
  for (auto& group : groups) {
    for (const auto& anchor : group.anchors) {
      const auto& refers = anchor.refers;
      if (std::find(refers.begin(), refers.end(), ref) != refers.end()) latest_group = &group;
    }
  }
  return latest_group;
}

void place_undated(std::vector<Group>& groups, std::vector<Anchor> undated) {
  for (auto& anchor : undated) {
    Group* home = group_that_names(groups, anchor.ref);
    if (home == nullptr) {
      if (groups.empty()) groups.emplace_back();
      home = &groups.back();
    }
    home->anchors.push_back(std::move(anchor));
  }
}

/// Conditions named by an anchor of a group are listed there too.
void list_named_conditions(std::vector<Group>& groups) {
  std::map<std::string, Anchor> conditions;
  for (const auto& group : groups) {
    for (const auto& anchor : group.anchors) {
      if (anchor.kind == AnchorKind::condition) conditions.emplace(anchor.ref, anchor);
    }
  }
  for (auto& group : groups) {
    std::set<std::string> listed;
    for (const auto& anchor : group.anchors) listed.insert(anchor.ref);
    for (const auto& anchor : group.anchors) {
      for (const auto& ref : anchor.refers) {
        const auto named = conditions.find(ref);
        if (named == conditions.end() || !listed.insert(ref).second) continue;
        group.named.push_back(named->second);
      }
    }
  }
}

template <typename T>
std::vector<std::string> refs_of(std::vector<Member<T>>& members) {
  sort_members(members);
  std::vector<std::string> refs;
  refs.reserve(members.size());
  for (const auto& member : members) refs.push_back(member.value);
  return refs;
}

PartialDate time_of(const Condition& condition) {
  return condition.onset.empty() ? condition.recorded : condition.onset;
}

/// Rule 6.
PartialDate earliest_onset(const Group& group, const RecordSet& records) {
  PartialDate onset;
  for (const auto* anchor : group.conditions()) {
    const auto& stated = records.conditions[anchor->index].onset;
    if (stated.empty()) continue;
    if (onset.empty() || *earliest(stated) < *earliest(onset)) onset = stated;
  }
  return onset;
}

PartialDate last_seen(const Group& group) {
  const PartialDate* last = nullptr;
  for (const auto& anchor : group.anchors) {
    if (anchor.last.empty()) continue;
    if (last == nullptr || *earliest(anchor.last) > *earliest(*last)) last = &anchor.last;
  }
  return last == nullptr ? PartialDate{} : as_date(*last);
}

std::string region_of_group(const Group& group, const Attachments& attached) {
  std::vector<std::string> regions;
  const auto add = [&](const std::string& region) {
    if (!region.empty()) regions.push_back(region);
  };
  for (const auto& anchor : group.anchors) add(anchor.region);
  for (const auto& anchor : group.named) add(anchor.region);
  for (const auto& image : attached.imaging) add(image.value.region);
  return joined_region(regions);
}

/// Rule 8.
class PainTypes {
 public:
  explicit PainTypes(const Terminology& terminology) : terminology_(terminology) {}

  void add(const std::string& ref, const Concept& coded) {
    for (const auto& type : pain_types_of(coded, terminology_)) basis_[type].insert(ref);
  }

  void add(const std::string& ref, const std::vector<Concept>& concepts) {
    for (const auto& coded : concepts) add(ref, coded);
  }

  std::vector<PainType> take(const Group& group) {
    std::vector<PainType> types;
    for (const auto& [type, refs] : basis_) types.push_back({type, {refs.begin(), refs.end()}});
    if (!types.empty()) return types;
    std::set<std::string> refs;
    for (const auto& anchor : group.anchors) refs.insert(anchor.ref);
    return {PainType{"undetermined", {refs.begin(), refs.end()}}};
  }

 private:
  const Terminology& terminology_;
  std::map<std::string, std::set<std::string>> basis_;
};

class EpisodeMaker {
 public:
  EpisodeMaker(const RecordSet& records, const Terminology& terminology)
      : records_(records), terminology_(terminology) {}

  Episode make(const Group& group, Attachments attached) {
    Episode episode;
    episode.onset = earliest_onset(group, records_);
    episode.last_seen = last_seen(group);
    episode.body_region = region_of_group(group, attached);
    PainTypes types(terminology_);
    for (const auto& anchor : group.anchors) list(anchor, attached, types);
    for (const auto& anchor : group.named) list(anchor, attached, types);
    episode.pain_types = types.take(group);
    episode.encounters = refs_of(encounters_);
    episode.conditions = refs_of(conditions_);
    episode.imaging = values_of(attached.imaging);
    episode.procedures = values_of(attached.procedures);
    episode.medications = values_of(attached.medications);
    episode.scores = values_of(attached.scores);
    episode.referrals = refs_of(attached.referrals);
    return episode;
  }

 private:
  void list(const Anchor& anchor, Attachments& into, PainTypes& types) {
    switch (anchor.kind) {
      case AnchorKind::encounter: {
        const auto& encounter = records_.encounters[anchor.index];
        encounters_.push_back({encounter.ref, encounter.ref, encounter.period.start});
        types.add(encounter.ref, encounter.reason_codes);
        break;
      }
      case AnchorKind::condition: {
        const auto& condition = records_.conditions[anchor.index];
        conditions_.push_back({condition.ref, condition.ref, time_of(condition)});
        types.add(condition.ref, condition.code);
        break;
      }
      case AnchorKind::imaging:
        into.imaging.push_back(imaging_member(records_.imaging[anchor.index], terminology_));
        break;
      case AnchorKind::procedure:
        into.procedures.push_back(
            procedure_member(records_.procedures[anchor.index], terminology_));
        break;
      case AnchorKind::referral: {
        const auto& request = records_.service_requests[anchor.index];
        into.referrals.push_back({request.ref, request.ref, request.authored});
        types.add(request.ref, request.reason_codes);
        break;
      }
    }
  }

  const RecordSet& records_;
  const Terminology& terminology_;
  std::vector<Member<std::string>> encounters_;
  std::vector<Member<std::string>> conditions_;
};

}  // namespace

std::vector<const Anchor*> Group::conditions() const {
  std::vector<const Anchor*> found;
  for (const auto* list : {&anchors, &named}) {
    for (const auto& anchor : *list) {
      if (anchor.kind == AnchorKind::condition) found.push_back(&anchor);
    }
  }
  return found;
}

std::vector<Episode> build_episodes(const Chart& chart, const Terminology& terminology,
                                    const EpisodeSettings& settings) {
  std::vector<Anchor> dated;
  std::vector<Anchor> undated;
  for (auto& anchor : find_anchors(chart.records, terminology)) {
    (anchor.begin ? dated : undated).push_back(std::move(anchor));
  }
  auto groups = group_by_time(dated, settings.gap_days);
  place_undated(groups, std::move(undated));
  list_named_conditions(groups);
  for (auto& group : groups) {
    const auto onset = earliest(earliest_onset(group, chart.records));
    group.window_begin = onset && (!group.begin || *onset < *group.begin) ? onset : group.begin;
  }
  auto attached = attach(groups, chart.records, terminology, settings.gap_days);
  std::vector<Episode> episodes;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    EpisodeMaker maker(chart.records, terminology);
    episodes.push_back(maker.make(groups[i], std::move(attached[i])));
  }
  return episodes;
}

}  // namespace meridian
