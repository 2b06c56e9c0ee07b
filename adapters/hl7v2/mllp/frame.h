// SPDX-License-Identifier: Apache-2.0
// MLLP: where a message begins and ends in a stream of bytes.
// Source: HL7 Minimal Lower Layer Protocol, release 1 (HL7 v2.8.2 implementation guide appendix C)
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace meridian::hl7v2 {

/// What stood between the start byte 0x0B and the end bytes 0x1C 0x0D.
struct Frame {
  std::string bytes;       ///< of one that is too large its first `max_bytes`
  bool too_large = false;  ///< the rest of it was read and dropped
};

/// Finds frames in bytes that arrive in any portions. Bytes before a start byte belong to nothing
/// and are dropped. 0x0B and 0x1C inside a frame are text (a line break pasted from a word
/// processor is 0x0B), save where they can only be what a broken sender meant: 0x1C before the next
/// frame's 0x0B ends the frame, and 0x0B before MSH and a separator begins it anew. The same bytes
/// give the same frames however they are split. Pure; any thread; one stream each.
class FrameDecoder {
 public:
  /// `max_bytes` of one frame are kept; at least 1.
  explicit FrameDecoder(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// Takes bytes from the front of `bytes` up to the end of one frame, or all. Call again while
  /// bytes are left.
  std::optional<Frame> read(std::string_view& bytes);

  /// No more bytes come now: the frame whose final 0x0D its sender left out, if it is one.
  std::optional<Frame> end();

  /// A frame has begun and has not ended.
  bool inside() const { return place_ != Place::between; }
  /// The last byte was the 0x1C of a frame; a sender that leaves 0x0D out sends nothing more.
  bool at_tail() const { return place_ == Place::tail; }
  /// Bytes that belonged to no frame so far, line ends not counted.
  std::size_t junk() const { return junk_; }

 private:
  enum class Place { between, text, tail };

  void skip_to_start(std::string_view& bytes);
  void read_text(std::string_view& bytes);
  void keep(std::string_view text);
  Frame finish();

  std::size_t max_bytes_;
  Place place_ = Place::between;
  std::string text_;
  bool too_large_ = false;
  std::size_t junk_ = 0;
};

/// 0x0B, the content, 0x1C 0x0D. Errors: malformed, when the content holds 0x1C, which a receiver
/// may take for the end.
Result<std::string> to_frame(std::string_view content);

}  // namespace meridian::hl7v2
