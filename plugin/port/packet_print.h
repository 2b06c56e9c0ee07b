// SPDX-License-Identifier: Apache-2.0
// The packet as a page that is printed: what a clinician asks first, on one sheet, reports behind.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/page.h"
#include "port/letter_words.h"

namespace meridian {

/// A page as the bytes of a PDF. Errors: internal, when it cannot be drawn.
using PagePrinter = std::function<Result<std::string>(const Page& page)>;

/// The page of a packet. It says no more than the packet does: of each record what `profile` lists,
/// and of records only those of which `sends` is true. `order` as shown_order gives it, `lines` as
/// packet_lines does.
Page printed_packet(const Letter& letter, const ServiceRequest& order, const FieldProfile& profile,
                    const std::vector<PacketLine>& lines,
                    const std::function<bool(const std::string& ref)>& sends);

}  // namespace meridian
