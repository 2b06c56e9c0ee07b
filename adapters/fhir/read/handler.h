// SPDX-License-Identifier: Apache-2.0
// From the events of the JSON parser to calls of the field tables.
#pragma once

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
  const char* end = nullptr;

  Ch Peek() const { return *at; }                                            // NOLINT
  Ch Take() { return *at++; }                                                // NOLINT
  std::size_t Tell() const { return static_cast<std::size_t>(at - begin); }  // NOLINT
  Ch* PutBegin() { return out = at; }                                        // NOLINT
  void Put(Ch c) { *out++ = c; }                                             // NOLINT
  Ch* Push(std::size_t count) {
    Ch* first = out;
    out += count;
    return first;
  }                                                                                // NOLINT
  void Pop(std::size_t count) { out -= count; }                                    // NOLINT
  std::size_t PutEnd(Ch* first) { return static_cast<std::size_t>(out - first); }  // NOLINT
  void Flush() {}                                                                  // NOLINT
};

/// Why reading was stopped before the end of the text.
enum class Stop : std::uint8_t {
  none,
  too_deep,
  too_many_resources,
  too_many_values,
  too_many_issues
};

/// Receives the parser's events for one root object. Each returns false to stop the parser.
class Handler final : public Where {
 public:
  /// `base` is the offset in the message of the first byte of the cursor.
  Handler(Context& context, Cursor& cursor, std::size_t base)
      : context_(context), cursor_(cursor), base_(base) {
    context_.where = this;
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
  bool Key(const char* text, unsigned size, bool);
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

  static constexpr unsigned max_frames = 66;

  Frame& top() { return frames_[depth_ - 1]; }
  bool halt(Stop why);
  bool push(void* object, const Type* type, bool resource = false);
  bool skip(bool object);
  bool scalar(Kind kind, std::string_view value);
  bool accept(const Element& element, Kind kind, std::string_view value);
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
    if (top().index >= 0) ++top().index;
  }

  Context& context_;
  Cursor& cursor_;
  std::size_t base_;
  std::array<Frame, max_frames> frames_{};
  unsigned depth_ = 0;    ///< open objects
  unsigned nesting_ = 0;  ///< open objects and arrays
  std::string root_name_;
  std::vector<Open> open_;
  Stop stop_ = Stop::none;
};

}  // namespace meridian::fhir_read
