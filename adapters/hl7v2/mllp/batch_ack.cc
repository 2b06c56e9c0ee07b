// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/mllp/batch_ack.h"

#include <algorithm>
#include <array>

#include "hl7v2/syntax/batch.h"

namespace meridian::hl7v2 {
namespace {

/// The fields of BHS as written, BHS-1 first. Empty when the batch has none.
std::vector<std::string> header_fields(const Batch& batch) {
  for (const auto segment : batch.envelope) {
    constexpr std::size_t name = 3;
    if (!segment.starts_with("BHS") || segment.size() <= name) continue;
    const char separator = segment[name];
    std::vector<std::string> fields = {std::string(1, separator)};
    auto rest = segment.substr(name + 1, segment.find_first_of("\r\n") - name - 1);
    while (true) {
      const auto end = std::min(rest.find(separator), rest.size());
      fields.emplace_back(rest.substr(0, end));
      if (end == rest.size()) return fields;
      rest.remove_prefix(end + 1);
    }
  }
  return {};
}

std::string field(const std::vector<std::string>& fields, std::size_t number) {
  return number <= fields.size() ? fields[number - 1] : std::string();
}

/// BHS of the answer: from whom it was for, to whom it came from.
std::string head(const std::vector<std::string>& received, const std::string& own_id) {
  constexpr std::array<std::size_t, 4> turned = {5, 6, 3, 4};
  const auto separator = field(received, 1);
  std::string out = "BHS" + separator + field(received, 2);
  for (const auto number : turned) out += separator + field(received, number);
  for (int empty = 7; empty < 11; ++empty) out += separator;
  return out + separator + own_id + separator + field(received, 11) + '\r';
}

/// What is said of one message: issues without a number are about all.
Verdict verdict_for(const Verdict& verdict, std::size_t number) {
  constexpr std::string_view prefix = "message ";
  Verdict own{verdict.fate, {}};
  for (const auto& issue : verdict.issues) {
    const auto about = std::string(prefix) + std::to_string(number) + ": ";
    if (issue.path.starts_with(prefix) && !issue.path.starts_with(about)) continue;
    own.issues.push_back(issue);
  }
  return own;
}

}  // namespace

std::string answer_to(std::string_view content, const Verdict& verdict, Instant now,
                      const std::function<std::string()>& new_id) {
  const auto batch = split_batch(content);
  const auto received = header_fields(batch);
  if (received.empty()) return acknowledge(content, verdict, now, new_id());
  std::string answers;
  std::size_t count = 0;
  for (std::size_t i = 0; i < batch.messages.size(); ++i) {
    const auto answer =
        acknowledge(batch.messages[i].bytes, verdict_for(verdict, i + 1), now, new_id());
    if (!answer.empty()) ++count;
    answers += answer;
  }
  return head(received, new_id()) + answers + "BTS" + field(received, 1) + std::to_string(count) +
         '\r';
}

}  // namespace meridian::hl7v2
