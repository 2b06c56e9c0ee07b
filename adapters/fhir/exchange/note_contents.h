// SPDX-License-Identifier: Apache-2.0
// A clinic's note as documents that the receiver's record takes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhir/exchange/dialect.h"

namespace meridian::fhir {

struct NoteContents {
  std::vector<std::string> documents;  ///< of each document the raw JSON list of its Attachments
  std::vector<std::string> left_out;   ///< names of what the receiver does not take
};

/// `attachments` is a raw JSON list of Attachment objects. What the rules do not allow (another
/// media type; an address in place of the bytes) is left out and named, by title or media type.
NoteContents note_contents(std::string_view attachments, const WriteBack& rules);

/// The list with `mark` at the end of each title.
std::string with_marked_titles(std::string_view attachments, std::string_view mark);

}  // namespace meridian::fhir
