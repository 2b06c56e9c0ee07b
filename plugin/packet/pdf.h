// SPDX-License-Identifier: Apache-2.0
// A page for people as a PDF: one sheet where it fits, attachments behind it.
#pragma once

#include <string>

#include "base/result.h"
#include "model/page.h"

namespace meridian::packet {

/// US Letter. The first sheet's letters are made smaller, down to 7 points, until everything but
/// the attachments is on it; what still does not fit goes on. Every sheet says whose it is, the
/// number and which of how many it is. Text is text: it can be searched and read aloud, in every
/// script for which the machine has a font. What stands out does so by lines and black, not by
/// colour. The same page gives the same bytes on one machine. Any thread; reads fonts from disk.
/// Errors: internal, when Cairo cannot draw.
Result<std::string> pdf_of(const Page& page);

}  // namespace meridian::packet
