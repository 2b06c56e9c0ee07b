// SPDX-License-Identifier: Apache-2.0
// A clinic's note as documents that the receiver's record takes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhir/exchange/dialect.h"
#include "port/packet_print.h"

namespace meridian::fhir {

struct NoteDocument {
  std::string attachments;  ///< the raw JSON list of its Attachments
  std::string received;     ///< the same before it was printed: what tells it from others
};

struct NoteContents {
  std::vector<NoteDocument> documents;
  std::vector<std::string> left_out;  ///< names of what the receiver does not take
};

/// `attachments` is a raw JSON list of Attachment objects. What the rules do not allow is printed
/// as a PDF with `page` around it, where it is text and they allow that; else (another media type;
/// an address in place of the bytes; no printer) it is left out and named, by title or media type.
NoteContents note_contents(std::string_view attachments, const WriteBack& rules,
                           const PagePrinter& print = {}, const Page& page = {});

/// The list with `mark` at the end of each title.
std::string with_marked_titles(std::string_view attachments, std::string_view mark);

}  // namespace meridian::fhir
