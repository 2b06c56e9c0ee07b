// SPDX-License-Identifier: Apache-2.0
// What a clinic reads of one referral: its shelf, replayed into resources with versions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fhir/exchange/bundle_out.h"
#include "port/shelf.h"

namespace meridian::fhir {

/// A resource as a clinic reads it.
struct Held {
  struct Version {
    std::string bytes;  ///< with id, references as they are here; without version and time
    Instant at;
  };
  std::string type;
  std::string id;
  std::vector<Version> versions;  ///< the first is version 1; never empty
  bool by_clinic = false;         ///< the clinic made it, and may change it
  std::string changed_by;         ///< ShelfEntry::id of the latest change

  std::string ref() const { return type + "/" + id; }
  const std::string& bytes() const { return versions.back().bytes; }
  int version() const { return static_cast<int>(versions.size()); }
  Instant at() const { return versions.back().at; }
  /// The resource as it is answered, with meta; `version` 0 is the latest.
  /// Precondition: that version is there.
  std::string json(int version = 0) const;
};

/// What a message of the clinic says of the request that it was made from.
struct RequestMark {
  std::string message;  ///< ShelfEntry::id
  std::string request;  ///< X-Request-Id; empty when none was given
};

/// Members of the Task that are the clinic's to write; notes are only added to.
bool is_for_clinic(std::string_view task_member);

/// Types that a clinic may make.
bool clinic_makes(std::string_view type);

/// "01J...ZA" of an id that we gave: all ids of one referral begin with it. Empty for other ids.
std::string_view referral_in(std::string_view id);

/// The id of something that is not the Task or the order itself.
std::string part_id(std::string_view referral, std::string_view name);

/// Ids follow from what they name, so that each replay gives the same.
class View {
 public:
  /// Errors: malformed, when what was kept cannot be read.
  static Result<View> of(const Shelf& shelf);
  /// The same after one more entry. Errors as above.
  Result<void> apply(const ShelfEntry& entry);

  const std::string& referral() const { return referral_; }
  /// The referral's Task; nullptr before it was sent.
  const Held* task() const { return find("Task", referral_); }
  const Held* find(std::string_view type, std::string_view id) const;
  const Held* find(std::string_view ref) const;
  const std::vector<Held>& all() const { return held_; }
  const std::vector<RequestMark>& requests() const { return requests_; }

 private:
  explicit View(std::string referral) : referral_(std::move(referral)) {}
  Result<void> apply_ours(const ShelfEntry& entry);
  Result<void> apply_clinics(const ShelfEntry& entry);
  void name(const OutEntry& request);
  std::string found_by(std::string_view type, std::string_view query) const;
  Result<void> carry_out(const OutEntry& request, const ShelfEntry& entry);
  Result<void> patch(const std::string& ref, const std::string& changes, const ShelfEntry& entry);
  Result<void> take_task(std::string_view task, const ShelfEntry& entry);
  Result<void> put(const std::string& ref, std::string_view bytes, const ShelfEntry& entry,
                   bool always = false);

  std::string referral_;
  std::vector<Held> held_;
  std::map<std::string, std::string, std::less<>> names_;  ///< urn:uuid to "Type/id"
  std::vector<RequestMark> requests_;
};

}  // namespace meridian::fhir
