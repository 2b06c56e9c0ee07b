// SPDX-License-Identifier: Apache-2.0
#include "fhir/read/parse.h"

#include <cstring>
#include <memory>

#include <rapidjson/reader.h>

#include "fhir/read/handler.h"
#include "fhir/read/json_scan.h"

namespace rapidjson {

/// The parser works on copies of the position. Needed for numbers too: in place, RapidJSON takes
/// the begin of a number from the position that was not moved.
template <>
struct StreamTraits<meridian::fhir_read::Cursor> {
  enum { copyOptimization = 1 };
};

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

/// A copy of the text that the parser may write into, ended by a zero byte.
std::unique_ptr<char[]> writable_copy(std::string_view text) {
  auto copy = std::make_unique_for_overwrite<char[]>(text.size() + 1);
  std::memcpy(copy.get(), text.data(), text.size());
  copy[text.size()] = '\0';
  return copy;
}

}  // namespace

Parsed parse_text(std::string_view text, std::size_t base, Context& context) {
  const auto copy = writable_copy(text);
  Cursor cursor{copy.get(), copy.get(), copy.get(), copy.get() + text.size()};
  if (const auto offset = mend_surrogates({copy.get(), text.size()})) {
    context.notes.add(Severity::warning, "value", "",
                      "half a surrogate pair, which is no character, read as U+FFFD; the first at "
                      "byte " +
                          std::to_string(base + *offset));
  }
  Handler handler(context, cursor, base);
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
  } else if (cursor.at != cursor.end) {
    parsed.offset = base + cursor.Tell();
    parsed.reason = "a zero byte stands in the text";  // the parser takes it for the end
  } else {
    parsed.complete = true;
  }
  if (!parsed.complete) handler.abandon();
  return parsed;
}

}  // namespace meridian::fhir_read
