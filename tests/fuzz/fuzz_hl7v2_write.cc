// SPDX-License-Identifier: Apache-2.0
// Any bytes as the message that a letter follows, and as the records that it brings: what is
// written is a message again, and reads without a fault of its form.
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/property.h"
#include "hl7v2/read/reader.h"
#include "hl7v2/syntax/message.h"
#include "hl7v2/write/writer.h"
#include "knowledge/knowledge.h"

namespace {

using namespace meridian;

const Knowledge& knowledge() {
  static const auto loaded = [] {
    Issues issues;
    return std::move(*load_knowledge(issues));
  }();
  return loaded;
}

void expect_message(const Result<Rendered>& rendered) {
  if (!rendered) return;
  Issues issues;
  PROPERTY(hl7v2::parse(rendered->bytes, issues));
  PROPERTY(issues.empty());
  PROPERTY(rendered->bytes.find('\n') == std::string::npos);
}

template <typename List>
void include(const List& list, Letter& letter, FieldProfile& profile) {
  for (const auto& record : list) {
    letter.include.push_back(record.ref);
    profile.allowed[record.ref.substr(0, record.ref.find('/'))] = {"*"};
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const hl7v2::Hl7v2Renderer renderer(*hl7v2::find_write_dialect("v2"), knowledge().terminology);
  hl7v2::ReadSettings settings;
  settings.tables = &knowledge().terminology;
  Letter letter;
  FieldProfile profile;
  letter.referral_id = "R1";
  letter.records = hl7v2::read_message(bytes, settings);
  if (!letter.records.service_requests.empty()) {
    letter.source_order = letter.records.service_requests.front().ref;
  }
  include(letter.records.service_requests, letter, profile);
  include(letter.records.patients, letter, profile);
  include(letter.records.practitioners, letter, profile);
  include(letter.records.conditions, letter, profile);
  include(letter.records.procedures, letter, profile);
  include(letter.records.observations, letter, profile);
  include(letter.records.imaging, letter, profile);
  include(letter.records.documents, letter, profile);
  expect_message(renderer.render(letter, profile));
  letter.earlier = bytes;
  for (const auto kind : {Letter::Kind::status, Letter::Kind::consult_note}) {
    letter.kind = kind;
    letter.task_status = "accepted";
    expect_message(renderer.render(letter, profile));
  }
  letter.kind = Letter::Kind::referral_update;
  letter.include.clear();
  letter.task_status = "cancelled";
  expect_message(renderer.render(letter, profile));
  return 0;
}
