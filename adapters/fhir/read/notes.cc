// SPDX-License-Identifier: Apache-2.0
#include "fhir/read/notes.h"

namespace meridian::fhir_read {

std::string path_in_line(std::size_t line, std::string_view path) {
  std::string text = "line " + std::to_string(line);
  if (!path.empty()) text += ": ";
  return text += path;
}

void Notes::add(Severity severity, const char* code, std::string path, std::string text) {
  if (full() && severity != Severity::fatal) return;
  if (line_ != 0) path = path_in_line(line_, path);
  issues_.push_back({severity, code, std::move(path), std::move(text)});
}

void Notes::add_stu3(std::string_view path) {
  if (stu3_count_++ == 0) stu3_path_ = line_ == 0 ? std::string(path) : path_in_line(line_, path);
}

Issues Notes::take() {
  if (stu3_count_ > 0) {
    std::string text = "looks like FHIR STU3; R4 expected (";
    text += std::to_string(stu3_count_) + " such elements, the first one here)";
    issues_.insert(issues_.begin(),
                   {Severity::error, "not-supported", stu3_path_, std::move(text)});
  }
  return std::move(issues_);
}

std::string quoted(std::string_view value) {
  constexpr std::size_t longest = 80;
  std::size_t size = value.size();
  if (size > longest) {
    size = longest;
    while (size > 0 && (static_cast<unsigned char>(value[size]) & 0xC0) == 0x80) --size;
  }
  std::string text;
  text.reserve(size + 64);  // a sentence is likely to follow
  text.append(1, '\'').append(value.substr(0, size));
  text += size < value.size() ? "...'" : "'";
  return text;
}

}  // namespace meridian::fhir_read
