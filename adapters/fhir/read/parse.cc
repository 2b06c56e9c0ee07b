// SPDX-License-Identifier: Apache-2.0
#include "fhir/read/parse.h"

#include <array>
#include <cstring>
#include <memory>

#include <rapidjson/reader.h>

#include "fhir/read/handler.h"
#include "fhir/read/json_scan.h"

namespace meridian::fhir_read {
namespace {

constexpr unsigned parse_flags =
    rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag;

}
}  // namespace meridian::fhir_read

namespace rapidjson {

/// The parser works on copies of the position. Needed for numbers too: in place, RapidJSON takes
/// the begin of a number from the position that was not moved.
template <>
struct StreamTraits<meridian::fhir_read::Cursor> {
  enum { copyOptimization = 1 };  // NOLINT(readability-identifier-naming): RapidJSON's
};

/// The parser's own hook for scanning text in blocks; it comes empty for streams it does not know.
/// RapidJSON's versions for SSE are chosen for all streams at once, and lose on short strings.
template <>
template <>
inline void Reader::ScanCopyUnescapedString(meridian::fhir_read::Cursor& text,
                                            meridian::fhir_read::Cursor&) {
  char* const end = meridian::fhir_read::plain_text_end(text.at);
  const auto plain = static_cast<std::size_t>(end - text.at);
  if (text.out != text.at) std::memmove(text.out, text.at, plain);  // an escape was shortened
  text.at = end;
  text.out += plain;
}

/// The parser's own way to a string, with a look ahead: most have no escapes and end at the next
/// quote, so that nothing has to be moved.
template <>
template <>
RAPIDJSON_FORCEINLINE inline void Reader::ParseString<meridian::fhir_read::parse_flags>(
    meridian::fhir_read::Cursor& text, meridian::fhir_read::Handler& handler, bool is_key) {
  char* const begin = text.at + 1;  // after the quote
  char* end = meridian::fhir_read::plain_text_end(begin);
  if (*end == '"') {
    text.at = end + 1;
  } else {
    text.at = text.out = end;
    ParseStringToStream<meridian::fhir_read::parse_flags, UTF8<>, UTF8<>>(text, text);
    RAPIDJSON_PARSE_ERROR_EARLY_RETURN_VOID;
    end = text.out - 1;  // before the zero
  }
  const auto size = static_cast<SizeType>(end - begin);
  if (!(is_key ? handler.Key(begin, size, false) : handler.String(begin, size, false))) {
    RAPIDJSON_PARSE_ERROR(kParseErrorTermination, text.Tell());
  }
}

/// The parser's own choice by what a value begins with, in the order of what is most frequent, and
/// without a call for strings.
template <>
template <>
RAPIDJSON_FORCEINLINE inline void Reader::ParseValue<meridian::fhir_read::parse_flags>(
    meridian::fhir_read::Cursor& text, meridian::fhir_read::Handler& handler) {
  constexpr unsigned flags = meridian::fhir_read::parse_flags;
  const char first = text.Peek();
  if (first == '"') return ParseString<flags>(text, handler);
  if (first == '{') return ParseObject<flags>(text, handler);
  if (first == '[') return ParseArray<flags>(text, handler);
  if (first == 't') return ParseTrue<flags>(text, handler);
  if (first == 'f') return ParseFalse<flags>(text, handler);
  if (first == 'n') return ParseNull<flags>(text, handler);
  ParseNumber<flags>(text, handler);
}

}  // namespace rapidjson

namespace meridian::fhir_read {
namespace {

Literal reason_of(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty:
      return "the text is empty";
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return "something follows the end of the JSON value";
    case rapidjson::kParseErrorValueInvalid:
      return "not a JSON value";
    case rapidjson::kParseErrorObjectMissName:
      return "the name of a member is missing";
    case rapidjson::kParseErrorObjectMissColon:
      return "a colon is missing after the name of a member";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
      return "a comma or } is missing after a member";
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
      return "a comma or ] is missing after an array element";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
    case rapidjson::kParseErrorStringEscapeInvalid:
      return "an escape in a string is not valid";
    case rapidjson::kParseErrorStringMissQuotationMark:
      return "a string is not closed";
    case rapidjson::kParseErrorStringInvalidEncoding:
      return "a control character stands in a string";
    case rapidjson::kParseErrorNumberTooBig:
      return "a number is too big";
    case rapidjson::kParseErrorNumberMissFraction:
      return "a number has no digits after its point";
    case rapidjson::kParseErrorNumberMissExponent:
      return "a number has no digits in its exponent";
    default:
      return "not valid JSON";
  }
}

Literal reason_of(Stop stop) {
  switch (stop) {
    case Stop::too_deep:
      return "objects and arrays are nested too deep";
    case Stop::too_many_resources:
      return "too many resources in one message";
    case Stop::too_many_values:
      return "too many values in one message";
    case Stop::too_many_issues:
      return "too many problems in one message";
    case Stop::none:
      break;
  }
  return "reading was stopped";
}

/// Zero bytes after the text: one ends it for the parser, the others let it be read in blocks.
constexpr std::size_t padding = 32;

/// A copy of the text that the parser may write into; valid until this thread takes the next one.
/// Short texts share one place per thread, which the processor still has at hand.
class WritableCopy {
 public:
  explicit WritableCopy(std::string_view text) : size_(text.size()) {
    thread_local std::array<char, 64 * 1024> near;
    if (size_ + padding > near.size()) {
      far_ = std::make_unique_for_overwrite<char[]>(size_ + padding);
    }
    begin_ = far_ ? far_.get() : near.data();
    std::memcpy(begin_, text.data(), size_);
    std::memset(begin_ + size_, 0, padding);
  }
  char* begin() const { return begin_; }
  char* end() const { return begin_ + size_; }

 private:
  std::unique_ptr<char[]> far_;
  char* begin_;
  std::size_t size_;
};

}  // namespace

Parsed parse_text(std::string_view text, std::size_t base, Context& context) {
  const WritableCopy copy(text);
  const char* end = copy.end();
  Cursor cursor{copy.begin(), copy.begin(), copy.begin()};
  if (const auto offset = mend_surrogates({copy.begin(), copy.end()})) {
    context.notes.add(Severity::warning, "value", "",
                      "half a surrogate pair, which is no character, read as U+FFFD; the first at "
                      "byte " +
                          std::to_string(base + *offset));
  }
  Handler handler(context, cursor, end, base);
  rapidjson::Reader reader;
  const auto result = reader.Parse<parse_flags>(cursor, handler);
  Parsed parsed;
  parsed.offset = base + result.Offset();
  if (handler.stop() != Stop::none) {
    parsed.limit = true;
    parsed.reason = reason_of(handler.stop());
  } else if (result.IsError()) {
    parsed.reason = reason_of(result.Code());
  } else if (cursor.at != end) {
    parsed.offset = base + cursor.Tell();
    parsed.reason = "a zero byte stands in the text";  // the parser takes it for the end
  } else {
    parsed.complete = true;
  }
  if (!parsed.complete) handler.abandon();
  return parsed;
}

}  // namespace meridian::fhir_read
