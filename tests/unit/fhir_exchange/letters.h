// SPDX-License-Identifier: Apache-2.0
// The letters of tests/golden/render, for tests that send them.
#pragma once

#include <filesystem>
#include <string>

#include "model/page.h"
#include "port/ports.h"

namespace meridian::test {

/// tests/golden/render.
std::filesystem::path render_cases();

std::string read_file(const std::filesystem::path& path);

/// What letter.json says, and with it input.json and earlier.hl7 where there are such.
struct LetterCase {
  Letter letter;
  FieldProfile profile;
  std::string dialect;
};
Result<LetterCase> read_case(const std::filesystem::path& folder);

/// Everything that a page says.
std::string words_of(const Page& page);

/// Reads a case and renders it as FHIR.
Result<Rendered> render_case(const std::filesystem::path& folder);

/// A status of referral 01JNQX5K7V9W2M4R8T6Y0ZBCDE, written for a hospital that takes everything.
Rendered status_letter(const std::string& task_status, const std::string& business_status,
                       const std::string& order, const std::string& patient);

}  // namespace meridian::test
