// SPDX-License-Identifier: Apache-2.0
// Reads a page more strictly than any browser: what passes is read in one way by all of them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::test {

struct Tag {
  std::string name;
  std::map<std::string, std::string> attributes;  ///< as written
};

struct Markup {
  std::vector<Tag> tags;            ///< opening tags in their order
  std::string text;                 ///< between the tags, as written
  std::vector<std::string> faults;  ///< what the templates never write, with what stands there
};

/// Takes only lower-case tags of one blank between attributes in double quotes, closed in order;
/// character references that our escaping writes; UTF-8 without control characters. Everything
/// else, a "<" in a value too, is a fault.
Markup read_markup(std::string_view html);

/// Faults of a page of ours: those of read_markup; elements and attributes that no template has;
/// scripts that are not files of ours; addresses that lead anywhere but to us or to a published
/// source (`sources`, prefixes).
std::vector<std::string> faults_of(std::string_view html, const std::vector<std::string>& sources);

}  // namespace meridian::test
