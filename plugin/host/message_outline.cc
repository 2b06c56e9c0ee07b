// SPDX-License-Identifier: Apache-2.0
#include "host/message_outline.h"

#include "hl7v2/read/reader.h"
#include "hl7v2/syntax/charset.h"
#include "hl7v2/syntax/message.h"
#include "hl7v2/syntax/outline.h"
#include "knowledge/segment_names.h"

namespace meridian::host {

std::function<std::string(std::string_view, std::string_view)> message_outline() {
  return [names = load_segment_names()](std::string_view media_type, std::string_view body) {
    if (media_type.find("hl7-v2") == std::string_view::npos) return std::string();
    hl7v2::Decoded decoded;
    hl7v2::decode(body, hl7v2::ReadSettings{}.default_charset, decoded);
    Issues issues;
    const auto message = hl7v2::parse(decoded.text, issues);
    if (!message) return std::string();
    return hl7v2::outline(*message, [&names](std::string_view path) -> std::string_view {
      const auto found = names.find(path);
      return found == names.end() ? std::string_view() : found->second;
    });
  };
}

}  // namespace meridian::host
