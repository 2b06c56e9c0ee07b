// SPDX-License-Identifier: Apache-2.0
// What of a Spanish page is not Spanish.
#pragma once

#include <string>

namespace meridian::test {

/// The words, a space after each, that a page shows or says to a screen reader outside what it
/// marks as English, and that the catalogues of these pages have in English and never in Spanish.
std::string english_in(const std::string& html);

}  // namespace meridian::test
