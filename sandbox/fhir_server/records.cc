// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/records.h"

namespace meridian::sandbox {
namespace {

/// Calls `visit` with each word of a resource by which it can be looked for.
template <typename Visit>
void each_word(const Json& value, std::string_view name, const Visit& visit) {
  if (value.is_string()) {
    if (name == "reference") visit(last_part(value.text()));
    if (name == "value") visit(value.text());
    return;
  }
  const bool object = value.is_object();
  for (std::size_t i = 0; i < value.size(); ++i) {
    each_word(value.items()[i], object ? std::string_view(value.keys()[i]) : name, visit);
  }
}

}  // namespace

std::string last_part(std::string_view reference) {
  reference = reference.substr(0, reference.find("/_history/"));
  return std::string(reference.substr(reference.rfind('/') + 1));
}

VersionPtr Records::latest(const std::string& type, const std::string& id) const {
  const auto of_type = types_.find(type);
  if (of_type == types_.end()) return nullptr;
  const auto found = of_type->second.find(id);
  return found == of_type->second.end() ? nullptr : found->second.back();
}

VersionPtr Records::current(const std::string& type, const std::string& id) const {
  auto version = latest(type, id);
  return version && !version->deleted ? version : nullptr;
}

std::vector<VersionPtr> Records::history(const std::string& type, const std::string& id) const {
  const auto of_type = types_.find(type);
  if (of_type == types_.end()) return {};
  const auto found = of_type->second.find(id);
  return found == of_type->second.end() ? std::vector<VersionPtr>{} : found->second;
}

std::vector<VersionPtr> Records::all(const std::string& type) const {
  std::vector<VersionPtr> out;
  const auto of_type = types_.find(type);
  if (of_type == types_.end()) return out;
  for (const auto& [id, versions] : of_type->second) {
    if (!versions.back()->deleted) out.push_back(versions.back());
  }
  return out;
}

const std::set<std::string>& Records::with_word(const std::string& type,
                                                const std::string& word) const {
  static const std::set<std::string> none;
  const auto of_type = words_.find(type);
  if (of_type == words_.end()) return none;
  const auto found = of_type->second.find(word);
  return found == of_type->second.end() ? none : found->second;
}

std::vector<std::string> Records::types() const {
  std::vector<std::string> out;
  for (const auto& [type, resources] : types_) out.push_back(type);
  return out;
}

VersionPtr Records::put(const std::string& type, const std::string& id, Json resource,
                        Instant now) {
  const auto before = latest(type, id);
  const int number = before ? before->number + 1 : 1;
  resource.set("id", id);
  Json& meta = resource.member("meta");
  meta.set("versionId", std::to_string(number));
  meta.set("lastUpdated", to_string(now));
  return add({type, id, number, now, false, std::move(resource)});
}

VersionPtr Records::remove(const std::string& type, const std::string& id, Instant now) {
  const auto before = latest(type, id);
  return add({type, id, before ? before->number + 1 : 1, now, true, {}});
}

void Records::restore(VersionPtr version) {
  add(*version);
}

VersionPtr Records::add(Version version) {
  auto made = std::make_shared<const Version>(std::move(version));
  types_[made->type][made->id].push_back(made);
  changes_.push_back(made);
  auto& words = words_[made->type];
  each_word(made->resource, "", [&](std::string word) { words[std::move(word)].insert(made->id); });
  return made;
}

void Records::take_back(std::uint64_t since) {
  for (; changes_.size() > since; changes_.pop_back()) {  // its words stay: they lead to nothing
    auto& of_type = types_[changes_.back()->type];
    const auto found = of_type.find(changes_.back()->id);
    found->second.pop_back();
    if (found->second.empty()) of_type.erase(found);
  }
}

std::string Records::new_id() {
  const auto taken = [this](const std::string& id) {
    for (const auto& [type, resources] : types_) {
      if (resources.contains(id)) return true;
    }
    return false;
  };
  std::string id;
  do {
    id = std::to_string(++last_id_);
  } while (taken(id));
  return id;
}

std::vector<VersionPtr> Records::written(std::uint64_t since) const {
  return {changes_.begin() + static_cast<std::ptrdiff_t>(since), changes_.end()};
}

}  // namespace meridian::sandbox
