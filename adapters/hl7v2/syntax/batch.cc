// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/syntax/batch.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace meridian::hl7v2 {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
/// Between messages: line ends, blanks and the frame characters of MLLP.
constexpr std::string_view between = " \t\r\n\x0B\x1C";

bool ends_line(char c) {
  return c == '\r' || c == '\n' || c == '\x1C';
}

/// A segment that begins with its own delimiters.
bool begins_with(std::string_view line, std::string_view name) {
  if (line.size() < 4 || !line.starts_with(name)) return false;
  const auto c = static_cast<unsigned char>(line[3]);
  return c > ' ' && c < 0x7F && !(c >= '0' && c <= '9') &&
         !((c | 0x20U) >= 'a' && (c | 0x20U) <= 'z');
}

class Splitter {
 public:
  explicit Splitter(std::string_view bytes) : bytes_(bytes) {}

  Batch run() {
    std::size_t at = bytes_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    for (;;) {
      at = bytes_.find_first_not_of(between, at);
      if (at == std::string_view::npos) break;
      at = take_line(at);
    }
    end_message(bytes_.size());
    return std::move(batch_);
  }

 private:
  /// Looks at the line that begins at `at`; returns where it ends.
  std::size_t take_line(std::size_t at) {
    // Not find_first_of, which calls a function for each byte of a report.
    const auto* const end_of_line =
        std::find_if(bytes_.data() + at, bytes_.data() + bytes_.size(), ends_line);
    const auto end = static_cast<std::size_t>(end_of_line - bytes_.data());
    const auto line = bytes_.substr(at, end - at);
    if (begins_with(line, "MSH")) {
      end_message(at);
      begin_ = at;
      ++in_batch_;
    } else if (begins_with(line, "FHS") || begins_with(line, "BHS")) {
      end_message(at);
      batch_.envelope.push_back(line);
      if (line[0] == 'B') in_batch_ = 0;
    } else if (line.starts_with("BTS") || line.starts_with("FTS")) {
      end_message(at);
      batch_.envelope.push_back(line);
      check_count(line, at);
    } else if (begin_ == none && !stray_) {
      stray_ = true;
      batch_.issues.push_back({Severity::error, "structure", "byte " + std::to_string(at),
                               "a segment that belongs to no message; expected MSH, FHS or BHS"});
    }
    return end;
  }

  void end_message(std::size_t end) {
    if (begin_ == none) return;
    auto bytes = bytes_.substr(begin_, end - begin_);
    if (const auto last = bytes.find_last_not_of("\x0B\x1C"); last + 1 < bytes.size()) {
      bytes = bytes.substr(0, last + 1);
    }
    // The frame end stands before a CR: \x1C\r.
    if (const auto frame = bytes.find('\x1C'); frame != std::string_view::npos) {
      bytes = bytes.substr(0, frame);
    }
    batch_.messages.push_back({bytes, begin_});
    begin_ = none;
  }

  /// BTS-1 is the number of messages of the batch, FTS-1 that of the batches.
  void check_count(std::string_view line, std::size_t at) {
    if (line.size() < 5) return;
    const auto number = line.substr(4, line.find(line[3], 4) - 4);
    std::size_t said = 0;
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), said);
    const bool file = line[0] == 'F';
    if (!file) ++batches_;
    const auto found = file ? batches_ : in_batch_;
    if (number.empty() || (parsed.ec == std::errc{} && said == found)) return;
    batch_.issues.push_back({Severity::warning, "invariant", std::string(line.substr(0, 3)) + "-1",
                             "says " + std::string(number) + "; found " + std::to_string(found) +
                                 ", at byte " + std::to_string(at)});
  }

  static constexpr std::size_t none = std::string_view::npos;

  std::string_view bytes_;
  Batch batch_;
  std::size_t begin_ = none;
  std::size_t in_batch_ = 0;
  std::size_t batches_ = 0;
  bool stray_ = false;
};

}  // namespace

Batch split_batch(std::string_view bytes) {
  return Splitter(bytes).run();
}

Batch messages_of(std::string_view bytes) {
  auto batch = split_batch(bytes);
  if (batch.messages.empty()) {
    batch.messages.push_back({bytes, 0});
    batch.issues.clear();
  }
  return batch;
}

bool looks_like_hl7v2(std::string_view bytes) {
  if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
  const auto first = bytes.find_first_not_of(between);
  if (first == std::string_view::npos) return false;
  bytes.remove_prefix(first);
  return begins_with(bytes, "MSH") || begins_with(bytes, "FHS") || begins_with(bytes, "BHS");
}

}  // namespace meridian::hl7v2
