// SPDX-License-Identifier: Apache-2.0
#include "fhir/read/reader.h"

#include <algorithm>
#include <istream>

#include "fhir/read/context.h"
#include "fhir/read/links.h"
#include "fhir/read/parse.h"
#include "fhir/read/utf8.h"

namespace meridian {
namespace {

using namespace fhir_read;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view spaces = " \t\r\n";

/// Calls `line(number, text, offset)` for each line that is not blank, until it returns false.
template <typename Visit>
void for_each_line(std::string_view text, std::size_t base, Visit line) {
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const auto one = text.substr(at, end - at);
    ++number;
    if (one.find_first_not_of(spaces) != std::string_view::npos && !line(number, one, base + at)) {
      return;
    }
    at = end + 1;
  }
}

std::string sentence(const Parsed& parsed) {
  std::string text = parsed.limit ? "stopped: " : "malformed JSON: ";
  text += parsed.reason.view();
  return text + ", at byte " + std::to_string(parsed.offset);
}

bool anything_read(const Context& context) {
  return !context.out.resources.empty();
}

/// One JSON text. What was read before a break is kept, with a fatal issue.
Result<void> read_single(std::string_view text, std::size_t base, Context& context) {
  const Parsed parsed = parse_text(text, base, context);
  if (parsed.complete) return {};
  if (!anything_read(context)) {
    return Error{parsed.limit ? ErrorCode::too_large : ErrorCode::malformed, "read_fhir",
                 parsed.reason, static_cast<std::int64_t>(parsed.offset)};
  }
  context.notes.add(Severity::fatal, parsed.limit ? "too-long" : "structure",
                    context.out.bundle_type.empty() ? "" : "Bundle", sentence(parsed));
  return {};
}

/// One JSON text per line; a broken line does not spoil the others.
void read_lines(std::string_view text, std::size_t base, Context& context) {
  for_each_line(text, base, [&](std::size_t number, std::string_view line, std::size_t offset) {
    context.notes.set_line(number);
    const Parsed parsed = parse_text(line, offset, context);
    if (!parsed.complete) {
      context.notes.add(parsed.limit ? Severity::fatal : Severity::error,
                        parsed.limit ? "too-long" : "structure", "", sentence(parsed));
    }
    return parsed.complete || !parsed.limit;
  });
  context.notes.set_line(0);
}

}  // namespace

bool looks_like_ndjson(std::string_view bytes) {
  int objects = 0;
  for_each_line(bytes, 0, [&](std::size_t, std::string_view line, std::size_t) {
    const auto first = line.find_first_not_of(spaces);
    const auto last = line.find_last_not_of(spaces);
    const bool object = line[first] == '{' && (objects > 0 || line[last] == '}');
    objects = object ? objects + 1 : 3;
    return objects < 2;
  });
  return objects == 2;
}

Result<RecordSet> read_fhir(std::string_view bytes, const ReadOptions& options) {
  if (bytes.size() > options.max_bytes) {
    return Error{ErrorCode::too_large, "read_fhir", "the message is longer than the limit",
                 static_cast<std::int64_t>(bytes.size())};
  }
  if (const auto offset = utf8_error(bytes)) {
    return Error{ErrorCode::malformed, "read_fhir", "not UTF-8 at this byte",
                 static_cast<std::int64_t>(*offset)};
  }
  const std::size_t base = bytes.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  const auto text = bytes.substr(base);
  const auto first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos) {
    return Error{ErrorCode::malformed, "read_fhir", "the text is empty"};
  }
  if (text[first] == '<') {
    return Error{ErrorCode::unsupported, "read_fhir", "XML; only FHIR JSON is read",
                 static_cast<std::int64_t>(base + first)};
  }
  Context context(options);
  context.message = bytes;
  context.out.resources.reserve(std::min<std::size_t>(bytes.size() / 1024 + 1, 4096));
  if (base > 0) {
    context.notes.add(Severity::information, "structure", "",
                      "begins with a byte order mark, which JSON must not have; ignored");
  }
  if (looks_like_ndjson(text)) {
    read_lines(text, base, context);
  } else if (const auto read = read_single(text, base, context); !read) {
    return read.error();
  }
  link_records(context);
  context.out.issues = context.notes.take();
  return std::move(context.out);
}

namespace {

enum class Line { read, too_long, none };

/// The next line, without its end. Never takes more than `limit` bytes into memory.
Line next_line(std::istream& stream, std::string& line, std::size_t limit) {
  line.clear();
  auto& buffer = *stream.rdbuf();
  constexpr auto eof = std::char_traits<char>::eof();
  for (int c = buffer.sbumpc(); c != eof; c = buffer.sbumpc()) {
    if (c == '\n') return Line::read;
    if (line.size() == limit) return Line::too_long;
    line.push_back(static_cast<char>(c));
  }
  return line.empty() ? Line::none : Line::read;
}

}  // namespace

Result<void> read_ndjson(std::istream& stream, const ReadOptions& options,
                         const std::function<bool(NdjsonLine)>& callback) {
  std::string line;
  for (std::size_t number = 1;; ++number) {
    const Line next = next_line(stream, line, options.max_bytes);
    if (next == Line::none) return {};
    if (next == Line::too_long) {
      return Error{ErrorCode::too_large, "read_ndjson", "a line is longer than the limit",
                   static_cast<std::int64_t>(number)};
    }
    if (line.find_first_not_of(spaces) == std::string::npos) continue;
    auto records = read_fhir(line, options);
    if (records) {
      for (auto& issue : records->issues) {
        issue.path = path_in_line(number, issue.path);
      }
    }
    if (!callback({number, line, std::move(records)})) return {};
  }
}

bool FhirReader::takes(std::string_view media_type) const {
  const auto name = media_type.substr(0, media_type.find(';'));
  const auto trimmed = name.substr(0, name.find_last_not_of(" \t") + 1);
  constexpr std::string_view known[] = {"application/fhir+json",   "application/json+fhir",
                                        "application/fhir+ndjson", "application/ndjson",
                                        "application/x-ndjson",    "application/json"};
  return std::find(std::begin(known), std::end(known), trimmed) != std::end(known);
}

Result<RecordSet> FhirReader::read(const Envelope& envelope) const {
  ReadOptions options;
  options.source_id = envelope.source.str();
  options.message_id = envelope.sender_id;
  options.received_at = envelope.received_at;
  return read_fhir(envelope.bytes, options);
}

}  // namespace meridian
