// SPDX-License-Identifier: Apache-2.0
#include "host/lasting_keys.h"

namespace meridian::host {
namespace {

constexpr char name[] = "lasting keys";

const SourceId& us() {
  static const SourceId id("meridian");
  return id;
}

}  // namespace

Result<LastingKeys> load_lasting_keys(store::Store& store, const store::SecretKey& site) {
  const auto kept = store.cursor(us(), name);
  if (!kept) return kept.error();
  constexpr auto size = store::SecretKey::size;
  if (kept->empty()) {
    return LastingKeys{std::string(store::derive_key(site, "meridian ids").view()),
                       std::string(store::derive_key(site, "meridian people").view()),
                       std::string(store::derive_key(site, "meridian record names").view())};
  }
  if (kept->size() != 3 * size) {
    return Error{ErrorCode::store_damaged, "lasting_keys", "the lasting keys cannot be read"};
  }
  return LastingKeys{kept->substr(0, size), kept->substr(size, size), kept->substr(2 * size)};
}

Result<void> keep_lasting_keys(store::Store& store, const store::SecretKey& site) {
  const auto keys = load_lasting_keys(store, site);
  if (!keys) return keys.error();
  return store.set_cursor(us(), name, keys->ids + keys->people + keys->record_names);
}

}  // namespace meridian::host
