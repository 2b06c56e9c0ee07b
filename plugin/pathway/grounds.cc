// SPDX-License-Identifier: Apache-2.0
#include "pathway/grounds.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace meridian {
namespace {

class Collector {
 public:
  void add(const char* kind, const std::string& rule, std::string weight, const Entry& entry) {
    auto& ground = grounds_[{kind, rule, weight}];
    ground.kind = kind;
    ground.rule = rule;
    ground.weight = std::move(weight);
    if (ground.text.empty()) ground.text = entry.text;
    ground.source = entry.source;
    std::set<std::string> refs(ground.evidence.begin(), ground.evidence.end());
    refs.insert(entry.evidence.begin(), entry.evidence.end());
    ground.evidence.assign(refs.begin(), refs.end());
  }

  std::vector<Ground> take() {
    std::vector<Ground> list;
    list.reserve(grounds_.size());
    for (auto& [key, ground] : grounds_) list.push_back(std::move(ground));
    return list;
  }

 private:
  std::map<std::tuple<std::string, std::string, std::string>, Ground> grounds_;
};

auto key_of(const Ground& ground) {
  return std::tie(ground.kind, ground.rule, ground.weight);
}

std::vector<Ground> sorted(std::vector<Ground> grounds) {
  std::sort(grounds.begin(), grounds.end(),
            [](const Ground& a, const Ground& b) { return key_of(a) < key_of(b); });
  return grounds;
}

/// Those of `from` that are not in `other`.
std::vector<Ground> without(const std::vector<Ground>& from, const std::vector<Ground>& other) {
  std::vector<Ground> left;
  for (const auto& ground : from) {
    const bool there = std::any_of(other.begin(), other.end(), [&](const Ground& each) {
      return key_of(each) == key_of(ground);
    });
    if (!there) left.push_back(ground);
  }
  return left;
}

void append(std::string& text, const std::string& label, const std::string& words) {
  text += (text.empty() ? "" : "; ") + label + ": " + words;
}

}  // namespace

std::vector<Ground> grounds_of(const Assessment& assessment) {
  Collector collector;
  for (const auto& flag : assessment.flags) collector.add("flag", flag.rule, flag.severity, flag);
  for (const auto& caution : assessment.cautions) {
    collector.add("caution", caution.rule, caution.manual + "/" + caution.electro, caution);
  }
  for (const auto& answer : assessment.coverage) {
    collector.add("coverage", answer.rule, answer.status, answer);
  }
  for (const auto& missing : assessment.missing) {
    const bool due = missing.question.starts_with("course.");
    if (missing.blocks_acupuncture) collector.add("missing", missing.question, "open", missing);
    if (due && !missing.blocks_acupuncture) {
      collector.add("check_point", missing.question, "due", missing);
    }
  }
  return collector.take();
}

Difference compare(const std::vector<Ground>& before, const std::vector<Ground>& now) {
  Difference difference;
  auto gone = without(sorted(before), now);
  for (auto& added : without(sorted(now), before)) {
    const auto same = std::find_if(gone.begin(), gone.end(), [&](const Ground& ground) {
      return ground.kind == added.kind && ground.rule == added.rule;
    });
    if (same == gone.end()) {
      difference.added.push_back(std::move(added));
      continue;
    }
    difference.changed.emplace_back(std::move(*same), std::move(added));
    gone.erase(same);
  }
  difference.gone = std::move(gone);
  return difference;
}

std::string in_words(const Ground& ground, bool for_surgeon) {
  if (ground.withheld && !for_surgeon) return withheld_words;
  std::string text = ground.text + " [rule " + ground.rule;
  if (!ground.source.empty()) text += ", source " + ground.source;
  return text + "]";
}

std::string in_words(const Difference& difference, bool for_surgeon) {
  std::string text;
  for (const auto& ground : difference.added) append(text, "new", in_words(ground, for_surgeon));
  for (const auto& [before, now] : difference.changed) {
    const bool hidden = (before.withheld || now.withheld) && !for_surgeon;
    const auto label = hidden ? "changed" : "now " + now.weight + ", was " + before.weight;
    append(text, label, hidden ? withheld_words : in_words(now, for_surgeon));
  }
  for (const auto& ground : difference.gone) {
    append(text, "no longer", in_words(ground, for_surgeon));
  }
  return text;
}

}  // namespace meridian
