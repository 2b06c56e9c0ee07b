// SPDX-License-Identifier: Apache-2.0
// A clinic's view of one referral as plain values for people. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "fhir/inbox/timeline.h"

namespace meridian::fhir {

/// What a source's id stands for.
struct SourceTitle {
  std::string title;
  std::string url;
};
/// Empty title: the id is not known.
using SourceTitles = std::function<SourceTitle(std::string_view id)>;

/// The line of a list. Errors: malformed.
Result<InboxLine> line_of(const Replayed& replayed, const Shelf& shelf);

/// The whole page. Errors: malformed.
Result<InboxReferral> referral_page(Replayed replayed, const Shelf& shelf,
                                    const SourceTitles& sources);

/// The packet's printed page; nothing when it has none.
std::optional<std::string> printed_page(const View& view);

}  // namespace meridian::fhir
