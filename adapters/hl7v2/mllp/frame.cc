// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/mllp/frame.h"

#include <algorithm>
#include <cctype>

namespace meridian::hl7v2 {
namespace {

constexpr char start_byte = '\x0b';
constexpr char end_byte = '\x1c';
constexpr char last_byte = '\r';
constexpr std::string_view new_start = "\x0bMSH";

/// Where a message begins within the text of another: 0x0B, MSH and a field separator (MSH is also
/// a hormone, and a line of a narrative may begin with it). npos when there is none.
std::size_t last_start(std::string_view text) {
  auto at = text.rfind(new_start);
  while (at != std::string_view::npos) {
    const auto next = at + new_start.size();
    const auto after = next < text.size() ? static_cast<unsigned char>(text[next]) : ' ';
    if (after > ' ' && after < 0x7f && std::isalnum(after) == 0) return at;
    at = at == 0 ? std::string_view::npos : text.rfind(new_start, at - 1);
  }
  return at;
}

std::size_t without_line_ends(std::string_view bytes) {
  return static_cast<std::size_t>(
      std::count_if(bytes.begin(), bytes.end(), [](char c) { return c != '\r' && c != '\n'; }));
}

}  // namespace

std::optional<Frame> FrameDecoder::read(std::string_view& bytes) {
  while (!bytes.empty()) {
    if (place_ == Place::between) {
      skip_to_start(bytes);
    } else if (place_ == Place::text) {
      read_text(bytes);
    } else if (bytes.front() == last_byte) {
      bytes.remove_prefix(1);
      return finish();
    } else if (bytes.front() == start_byte) {  // stays, as the start of the next one
      return finish();
    } else {
      keep({&end_byte, 1});
      place_ = Place::text;
    }
  }
  return std::nullopt;
}

std::optional<Frame> FrameDecoder::end() {
  if (place_ != Place::tail) return std::nullopt;
  return finish();
}

void FrameDecoder::skip_to_start(std::string_view& bytes) {
  const auto start = bytes.find(start_byte);
  junk_ += without_line_ends(bytes.substr(0, start));
  if (start == std::string_view::npos) {
    bytes = {};
    return;
  }
  bytes.remove_prefix(start + 1);
  place_ = Place::text;
}

void FrameDecoder::read_text(std::string_view& bytes) {
  const auto end = bytes.find(end_byte);
  keep(bytes.substr(0, end));
  if (end == std::string_view::npos) {
    bytes = {};
    return;
  }
  bytes.remove_prefix(end + 1);
  place_ = Place::tail;
}

void FrameDecoder::keep(std::string_view text) {
  const auto room = max_bytes_ - text_.size();
  if (text.size() > room) too_large_ = true;
  text_ += text.substr(0, room);
}

Frame FrameDecoder::finish() {
  Frame frame{std::move(text_), too_large_};
  text_.clear();
  too_large_ = false;
  place_ = Place::between;
  const auto again = last_start(frame.bytes);
  if (again != std::string::npos) {
    junk_ += without_line_ends(std::string_view(frame.bytes).substr(0, again));
    frame.bytes.erase(0, again + 1);
  }
  return frame;
}

Result<std::string> to_frame(std::string_view content) {
  if (content.find(end_byte) != std::string_view::npos) {
    return Error{ErrorCode::malformed, "mllp", "the message holds the byte that ends a frame"};
  }
  std::string frame;
  frame.reserve(content.size() + 3);
  frame += start_byte;
  frame += content;
  frame += end_byte;
  frame += last_byte;
  return frame;
}

}  // namespace meridian::hl7v2
