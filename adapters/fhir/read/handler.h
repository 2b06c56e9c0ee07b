// SPDX-License-Identifier: Apache-2.0
// From the events of the JSON parser to calls of the field tables.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "fhir/read/context.h"
#include "fhir/read/element.h"
#include "fhir/read/resources.h"

namespace meridian::fhir_read {

/// The text being parsed, in place. A stream in RapidJSON's sense; the handler moves it forward
/// over what nobody reads.
struct Cursor {
  using Ch = char;
  char* at = nullptr;
  char* out = nullptr;
  char* begin = nullptr;

  // The names are RapidJSON's.
  // NOLINTBEGIN(readability-identifier-naming)
  Ch Peek() const { return *at; }
  Ch Take() { return *at++; }
  std::size_t Tell() const { return static_cast<std::size_t>(at - begin); }
  Ch* PutBegin() { return out = at; }
  void Put(Ch c) { *out++ = c; }
  Ch* Push(std::size_t count) {
    Ch* first = out;
    out += count;
    return first;
  }
  void Pop(std::size_t count) { out -= count; }
  std::size_t PutEnd(Ch* first) { return static_cast<std::size_t>(out - first); }
  void Flush() {}
  // NOLINTEND(readability-identifier-naming)
};

/// The parser calls this between tokens; found before its own, which goes by single characters
/// even where there is nothing to pass over.
inline void SkipWhitespace(Cursor& text) {  // NOLINT(readability-identifier-naming)
  if (static_cast<unsigned char>(*text.at) > ' ') return;
  while (*text.at == ' ' || *text.at == '\n' || *text.at == '\r' || *text.at == '\t') ++text.at;
}

/// Why reading was stopped before the end of the text.
enum class Stop : std::uint8_t {
  none,
  too_deep,
  too_many_resources,
  too_many_values,
  too_many_issues
};

/// The root of a text is read as if it were a member of this name.
inline constexpr Element root_element{.name = "", .shape = Shape::resource};

/// Receives the parser's events for one root object. Each returns false to stop the parser.
class Handler final : public Where {
 public:
  /// The text of the cursor ends at `end`, and 16 bytes after it are readable. `base` is the
  /// offset of its first byte in the message.
  Handler(Context& context, Cursor& cursor, const char* end, std::size_t base)
      : context_(context),
        cursor_(cursor),
        end_(end),
        base_(base),
        max_depth_(std::min(context.options.max_depth, deepest)) {
    context_.where = this;
    top_->element = &root_element;
  }
  ~Handler() { context_.where = nullptr; }
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;

  bool Null() { return scalar(Kind::null, {}); }
  bool Bool(bool value) { return scalar(Kind::boolean, value ? "true" : "false"); }
  bool RawNumber(const char* text, unsigned size, bool) {
    return scalar(Kind::number, {text, size});
  }
  bool String(const char* text, unsigned size, bool) { return scalar(Kind::text, {text, size}); }
  bool Key(const char* text, unsigned size, bool) {
    Frame& frame = *top_;
    const Element* element = frame.type->find(text, size, frame.next);
    frame.element = element;
    frame.index = -1;
    if (element == nullptr) return true;
    frame.next = element + 1;
    const std::uint64_t bit = std::uint64_t{1} << (element - frame.type->elements);
    const bool again = (frame.seen & bit) != 0;
    frame.seen |= bit;
    return (!again && element->shape < Shape::nothing) || special_key(*element, again);
  }
  bool StartObject();
  bool EndObject(unsigned);
  bool StartArray();
  bool EndArray(unsigned);
  // The parser gives all numbers to RawNumber.
  bool Int(int) { return true; }
  bool Uint(unsigned) { return true; }
  bool Int64(std::int64_t) { return true; }
  bool Uint64(std::uint64_t) { return true; }
  bool Double(double) { return true; }

  Stop stop() const { return stop_; }
  std::string path() const override;
  /// Ends what is open after the text broke off: whole records are kept, half ones are dropped.
  void abandon();

 private:
  enum class Kind : std::uint8_t { null, boolean, number, text, object, array };

  /// An object that is open.
  struct Frame {
    void* object = nullptr;
    const Type* type = nullptr;
    const Element* element = nullptr;  ///< member being read; null: nobody reads it
    const Element* next = nullptr;     ///< that is likely to come, as the table has them in order
    std::uint64_t seen = 0;            ///< bit per element
    int index = -1;                    ///< in the member's array
    bool resource = false;
  };
  /// A mapped resource that is open.
  struct Open {
    const Mapping* mapping = nullptr;
    Record* record = nullptr;
    std::size_t offset = 0;
    std::string path;
    bool contained = false;
  };

  static constexpr unsigned deepest = 64;

  bool scalar(Kind kind, std::string_view value) {
    Frame& frame = *top_;
    const Element* element = frame.element;
    if (element == nullptr) return true;
    const bool in_array = frame.index >= 0;
    if (!takes(element->shape, kind) || element->list != in_array) return odd_scalar(kind, value);
    if (!element->set(context_, frame.object, value)) return bad_value(value);
    frame.index += in_array ? 1 : 0;
    return true;
  }
  static bool takes(Shape shape, Kind kind) {
    constexpr auto bit = [](Kind one) { return 1u << static_cast<unsigned>(one); };
    constexpr unsigned any = bit(Kind::text) | bit(Kind::number) | bit(Kind::boolean);
    constexpr unsigned taken[] = {bit(Kind::text),
                                  bit(Kind::text),
                                  bit(Kind::number),
                                  bit(Kind::boolean),
                                  any,
                                  0,
                                  0,
                                  0,
                                  0,
                                  0};  // as Shape lists them
    return (taken[static_cast<unsigned>(shape)] & bit(kind)) != 0;
  }
  bool special_key(const Element& element, bool again);
  bool halt(Stop why);
  bool push(void* object, const Type* type, bool resource = false);
  bool skip(bool object);
  bool odd_scalar(Kind kind, std::string_view value);
  bool bad_value(std::string_view value);
  bool wrong_kind(const Element& element, Kind kind, std::string_view value);
  void unread_essential(const Element& element);
  bool no_resource();
  bool begin_resource();
  bool begin_unmapped(const Open& open, std::string_view type);
  bool begin_bundle();
  void add_span(const Open& open, std::string_view type);
  void end_resource();
  bool complete(const Frame& frame, const Open& open);
  void count_item() {
    if (top_->index >= 0) ++top_->index;
  }

  Context& context_;
  Cursor& cursor_;
  const char* end_;
  std::size_t base_;
  unsigned max_depth_;
  std::array<Frame, deepest + 1> frames_{};  ///< the first one is the root's place
  Frame* top_ = frames_.data();
  unsigned nesting_ = 0;  ///< open objects and arrays
  std::string root_name_;
  std::vector<Open> open_;
  Stop stop_ = Stop::none;
};

}  // namespace meridian::fhir_read
