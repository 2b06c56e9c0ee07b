// SPDX-License-Identifier: Apache-2.0
// All versions of all resources, in the order written; what a refused change wrote is taken back.
// back.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "fhir_server/json.h"

namespace meridian::sandbox {

/// One version of one resource; never changed once made.
struct Version {
  std::string type;
  std::string id;
  int number = 1;  ///< meta.versionId
  Instant updated;
  bool deleted = false;
  Json resource;  ///< with id and meta; null when deleted

  std::string reference() const { return type + "/" + id; }
};

using VersionPtr = std::shared_ptr<const Version>;

/// "Task/1/_history/2" and "http://x/Task/1" to "1".
std::string last_part(std::string_view reference);

class Records {
 public:
  /// The latest version, also when that is a deletion; nullptr when there never was one.
  VersionPtr latest(const std::string& type, const std::string& id) const;
  /// The latest version unless deleted.
  VersionPtr current(const std::string& type, const std::string& id) const;
  /// Oldest first; empty when there never was one.
  std::vector<VersionPtr> history(const std::string& type, const std::string& id) const;
  /// All that are not deleted, in the order of their ids.
  std::vector<VersionPtr> all(const std::string& type) const;
  /// Ids, in order, of what may have this word: each id of the type of which any version named it
  /// as an identifier's value or as the last part of a reference. Nothing else can fit a search for
  /// it.
  const std::set<std::string>& with_word(const std::string& type, const std::string& word) const;
  std::vector<std::string> types() const;

  /// Adds a version with id, versionId and lastUpdated set.
  VersionPtr put(const std::string& type, const std::string& id, Json resource, Instant now);
  VersionPtr remove(const std::string& type, const std::string& id, Instant now);
  /// Adds a version as it is (from a journal).
  void restore(VersionPtr version);
  /// Takes back what was written after the first `since` changes.
  void take_back(std::uint64_t since);

  /// An id that no resource of this server has.
  std::string new_id();

  /// Grows with each change: tells whether something was written since.
  std::uint64_t changes() const { return changes_.size(); }
  /// What was written after the first `since` changes.
  std::vector<VersionPtr> written(std::uint64_t since) const;

 private:
  VersionPtr add(Version version);

  std::map<std::string, std::map<std::string, std::vector<VersionPtr>>> types_;
  std::map<std::string, std::unordered_map<std::string, std::set<std::string>>> words_;
  std::vector<VersionPtr> changes_;
  std::uint64_t last_id_ = 1000;
};

}  // namespace meridian::sandbox
