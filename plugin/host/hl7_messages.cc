// SPDX-License-Identifier: Apache-2.0
#include "host/hl7_messages.h"

#include <iterator>

#include "hl7v2/read/reader.h"
#include "host/read_together.h"
#include "host/site_command.h"
#include "knowledge/segment_names.h"

namespace meridian::host {
namespace {

const std::string default_charset = hl7v2::ReadSettings{}.default_charset;

}  // namespace

bool each_hl7_file(const std::vector<std::string>& files,
                   const std::function<void(const std::string& file, std::string_view bytes,
                                            const hl7v2::Batch& batch)>& visit) {
  bool good = true;
  for (const auto& file : files) {
    const auto in = open_input(file);
    if (!in) {
      failed(file, "the file cannot be read");
      good = false;
      continue;
    }
    const std::string bytes{std::istreambuf_iterator<char>(*in), {}};
    visit(file, bytes, hl7v2::messages_of(bytes));
  }
  return good;
}

ReadHl7::ReadHl7(std::string_view bytes) {
  hl7v2::decode(bytes, default_charset, decoded_);
  issues_ = decoded_.issues;
  message_ = hl7v2::parse(decoded_.text, issues_);
}

std::string ReadHl7::title() const {
  if (!message_) return "no message";
  const auto header = message_->header();
  const auto event = header.field(9).component(2).value();
  auto title = header.field(9).component(1).value() + (event.empty() ? "" : '^' + event);
  return title + ' ' + header.field(10).value();
}

hl7v2::NameOf segment_names() {
  return [names = load_segment_names()](std::string_view path) -> std::string_view {
    const auto found = names.find(path);
    return found == names.end() ? std::string_view() : found->second;
  };
}

std::string place_in(const std::string& file, const hl7v2::Batch& batch, std::size_t index) {
  if (batch.messages.size() == 1) return file;
  return file + ": message " + std::to_string(index + 1);
}

}  // namespace meridian::host
