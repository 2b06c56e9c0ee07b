// SPDX-License-Identifier: Apache-2.0
// An HL7 v2 message (ER7) as views into the bytes it was read from. Nothing is copied or unescaped.
// Source: HL7 v2.8.2 chapter 2.5 and 2.6 (messages, delimiters)
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/issue.h"

namespace meridian::hl7v2 {

/// MSH-1 and MSH-2. A delimiter that the message does not define is 0.
struct Delimiters {
  char field = '|';
  char component = '^';
  char repetition = '~';
  char escape = '\\';
  char subcomponent = '&';
  char truncation = 0;  ///< v2.7: the fifth character of MSH-2

  friend bool operator==(const Delimiters&, const Delimiters&) = default;
};

/// A field, repetition, component or subcomponent as written. What is not there is empty. Borrowed
/// from the message's bytes; cheap to copy.
class Repetitions;
class Components;
class Part {
 public:
  Part() = default;
  Part(std::string_view raw, const Delimiters& delimiters) : raw_(raw), delimiters_(&delimiters) {}

  std::string_view raw() const { return raw_; }
  /// Nothing was said: leave as it is.
  bool empty() const { return raw_.empty(); }
  /// `""`: what was known is to be deleted.
  bool is_null() const { return raw_ == "\"\""; }
  /// Something was said that is not `""`.
  bool has_value() const { return !raw_.empty() && !is_null(); }

  /// Repetitions of a field; 0 when it is empty.
  std::size_t repetitions() const;
  /// Of a field, from 1. Looks from the beginning: for all of them go over each().
  Part repetition(std::size_t number) const;
  /// The repetitions of a field one after the other; none when it is empty.
  Repetitions each() const;
  /// Of a repetition, from 1; of a field that of its first repetition.
  Part component(std::size_t number) const;
  /// The same for whoever wants most of them, found in one walk.
  Components components() const;
  /// Of a component, from 1.
  Part subcomponent(std::size_t number) const;

  /// All of it as one text in UTF-8, unescaped; delimiters that were not escaped stay as they are.
  /// Empty for `""`.
  std::string text() const;
  /// The first subcomponent of the first component of the first repetition, unescaped, without the
  /// blanks around it. Empty for `""`.
  std::string value() const;

 private:
  Part split(char delimiter, std::size_t number) const;

  std::string_view raw_;
  const Delimiters* delimiters_ = nullptr;
};

/// The first components of a repetition, or of a field's first one: as many as the data types read
/// here have.
class Components {
 public:
  static constexpr std::size_t most = 12;  ///< of XTN
  Components(std::string_view raw, const Delimiters* delimiters);

  /// From 1 to `most`; what is not there is empty.
  Part operator[](std::size_t number) const {
    const auto raw = found_[number - 1];
    return raw.empty() ? Part() : Part(raw, *delimiters_);
  }

 private:
  std::array<std::string_view, most> found_{};
  const Delimiters* delimiters_;
};

inline Components Part::components() const {
  return {raw_, delimiters_};
}

/// A walk over the repetitions of a field, in time that grows with its length.
class Repetitions {
 public:
  class Iterator {
   public:
    /// With the delimiters null it is at the end.
    Iterator(std::string_view rest, const Delimiters* delimiters)
        : rest_(rest), delimiters_(delimiters) {
      if (delimiters_ != nullptr) end_ = rest_.find(delimiters_->repetition);
      if (delimiters_ != nullptr && delimiters_->repetition == 0) end_ = std::string_view::npos;
    }
    Part operator*() const { return {rest_.substr(0, end_), *delimiters_}; }
    Iterator& operator++() {
      *this = end_ == std::string_view::npos ? Iterator({}, nullptr)
                                             : Iterator(rest_.substr(end_ + 1), delimiters_);
      return *this;
    }
    bool operator!=(const Iterator& other) const { return delimiters_ != other.delimiters_; }

   private:
    std::string_view rest_;
    const Delimiters* delimiters_;
    std::size_t end_ = std::string_view::npos;
  };

  Repetitions(std::string_view raw, const Delimiters* delimiters)
      : raw_(raw), delimiters_(raw.empty() ? nullptr : delimiters) {}
  Iterator begin() const { return {raw_, delimiters_}; }
  Iterator end() const { return {{}, nullptr}; }

 private:
  std::string_view raw_;
  const Delimiters* delimiters_;
};

inline Repetitions Part::each() const {
  return {raw_, delimiters_};
}

class Message;

/// One segment of a message. Valid as long as the message is.
class Segment {
 public:
  Segment(const Message& message, std::size_t index) : message_(&message), index_(index) {}

  std::string_view name() const;
  std::size_t index() const { return index_; }  ///< in the message, from 0
  /// Which segment of this name it is in the message, from 1.
  std::size_t position() const;
  /// From 1, as the standard counts (MSH-1 is the field separator itself).
  Part field(std::size_t number) const;
  /// The highest number a field has.
  std::size_t size() const;
  /// As written, without the line end.
  std::string_view raw() const;
  /// First byte of the segment in the message.
  std::size_t offset() const;

  /// "PID", or "OBX[3]" when the message has several of that name.
  std::string path() const;
  /// "PID-7", "OBX[3]-5.2", "PID-3[2].4.1". 0 leaves a level out; repetition 1 is not written.
  std::string path(std::size_t field, std::size_t repetition = 1, std::size_t component = 0,
                   std::size_t subcomponent = 0) const;

 private:
  const Message* message_;
  std::size_t index_;
};

/// One parsed message. It borrows the bytes, which must outlive it.
class Message {
 public:
  Message() = default;

  std::string_view bytes() const { return bytes_; }
  const Delimiters& delimiters() const { return delimiters_; }
  std::size_t size() const { return rows_.size(); }  ///< segments
  Segment operator[](std::size_t index) const { return {*this, index}; }
  /// MSH; every message has it.
  Segment header() const { return {*this, 0}; }
  /// The first segment of that name.
  std::optional<Segment> find(std::string_view name) const;

 private:
  friend class Segment;
  friend class Parser;
  friend class Draft;

  struct Row {
    std::string_view raw;
    std::string_view end;  ///< the line end as received, with blank lines after it
    std::uint32_t first_field = 0;
    std::uint32_t fields = 0;
    std::uint32_t position = 1;
    bool alone = true;  ///< the only one of its name
  };

  std::string_view bytes_;
  std::string_view prefix_;  ///< byte order mark and blanks before MSH
  Delimiters delimiters_;
  std::vector<Row> rows_;
  std::vector<std::string_view> fields_;  ///< of all segments, without their names
};

struct ParseLimits {
  std::size_t max_bytes = std::size_t{64} << 20;
  std::size_t max_segments = 200'000;
};

/// Reads one message that begins with MSH. Segments end with CR, LF or both, also mixed. A line
/// that begins no segment belongs to the text of the segment before it (a line break that should
/// have been escaped) and gives a warning. Nothing, and a fatal issue that names segment and field,
/// when it is no message. Pure; any thread; `bytes` is borrowed and must be in a charset whose
/// delimiters are ASCII (see charset.h).
std::optional<Message> parse(std::string_view bytes, Issues& issues,
                             const ParseLimits& limits = {});

/// The delimiters of a segment that begins with MSH, FHS or BHS. Nothing, and an issue, when they
/// contradict each other.
std::optional<Delimiters> read_delimiters(std::string_view segment, Issues& issues);

}  // namespace meridian::hl7v2
