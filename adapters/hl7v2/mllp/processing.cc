// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/mllp/processing.h"

#include "hl7v2/syntax/batch.h"
#include "hl7v2/syntax/message.h"

namespace meridian::hl7v2 {

std::vector<std::string> processing_ids(std::string_view bytes) {
  std::vector<std::string> ids;
  const auto batch = split_batch(bytes);
  for (const auto& one : batch.messages) {
    Issues ignored;  // the reader finds them again
    const auto parsed = parse(one.bytes.substr(0, one.bytes.find_first_of("\r\n")), ignored);
    if (!parsed) continue;
    auto id = parsed->header().field(11).repetition(1).component(1).value();
    if (!id.empty()) ids.push_back(std::move(id));
  }
  return ids;
}

}  // namespace meridian::hl7v2
