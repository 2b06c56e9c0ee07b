// SPDX-License-Identifier: Apache-2.0
// Looks ahead in JSON without keeping anything: passes over what the model does not take.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace meridian::fhir_read {

/// Passes over the rest of an object or array whose opening bracket has just been read.
/// Returns its closing bracket, or null when it is not well-formed JSON, is nested deeper than
/// `max_depth` (at most 64) or runs into `end`. Strict (RFC 8259): what it accepts, RapidJSON
/// accepts, save for numbers beyond the range of a double. UTF-8 must have been checked before.
const char* skip_container(const char* at, const char* end, bool object, unsigned max_depth);

#if defined(__SSE2__)
/// A bit for each of the 16 bytes from `at` on that is a quote, a backslash or a control character.
inline unsigned special_bits(const char* at) {
  const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i control = _mm_set1_epi8(0x1f);
  const __m128i special = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('"')),
                                                    _mm_cmpeq_epi8(text, _mm_set1_epi8('\\'))),
                                       _mm_cmpeq_epi8(_mm_min_epu8(text, control), text));
  return static_cast<unsigned>(_mm_movemask_epi8(special));
}
#endif

/// The next quote, backslash or control character. The text must end with one, and 16 bytes after
/// that must be readable.
inline char* plain_text_end(char* at) {
#if defined(__SSE2__)
  for (;; at += 16) {
    if (const unsigned bits = special_bits(at); bits != 0) return at + __builtin_ctz(bits);
  }
#else
  while (*at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20) ++at;
  return at;
#endif
}

/// Replaces \u escapes of half a surrogate pair, which stand for no character, by \ufffd. Returns
/// the offset of the first one; nothing when there was none.
std::optional<std::size_t> mend_surrogates(std::span<char> text);

/// What a resource says of itself, read ahead of it. Views into the text; empty when absent.
struct ResourceHead {
  std::string_view type;
  std::string_view id;
};

/// Reads resourceType of the object whose '{' has just been read, wherever it stands in it; with
/// `with_id` its id too. The first of several counts.
ResourceHead peek_resource(const char* at, const char* end, unsigned max_depth, bool with_id);

}  // namespace meridian::fhir_read
