// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/mllp/identity.h"

#include <algorithm>

#include "base/hash.h"
#include "hl7v2/syntax/batch.h"
#include "hl7v2/syntax/message.h"

namespace meridian::hl7v2 {
namespace {

constexpr std::size_t longest_id = 200;

std::string hash_of(std::string_view text) {
  return "sha256:" + hex(sha256(text));
}

bool is_plain(std::string_view text) {
  return text.size() <= longest_id &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

Identity identity_of(std::string_view message) {
  Identity by_bytes{hash_of(message), std::string(message)};
  const auto batch = split_batch(message);
  if (batch.messages.size() != 1 || !batch.envelope.empty()) return by_bytes;
  const auto only = batch.messages.front().bytes;
  Issues ignored;
  const auto parsed = parse(only.substr(0, only.find_first_of("\r\n")), ignored);
  if (!parsed || parsed->header().field(10).empty()) return by_bytes;
  const auto header = parsed->header();
  std::string id;
  for (const std::size_t field : {3u, 4u, 10u}) {
    if (field != 3) id += '|';
    id += header.field(field).raw();
  }
  Identity out{is_plain(id) ? id : hash_of(id), std::string(message)};
  const auto time = header.field(7).raw();
  if (time.empty()) return out;
  out.without_time.erase(static_cast<std::size_t>(time.data() - message.data()), time.size());
  return out;
}

}  // namespace meridian::hl7v2
