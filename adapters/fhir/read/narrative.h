// SPDX-License-Identifier: Apache-2.0
// The words of a report: attachments decoded, HTML to plain text, and how they are put together.
#pragma once

#include <string>
#include <string_view>

#include "fhir/read/context.h"

namespace meridian::fhir_read {

/// ISO 8859-1 to UTF-8.
std::string utf8_of_latin1(std::string_view text);

/// Writes ImagingReport::narrative from the report's own presentedForms and its conclusion. Forms
/// that are not text (PDF, RTF) or stand elsewhere are issues. A conclusion that is not part of
/// the forms follows them under "IMPRESSION:", which is what FHIR means by it.
void compose_narrative(Context& context, ImagingReport& report);

/// Puts words after a narrative, with an empty line between them.
void append_paragraph(std::string& narrative, std::string_view words);

}  // namespace meridian::fhir_read
