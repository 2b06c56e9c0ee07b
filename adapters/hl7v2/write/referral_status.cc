// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/write/referral_status.h"

#include "hl7v2/syntax/names.h"
#include "hl7v2/write/writing.h"

namespace meridian::hl7v2 {

ReferralStatus referral_status(const WriteDialect& dialect, const Terminology& tables,
                               const std::string& task_status) {
  constexpr const char* map = "v2-referral-status";
  constexpr const char* table = "0283";
  const PagePrinter none;
  ReferralStatus status;
  status.code = Writing(dialect, tables, none).code(map, table, task_status);
  status.read_as = tables.translate(map, table_system(table), status.code).value_or("");
  return status;
}

}  // namespace meridian::hl7v2
