// SPDX-License-Identifier: Apache-2.0
// A message that is put together segment by segment.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hl7v2/write/writing.h"
#include "port/envelope.h"

namespace meridian::hl7v2 {

/// A segment to be written; fields are raw.
struct Row {
  std::string name;
  std::vector<std::string> fields{};

  /// From 1; what is empty is not written.
  Row& set(std::size_t field, std::string raw);
  const std::string& get(std::size_t field) const;
};

/// What the templates of a dialect may name: referral, at, sender, receiver, priority, status.
using TemplateValues = std::map<std::string, std::string, std::less<>>;

/// The segments of one message, in order, and what the dialect makes of them.
class MessageOut {
 public:
  /// `message` is a name of WriteDialect::messages; `event` stands in place of its trigger event
  /// unless empty. MSH is written here.
  MessageOut(const Writing& writing, const std::string& message, Instant at,
             const std::string& event = {});

  Row& header() { return rows_.front(); }
  /// False when the dialect leaves such segments out.
  bool takes(std::string_view segment) const;
  void add(Row row);
  /// Adds with SEGMENT-1 counted from 1 among the segments of that name.
  void add_numbered(Row row);

  /// The bytes, and as key their MSH-10: the digest of everything else in them, in the 20
  /// characters that all versions allow. The same content has the same id.
  Rendered finish(const TemplateValues& values) const;

 private:
  std::string filled(std::string_view text, const TemplateValues& values) const;
  std::string bytes(const TemplateValues& values, const std::string& control_id) const;

  const Writing& writing_;
  std::vector<Row> rows_;
  std::map<std::string, std::size_t> counts_;
};

}  // namespace meridian::hl7v2
