// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/mllp/ack.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "hl7v2/syntax/draft.h"
#include "hl7v2/syntax/escape.h"
#include "hl7v2/syntax/message.h"

namespace meridian::hl7v2 {
namespace {

constexpr std::size_t most_errors = 10;
constexpr std::size_t longest_text = 250;  // ERR-8 in v2.5
constexpr std::size_t longest_msa3 = 80;
constexpr std::string_view own_version = "2.5.1";

/// HL7 table 0357, message error condition codes, by what FHIR calls the issue.
/// Source: HL7 v2.8.2 chapter 2.14.5.3
struct Condition {
  std::string_view issue;
  std::string_view code;
  std::string_view text;
};
/// By the field rather than by the kind: MSH-11 and MSH-12 have conditions of their own.
constexpr std::array<Condition, 2> header_conditions = {{
    {"MSH-11", "202", "Unsupported processing id"},
    {"MSH-12", "203", "Unsupported version id"},
}};
constexpr std::array<Condition, 10> conditions = {{
    {"structure", "100", "Segment sequence error"},
    {"required", "101", "Required field missing"},
    {"value", "102", "Data type error"},
    {"code-invalid", "103", "Table value not found"},
    {"too-long", "104", "Value too long"},
    {"not-supported", "200", "Unsupported message type"},
    {"not-found", "204", "Unknown key identifier"},
    {"conflict", "205", "Duplicate key identifier"},
    {"lock-error", "206", "Application record locked"},
    {"", "207", "Application error"},
}};

const Condition& condition_of(const Issue& issue) {
  for (const auto& row : header_conditions) {
    if (issue.code == "not-supported" && issue.path == row.issue) return row;
  }
  return *std::find_if(conditions.begin(), conditions.end() - 1,
                       [&](const Condition& row) { return row.issue == issue.code; });
}

/// The line that begins with MSH: all that an acknowledgement needs of a message.
std::string_view header_line(std::string_view message) {
  while (!message.empty()) {
    const auto end = std::min(message.find_first_of("\r\n"), message.size());
    const auto line = message.substr(0, end);
    const auto begin = line.find("MSH");
    // before it a byte order mark, a frame's start or blanks
    if (begin <= 4) return line;
    message.remove_prefix(std::min(end + 1, message.size()));
  }
  return {};
}

/// 251 for "2.5.1"; that of our own version for what says none.
int version_number(const Segment& header) {
  auto said = header.field(12).value();
  if (said.empty()) said = own_version;
  int number = 0;
  int digits = 0;
  for (const char c : said) {
    if (c >= '0' && c <= '9' && digits < 3) {
      number = number * 10 + (c - '0');
      ++digits;
    }
  }
  for (; digits < 3; ++digits) number *= 10;
  return number;
}

/// A field as written, without bytes that have no place in one and would break the frame.
std::string echoed(const Part& field) {
  std::string raw(field.raw());
  std::erase_if(raw, [](char c) { return static_cast<unsigned char>(c) < ' '; });
  return raw;
}

/// In every charset the same, and short.
std::string plain(std::string_view text, std::size_t longest) {
  std::string out(text.substr(0, longest));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) > '~') c = '?';
  }
  return out;
}

/// 20261120101500+0000
std::string time_stamp(Instant now) {
  std::string stamp;
  for (const char c : to_string(now).substr(0, 19)) {
    if (c >= '0' && c <= '9') stamp += c;
  }
  return stamp + "+0000";
}

/// Where in a message, out of "PID", "OBX[3]-5.2" or "PID-3[2].4.1". Nothing said is empty.
struct Place {
  std::string segment, sequence, field, repetition, component, subcomponent;
};

std::string number_at(std::string_view& path, char before) {
  if (!path.starts_with(before)) return {};
  path.remove_prefix(1);
  const auto end = std::min(path.find_first_not_of("0123456789"), path.size());
  std::string number(path.substr(0, end));
  path.remove_prefix(end);
  if (before == '[' && path.starts_with(']')) path.remove_prefix(1);
  return number;
}

Place place_of(std::string_view path) {
  if (const auto message = path.find(": "); message != std::string_view::npos) {
    path.remove_prefix(message + 2);  // "message 2: PID-3"
  }
  const auto end = std::min(path.find_first_of("[-"), path.size());
  Place place;
  place.segment = path.substr(0, end);
  if (place.segment.size() != 3) return {};
  path.remove_prefix(end);
  place.sequence = number_at(path, '[');
  if (place.sequence.empty()) place.sequence = "1";
  place.field = number_at(path, '-');
  place.repetition = number_at(path, '[');
  place.component = number_at(path, '.');
  place.subcomponent = number_at(path, '.');
  if (!place.field.empty() && place.repetition.empty()) place.repetition = "1";
  return place;
}

/// Which code answers, or none.
std::string code_for(const Segment& header, Fate fate) {
  constexpr std::array<const char*, 4> accept = {"CA", "CE", "CR", "CA"};
  constexpr std::array<const char*, 4> application = {"AA", "AE", "AR", "AE"};
  const auto at = static_cast<std::size_t>(fate);
  const auto wants = [](std::string_view condition, bool accepted) {
    if (condition == "AL") return true;
    if (condition == "ER") return !accepted;
    if (condition == "SU") return accepted;
    return false;
  };
  const auto msh15 = header.field(15).value();
  const auto msh16 = header.field(16).value();
  if (msh15.empty() && msh16.empty()) return application[at];
  const bool accepted = fate == Fate::accepted;
  if (wants(msh15, accepted || fate == Fate::denied)) return accept[at];
  return wants(msh16, accepted) ? application[at] : "";
}

/// One acknowledgement as it grows.
class Writer {
 public:
  explicit Writer(const Message& message)
      : delimiters_(message.delimiters()),
        header_(message.header()),
        version_(version_number(header_)),
        draft_(delimiters_) {}

  void msh(Instant now, std::string_view control_id) {
    draft_.set_raw(0, 3, echoed(header_.field(5)));
    draft_.set_raw(0, 4, echoed(header_.field(6)));
    draft_.set_raw(0, 5, echoed(header_.field(3)));
    draft_.set_raw(0, 6, echoed(header_.field(4)));
    draft_.set(0, 7, time_stamp(now));
    const auto event = plain(header_.field(9).component(2).value(), 3);
    draft_.set(0, 9, {"ACK", event, version_ >= 231 ? "ACK" : ""});
    draft_.set(0, 10, control_id);
    draft_.set_raw(0, 11, echoed(header_.field(11)));
    draft_.set_raw(
        0, 12, header_.field(12).empty() ? std::string(own_version) : echoed(header_.field(12)));
    if (header_.field(18).has_value()) draft_.set_raw(0, 18, echoed(header_.field(18)));
  }

  void msa(std::string_view code, const Issues& errors) {
    const auto msa = draft_.add("MSA");
    draft_.set(msa, 1, code);
    draft_.set_raw(msa, 2, echoed(header_.field(10)));
    if (version_ < 250 && !errors.empty()) {  // deprecated since
      draft_.set(msa, 3, plain(errors.front().text, longest_msa3));
    }
  }

  void err(const Issues& errors) {
    if (errors.empty()) return;
    if (version_ < 250) {
      old_err(errors);
      return;
    }
    for (const auto& issue : errors) {
      const auto err = draft_.add("ERR");
      const auto place = place_of(issue.path);
      const auto& condition = condition_of(issue);
      draft_.set(err, 2,
                 {place.segment, place.sequence, place.field, place.repetition, place.component,
                  place.subcomponent});
      draft_.set(err, 3, {std::string(condition.code), std::string(condition.text), "HL70357"});
      draft_.set(err, 4, "E");
      draft_.set(err, 7, plain(issue.path, longest_text));
      draft_.set(err, 8, plain(issue.text, longest_text));
    }
  }

  std::string bytes() const { return draft_.bytes(); }

 private:
  /// ERR-1: segment ^ sequence ^ field ^ code & text & table, one repetition each.
  void old_err(const Issues& errors) {
    std::string list;
    for (const auto& issue : errors) {
      const auto place = place_of(issue.path);
      const auto& condition = condition_of(issue);
      if (!list.empty()) list += delimiters_.repetition;
      for (const auto* part : {&place.segment, &place.sequence, &place.field}) {
        list += escape(*part, delimiters_) + delimiters_.component;
      }
      list += condition.code;
      if (delimiters_.subcomponent == 0) continue;
      list += delimiters_.subcomponent + std::string(condition.text);
      list += delimiters_.subcomponent + std::string("HL70357");
    }
    draft_.set_raw(draft_.add("ERR"), 1, std::move(list));
  }

  Delimiters delimiters_;
  Segment header_;
  int version_;
  Draft draft_;
};

Issues errors_of(const Verdict& verdict) {
  Issues errors;
  if (verdict.fate == Fate::accepted) return errors;
  for (const auto& issue : verdict.issues) {
    const bool counts = issue.severity == Severity::error || issue.severity == Severity::fatal;
    if (counts && errors.size() < most_errors) errors.push_back(issue);
  }
  if (errors.empty()) {
    errors.push_back({Severity::error, "processing", "", "the message was not taken"});
  }
  return errors;
}

/// For what has no header that could be read: only that it was refused.
constexpr std::string_view no_header = "MSH|^~\\&|||||||||P|2.5.1";

}  // namespace

Verdict verdict_of(const Error& error) {
  const auto& row = error_row(error.code);
  const auto fate = row.msa1 == "AE" ? Fate::failed : Fate::refused;
  return {fate,
          {{Severity::error, std::string(row.fhir_issue), "", std::string(error.what.view())}}};
}

std::string acknowledge(std::string_view message, const Verdict& verdict, Instant now,
                        std::string_view control_id) {
  Issues wrong;
  auto header = parse(header_line(message), wrong);
  Verdict said = verdict;
  if (!header) {
    header = parse(no_header, wrong);
    said.fate = Fate::refused;
    if (!has_errors(said.issues)) {
      said.issues = {{Severity::error, "structure", "MSH", "the message has no MSH segment"}};
    }
  }
  const auto code = code_for(header->header(), said.fate);
  if (code.empty()) return {};
  const auto errors = code == "CA" ? Issues() : errors_of(said);
  Writer writer(*header);
  writer.msh(now, control_id);
  writer.msa(code, errors);
  writer.err(errors);
  return writer.bytes();
}

std::optional<Acknowledgement> read_acknowledgement(std::string_view message) {
  Issues ignored;
  const auto parsed = parse(message, ignored);
  if (!parsed) return std::nullopt;
  const auto msa = parsed->find("MSA");
  if (!msa) return std::nullopt;
  Acknowledgement said{msa->field(1).value(), msa->field(2).value(), {}, msa->field(3).text()};
  constexpr std::array<std::string_view, 6> codes = {"AA", "AE", "AR", "CA", "CE", "CR"};
  if (std::find(codes.begin(), codes.end(), said.code) == codes.end()) return std::nullopt;
  said.error = msa->field(6).value();
  if (const auto err = parsed->find("ERR")) {
    auto code = err->field(3).value();
    if (code.empty()) code = err->field(1).component(4).subcomponent(1).value();
    if (!code.empty()) said.error = std::move(code);
    if (said.text.empty()) said.text = err->field(8).text();
    if (said.text.empty()) said.text = err->field(3).component(2).text();
  }
  return said;
}

std::string control_id_of(std::string_view message) {
  Issues ignored;
  const auto header = parse(header_line(message), ignored);
  return header ? header->header().field(10).value() : std::string();
}

}  // namespace meridian::hl7v2
