// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/records.h"

namespace meridian::sandbox {

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
  return made;
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
