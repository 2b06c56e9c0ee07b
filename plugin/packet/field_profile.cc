// SPDX-License-Identifier: Apache-2.0
// Labels, codes and types: the reasons why a record stays here.
#include "packet/field_profile.h"

#include <algorithm>
#include <array>
#include <set>

#include "packet/coded.h"
#include "packet/released.h"

namespace meridian::packet {
namespace {

/// Labels under which a record may go: confidentiality up to normal, and test data. Any other
/// label is one that we do not know to be harmless.
/// Source: http://terminology.hl7.org/CodeSystem/v3-Confidentiality, .../v3-ActReason
constexpr std::array harmless = {std::string_view("U"), std::string_view("L"),
                                 std::string_view("M"), std::string_view("N"),
                                 std::string_view("HTEST")};

template <typename List>
bool holds(const List& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::string type_of(const Record& record) {
  return record.ref.substr(0, record.ref.find('/'));
}

/// Judges one record after the other; keeps the answers by ref.
class Judge {
 public:
  Judge(const FieldProfile& profile, const Terminology& terminology, Consents consents)
      : profile_(profile), terminology_(terminology), consents_(std::move(consents)) {}

  template <typename T>
  void judge_all(const std::vector<T>& records) {
    for (const auto& record : records) reasons_[record.ref] = reason_of(record);
  }

  /// Why the record is withheld; "" when it goes.
  std::string reason(const std::string& ref) const {
    const auto found = reasons_.find(ref);
    return found == reasons_.end() ? "not-found" : found->second;
  }

  /// What is said because the record goes.
  std::vector<LegalNotice> notices(const std::string& ref) const {
    const auto found = notices_.find(ref);
    return found == notices_.end() ? std::vector<LegalNotice>() : found->second;
  }

 private:
  template <typename T>
  std::string reason_of(const T& record) {
    if (profile_.allowed.count(type_of(record)) == 0) return "type";
    std::vector<const ReleasedLabel*> by;
    std::vector<LegalNotice> due;
    for (const auto& label : record.security) {
      const auto* releasable = releasable_label(label.code);
      const auto notice = releasable == nullptr ? std::optional<std::string>()
                                                : consents_.release(*releasable, record.ref);
      if (notice) {
        by.push_back(releasable);
        if (!notice->empty()) due.push_back({label, *notice});
      } else if (!holds(harmless, label.code)) {
        return holds(profile_.excluded_labels, label.code) ? "label" : "unknown-label";
      }
    }
    if (has_excluded_code(record, by)) return "code";
    if (!needed(record)) return "not-needed";
    notices_[record.ref] = std::move(due);
    return {};
  }

  const ReleasedLabel* releasable_label(const std::string& code) const {
    const auto& all = profile_.released_labels;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.label == code; });
    return found == all.end() ? nullptr : &*found;
  }

  template <typename T>
  bool has_excluded_code(const T& record, const std::vector<const ReleasedLabel*>& by) const {
    const auto lifted = [&](const std::string& value_set) {
      return std::any_of(by.begin(), by.end(), [&](const ReleasedLabel* label) {
        return holds(label->value_sets, value_set);
      });
    };
    for (const Concept& coded : codes_of(record)) {
      for (const auto& value_set : profile_.excluded_value_sets) {
        if (terminology_.contains(value_set, coded) && !lifted(value_set)) return true;
      }
    }
    return false;
  }

  template <typename T>
  bool needed(const T&) const {
    return true;
  }
  bool needed(const Condition& record) const {
    return in_any(profile_.condition_value_sets, record.code);
  }
  bool needed(const Medication& record) const {
    return in_any(profile_.medication_value_sets, record.code);
  }

  bool in_any(const std::vector<std::string>& value_sets, const Concept& coded) const {
    if (value_sets.empty()) return true;
    return std::any_of(value_sets.begin(), value_sets.end(), [&](const auto& value_set) {
      return terminology_.contains(value_set, coded);
    });
  }

  const FieldProfile& profile_;
  const Terminology& terminology_;
  const Consents consents_;
  std::map<std::string, std::string> reasons_;
  std::map<std::string, std::vector<LegalNotice>> notices_;
};

}  // namespace

Selection select_records(const RecordSet& records, const std::vector<std::string>& candidates,
                         const FieldProfile& profile, const Terminology& terminology, Instant at,
                         const Parties& parties) {
  Judge judge(profile, terminology, Consents(records, candidates, parties, at));
  for_each_list(records, [&](const auto& list) { judge.judge_all(list); });
  Selection selection;
  for (const auto& ref : candidates) {
    const auto reason = judge.reason(ref);
    if (reason.empty()) {
      selection.include.push_back(ref);
      for (auto& notice : judge.notices(ref)) {
        auto& said = selection.notices;
        if (std::ranges::find(said, notice) == said.end()) said.push_back(std::move(notice));
      }
    } else {
      selection.withheld.push_back({ref, reason});
    }
  }
  return selection;
}

std::string withheld_statement(const Selection& selection) {
  const auto count = std::ranges::count_if(
      selection.withheld, [](const auto& record) { return record.reason != "not-found"; });
  if (count == 0) return {};
  return "Withheld by policy: " + std::to_string(count) + (count == 1 ? " record." : " records.") +
         " Ask the referring practice if something is needed for safe care.";
}

}  // namespace meridian::packet
