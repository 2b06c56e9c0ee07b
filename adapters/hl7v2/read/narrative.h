// SPDX-License-Identifier: Apache-2.0
// The words of reports: rows put together, and where the impression is.
#pragma once

#include <string>
#include <string_view>

#include "hl7v2/read/context.h"

namespace meridian::hl7v2 {

/// True when category or code say that the report is one of imaging.
bool is_imaging(const Context& context, const ImagingReport& report);

/// findings, impression, comparison, history, technique, recommendation or addendum: by the suffix
/// of OBX-3 ("36643-5&IMP"), its code or its words; empty when none of them says.
const std::string& section_of(Context& context, const Segment& obx);

/// Adds a row to the report and the document that are open. When OBX-3 says that another section
/// begins and the words do not, its name is written before them. Rows stay in their order; an empty
/// one is an empty line.
void append_row(Context& context, const Segment& obx, std::string_view words);

/// The text of all impression sections, without their headings: from a line that begins with such
/// a heading ("IMPRESSION:", "Conclusion:") to the next heading.
std::string impression_of(const Context& context, std::string_view narrative);

/// When every segment was read: conclusions, and blank lines at the end taken off.
void finish_reports(Context& context);

}  // namespace meridian::hl7v2
