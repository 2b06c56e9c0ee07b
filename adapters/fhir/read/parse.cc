// SPDX-License-Identifier: Apache-2.0
#include "fhir/read/parse.h"

#include <cstring>
#include <memory>

#include <rapidjson/reader.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "fhir/read/handler.h"
#include "fhir/read/json_scan.h"

namespace rapidjson {

/// The parser works on copies of the position. Needed for numbers too: in place, RapidJSON takes
/// the begin of a number from the position that was not moved.
template <>
struct StreamTraits<meridian::fhir_read::Cursor> {
  enum { copyOptimization = 1 };  // NOLINT(readability-identifier-naming): RapidJSON's
};

#if defined(__SSE2__)
/// The parser's own hook for scanning text in blocks; it comes empty for streams it does not know.
/// RapidJSON's versions for SSE are chosen for all streams at once, and lose on short strings.
template <>
template <>
inline void Reader::ScanCopyUnescapedString(meridian::fhir_read::Cursor& text,
                                            meridian::fhir_read::Cursor&) {
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i control = _mm_set1_epi8(0x1f);
  for (;;) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.at));
    const __m128i special =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)),
                     _mm_cmpeq_epi8(_mm_min_epu8(block, control), block));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(special));
    const std::size_t plain = mask == 0 ? 16 : static_cast<std::size_t>(__builtin_ctz(mask));
    if (text.out != text.at) std::memmove(text.out, text.at, plain);  // an escape was shortened
    text.at += plain;
    text.out += plain;
    if (mask != 0) return;
  }
}
#endif

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

/// A copy of the text that the parser may write into.
std::unique_ptr<char[]> writable_copy(std::string_view text) {
  auto copy = std::make_unique_for_overwrite<char[]>(text.size() + padding);
  std::memcpy(copy.get(), text.data(), text.size());
  std::memset(copy.get() + text.size(), 0, padding);
  return copy;
}

}  // namespace

Parsed parse_text(std::string_view text, std::size_t base, Context& context) {
  const auto copy = writable_copy(text);
  const char* end = copy.get() + text.size();
  Cursor cursor{copy.get(), copy.get(), copy.get()};
  if (const auto offset = mend_surrogates({copy.get(), text.size()})) {
    context.notes.add(Severity::warning, "value", "",
                      "half a surrogate pair, which is no character, read as U+FFFD; the first at "
                      "byte " +
                          std::to_string(base + *offset));
  }
  Handler handler(context, cursor, end, base);
  rapidjson::Reader reader;
  constexpr unsigned flags = rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag;
  const auto result = reader.Parse<flags>(cursor, handler);
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
