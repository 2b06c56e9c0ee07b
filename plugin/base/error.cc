// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <array>

namespace meridian {
namespace {

constexpr RetryClass transient = RetryClass::transient;
constexpr RetryClass ambiguous = RetryClass::ambiguous;
constexpr RetryClass permanent = RetryClass::permanent;

constexpr ErrorRow rows[] = {
#define MERIDIAN_ERROR(name, abi, issue, http, msa, retry, fix) \
  {ErrorCode::name, #name, issue, http, msa, retry, fix},
#include "base/error_table.def"
#undef MERIDIAN_ERROR
};

}  // namespace

const ErrorRow& error_row(ErrorCode code) {
  for (const auto& row : rows) {
    if (row.code == code) return row;
  }
  return rows[std::size(rows) - 1];
}

const ErrorRow* find_error(std::string_view name) {
  for (const auto& row : rows) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

std::string_view retry_class_name(RetryClass retry) {
  constexpr std::string_view names[] = {"transient", "ambiguous", "permanent"};
  return names[static_cast<int>(retry)];
}

}  // namespace meridian
