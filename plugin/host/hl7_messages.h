// SPDX-License-Identifier: Apache-2.0
// What the subcommands of `meridian hl7` share: files into messages, and what they are called.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hl7v2/syntax/batch.h"
#include "hl7v2/syntax/charset.h"
#include "hl7v2/syntax/message.h"
#include "hl7v2/syntax/outline.h"

namespace meridian::host {

/// Calls `visit` with each file that can be read and the messages in it, views into its bytes.
/// False when one cannot be read, or holds no message: said on standard error.
bool each_hl7_file(const std::vector<std::string>& files,
                   const std::function<void(const std::string& file, std::string_view bytes,
                                            const hl7v2::Batch& batch)>& visit);

/// A message as it can be printed: in UTF-8, and parsed unless it is no message. Borrows `bytes`.
class ReadHl7 {
 public:
  explicit ReadHl7(std::string_view bytes);

  const std::optional<hl7v2::Message>& message() const { return message_; }
  const Issues& issues() const { return issues_; }
  std::string_view text() const { return decoded_.text; }
  /// "REF^I12 I-1": MSH-9 and MSH-10; "no message" when it is none.
  std::string title() const;

 private:
  hl7v2::Decoded decoded_;
  Issues issues_;
  std::optional<hl7v2::Message> message_;
};

/// The names of segments and fields that the program was built with.
hl7v2::NameOf segment_names();

/// "in.hl7: message 2", and of a file with one message "in.hl7".
std::string place_in(const std::string& file, const hl7v2::Batch& batch, std::size_t index);

}  // namespace meridian::host
