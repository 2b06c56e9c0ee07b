// SPDX-License-Identifier: Apache-2.0
// What a field profile lets through, element by element. Default deny.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "model/field_profile.h"

namespace meridian::hl7v2 {

/// Asked before anything is written; keeps what was refused. Elements have FHIR's names, so that
/// one profile means the same for every protocol.
class Allowance {
 public:
  explicit Allowance(const FieldProfile& profile) : profile_(profile) {}

  /// True when the profile lists records of that type.
  bool type(std::string_view type) const;
  /// True when `element` ("name.family") of the record, or what it is part of, is listed;
  /// "value[x]" lists each choice. When not, "Condition/5.recordedDate" counts as removed.
  bool operator()(const std::string& ref, std::string_view element);
  /// True when one of several elements that mean the same is listed ("performedDateTime",
  /// "performedPeriod").
  bool any(const std::string& ref, std::initializer_list<std::string_view> elements);
  /// The record as a whole is not sent.
  void refuse(const std::string& ref);

  const std::vector<std::string>& removed() const { return removed_; }

 private:
  bool listed(const std::string& ref, std::string_view element) const;

  const FieldProfile& profile_;
  std::vector<std::string> removed_;
};

}  // namespace meridian::hl7v2
