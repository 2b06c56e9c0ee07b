// SPDX-License-Identifier: Apache-2.0
#include "model/terminology.h"

#include <algorithm>

namespace meridian {
namespace {

constexpr std::string_view icd10cm = "http://hl7.org/fhir/sid/icd-10-cm";

/// Appends "system|code"; ICD-10-CM codes lose their dot and become upper case.
void add_key(std::string_view system, std::string_view code, std::string& key) {
  key += system;
  key += '|';
  if (system != icd10cm) {
    key += code;
    return;
  }
  for (const char c : code) {
    if (c != '.') key += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
}

std::string key_of(const Coding& coding) {
  std::string key;
  add_key(coding.system, coding.code, key);
  return key;
}

/// An empty string that has room: a chart asks for thousands of keys and keeps none.
std::string& scratch() {
  thread_local std::string key;
  key.clear();
  return key;
}

/// The category of an ICD-10-CM key: its first three characters after the system.
std::string category_of(const std::string& key) {
  return key.substr(icd10cm.size() + 1, 3);
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string normalized_term(std::string_view words) {
  if (words.ends_with(')')) words = words.substr(0, words.rfind('('));
  std::string out;
  out.reserve(words.size() + 1);
  std::size_t begin = 0;  // of the word that is being written
  const auto close_word = [&] {
    if (std::string_view(out).substr(begin) == "of") out.resize(begin);
    if (out.size() > begin) out += ' ';
    begin = out.size();
  };
  for (const char c : words) {
    const char low = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    if (is_word(low)) {
      out += low;
    } else {
      close_word();
    }
  }
  close_word();
  if (!out.empty()) out.pop_back();
  return out;
}

void Terminology::add_family(std::string_view value_set, std::string_view category) {
  families_[std::string(category)].emplace_back(value_set);
  ++set_sizes_[std::string(value_set)];
}

void Terminology::add(std::string_view value_set, const Coding& coding) {
  const std::string key = key_of(coding);
  const auto [entry, fresh] = sets_of_.try_emplace(key);
  auto& sets = entry->second;
  if (fresh && coding.system == icd10cm) {
    if (const auto family = families_.find(category_of(key)); family != families_.end()) {
      sets = family->second;
    }
  }
  if (std::find(sets.begin(), sets.end(), value_set) != sets.end()) return;
  sets.emplace_back(value_set);
  ++set_sizes_[std::string(value_set)];
}

void Terminology::add_map(std::string_view map, const Coding& from, std::string_view to) {
  maps_[std::string(map) + '|' + key_of(from)] = to;
  first_codes_.emplace(std::string(map) + '|' + from.system + '|' + std::string(to), from.code);
}

const std::vector<std::string>& Terminology::value_sets(std::string_view system,
                                                        std::string_view code) const {
  auto& key = scratch();
  add_key(system, code, key);
  return sets_with(key);
}

const std::vector<std::string>& Terminology::sets_with(const std::string& key) const {
  static const std::vector<std::string> none;
  if (const auto found = sets_of_.find(key); found != sets_of_.end()) return found->second;
  if (!key.starts_with(icd10cm) || key[icd10cm.size()] != '|') return none;
  const auto family = families_.find(category_of(key));
  return family == families_.end() ? none : family->second;
}

bool Terminology::contains(std::string_view value_set, const Coding& coding) const {
  const auto& sets = value_sets(coding);
  return std::find(sets.begin(), sets.end(), value_set) != sets.end();
}

bool Terminology::contains(std::string_view value_set, const Concept& coded) const {
  return std::any_of(coded.codings.begin(), coded.codings.end(),
                     [&](const Coding& coding) { return contains(value_set, coding); });
}

bool Terminology::contains(std::string_view value_set, const std::vector<Concept>& concepts) const {
  return std::any_of(concepts.begin(), concepts.end(),
                     [&](const Concept& coded) { return contains(value_set, coded); });
}

std::optional<std::string> Terminology::translate(std::string_view map, std::string_view system,
                                                  std::string_view code) const {
  auto& key = scratch();
  key.append(map).append(1, '|');
  add_key(system, code, key);
  const auto found = maps_.find(key);
  if (found == maps_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> Terminology::translate(std::string_view map,
                                                  const Concept& coded) const {
  for (const auto& coding : coded.codings) {
    if (auto target = translate(map, coding)) return target;
  }
  return std::nullopt;
}

std::optional<std::string> Terminology::code_for(std::string_view map, std::string_view system,
                                                 std::string_view target) const {
  std::string key(map);
  key.append(1, '|').append(system).append(1, '|').append(target);
  const auto found = first_codes_.find(key);
  if (found == first_codes_.end()) return std::nullopt;
  return found->second;
}

bool Terminology::covers(const std::vector<std::string>& wide, const Terminology& other,
                         const std::vector<std::string>& narrow) const {
  const auto in_any = [](const std::vector<std::string>& names,
                         const std::vector<std::string>& wanted) {
    return std::find_first_of(names.begin(), names.end(), wanted.begin(), wanted.end()) !=
           names.end();
  };
  const bool codes =
      std::all_of(other.sets_of_.begin(), other.sets_of_.end(), [&](const auto& theirs) {
        return !in_any(theirs.second, narrow) || in_any(sets_with(theirs.first), wide);
      });
  const bool families =
      std::all_of(other.families_.begin(), other.families_.end(), [&](const auto& theirs) {
        if (!in_any(theirs.second, narrow)) return true;
        const auto ours = families_.find(theirs.first);
        return ours != families_.end() && in_any(ours->second, wide);
      });
  return codes && families;
}

bool Terminology::keeps_map(std::string_view map, const Terminology& other) const {
  const std::string prefix = std::string(map) + '|';
  return std::all_of(other.maps_.begin(), other.maps_.end(), [&](const auto& row) {
    if (!row.first.starts_with(prefix)) return true;
    const auto found = maps_.find(row.first);
    return found != maps_.end() && found->second == row.second;
  });
}

bool Terminology::has_value_set(std::string_view value_set) const {
  return set_sizes_.contains(std::string(value_set));
}

}  // namespace meridian
