// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/write/allowance.h"

#include <algorithm>

namespace meridian::hl7v2 {
namespace {

bool lists(std::string_view entry, std::string_view element) {
  if (entry == "*" || entry == element) return true;
  if (element.starts_with(entry) && element[entry.size()] == '.') return true;
  if (!entry.ends_with("[x]")) return false;
  const auto stem = entry.substr(0, entry.size() - 3);
  return element.size() > stem.size() && element.starts_with(stem) && element[stem.size()] >= 'A' &&
         element[stem.size()] <= 'Z';
}

void add_once(std::vector<std::string>& list, std::string entry) {
  if (std::find(list.begin(), list.end(), entry) == list.end()) list.push_back(std::move(entry));
}

}  // namespace

bool Allowance::type(std::string_view type) const {
  return profile_.allowed.count(std::string(type)) != 0;
}

bool Allowance::listed(const std::string& ref, std::string_view element) const {
  const auto found = profile_.allowed.find(ref.substr(0, ref.find('/')));
  return found != profile_.allowed.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [&](const std::string& entry) { return lists(entry, element); });
}

bool Allowance::operator()(const std::string& ref, std::string_view element) {
  return any(ref, {element});
}

bool Allowance::any(const std::string& ref, std::initializer_list<std::string_view> elements) {
  const bool allowed = std::any_of(elements.begin(), elements.end(),
                                   [&](std::string_view element) { return listed(ref, element); });
  const auto first = *elements.begin();
  if (!allowed) add_once(removed_, ref + '.' + std::string(first.substr(0, first.find('.'))));
  return allowed;
}

void Allowance::refuse(const std::string& ref) {
  add_once(removed_, ref);
}

}  // namespace meridian::hl7v2
