// SPDX-License-Identifier: Apache-2.0
// Oracle Health Millennium as it answers searches, reads and writes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "unit/fhir_vendors/vendor.h"

namespace meridian::test {

/// Source: fhir.cerner.com, and ecosystem notes on docs.oracle.com (README of this folder).
class Oracle : public Vendor {
 public:
  Oracle();

  std::vector<std::string> orders;       ///< pages of a search for orders; empty: as stored
  std::map<std::string, Reply> by_type;  ///< in place of a search of the type
  std::string combined;                  ///< an Encounter that searches hide
  bool wrong_tenant = false;
  int lose_answers = 0;  ///< of creates that were done

 private:
  std::optional<Reply> quirk(const Seen& seen);
  std::optional<Reply> orders_page(const Asked& search);
  std::optional<Reply> written(const Seen& seen);
  Reply kept(const Seen& seen, sandbox::Json body);
  void change(const Seen& seen, Reply& reply) const;
};

}  // namespace meridian::test
