// SPDX-License-Identifier: Apache-2.0
// The keys whose work must outlive a new site key.
#pragma once

#include <string>

#include "base/result.h"
#include "store/site_key.h"
#include "store/store.h"

namespace meridian::host {

/// Ids of referrals, recovery codes of people and names of records of HL7 v2 are digests under
/// these, and stand in rows and in packets that were sent. They follow from the first site key that
/// a database had; from the first `meridian rekey` on they are kept in it, sealed. 32 bytes each.
struct LastingKeys {
  std::string ids;
  std::string people;
  std::string record_names;
};

/// Errors: store_damaged when what is kept has another length; store errors.
Result<LastingKeys> load_lasting_keys(store::Store& store, const store::SecretKey& site);

/// Keeps them before the site key changes; changes nothing when they are kept already.
Result<void> keep_lasting_keys(store::Store& store, const store::SecretKey& site);

}  // namespace meridian::host
