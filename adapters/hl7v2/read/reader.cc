// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/read/reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "hl7v2/read/context.h"
#include "hl7v2/read/narrative.h"
#include "hl7v2/read/segments.h"
#include "hl7v2/syntax/batch.h"
#include "hl7v2/syntax/charset.h"

namespace meridian::hl7v2 {
namespace {

using ReadSegment = void (*)(Context&, const Segment&);

/// What is read; all other segments, Z segments among them, stay in the bytes that are kept.
constexpr std::array<std::pair<std::string_view, ReadSegment>, 24> segment_readers = {{
    {"AIG", read_ais}, {"AIL", read_ais}, {"AIP", read_ais}, {"AIS", read_ais}, {"AL1", read_al1},
    {"AUT", read_aut}, {"DG1", read_dg1}, {"IN1", read_in1}, {"MRG", read_mrg}, {"NTE", read_nte},
    {"OBR", read_obr}, {"OBX", read_obx}, {"ORC", read_orc}, {"PID", read_pid}, {"PR1", read_pr1},
    {"PRD", read_prd}, {"PV1", read_pv1}, {"PV2", read_pv2}, {"RF1", read_rf1}, {"RXE", read_rx},
    {"RXO", read_rx},  {"SCH", read_sch}, {"TQ1", read_tq1}, {"TXA", read_txa},
}};

void finish(Context& context) {
  finish_referral(context);
  finish_reports(context);
  finish_answers(context);
  if (context.appointment && !context.patient.empty()) {
    auto& appointment = context.out.appointments[*context.appointment];
    appointment.participants.insert(appointment.participants.begin(), context.patient);
  }
}

void read_segments(Context& context) {
  const auto& message = context.message;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const auto segment = message[i];
    const auto name = segment.name();
    const auto found = std::lower_bound(
        segment_readers.begin(), segment_readers.end(), name,
        [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
    if (found != segment_readers.end() && found->first == name) found->second(context, segment);
  }
}

void look_for_patient(Context& context) {
  const bool may_be_missing = context.type == "ACK" || context.task;  // RRI, OSU: PID is optional
  if (!context.patient.empty() || may_be_missing) return;
  context.note(Severity::error, "required", "PID", "the message names no patient");
}

}  // namespace

RecordSet read_message(std::string_view bytes, const ReadSettings& settings,
                       const ReadOptions& options) {
  Decoded decoded;
  decode(bytes, settings.default_charset, decoded);
  Issues issues = std::move(decoded.issues);
  const auto message = parse(decoded.text, issues);
  if (!message) {
    RecordSet nothing;
    nothing.issues = std::move(issues);
    return nothing;
  }
  Context context(*message, settings, options);
  context.placed = decoded.changed.empty();
  context.out.issues.insert(context.out.issues.begin(), issues.begin(), issues.end());
  read_segments(context);
  finish(context);
  look_for_patient(context);
  return std::move(context.out);
}

void read_messages(std::string_view bytes, const ReadSettings& settings, const ReadOptions& options,
                   const std::function<void(RecordSet)>& visit) {
  auto batch = messages_of(bytes);
  if (!batch.issues.empty()) {
    RecordSet faults;
    faults.issues = std::move(batch.issues);
    visit(std::move(faults));
  }
  std::size_t number = 0;
  for (const auto& one : batch.messages) {
    auto records = read_message(one.bytes, settings, options);
    ++number;
    for (auto& issue : records.issues) {
      if (batch.messages.size() == 1) break;
      issue.path = "message " + std::to_string(number) + ": " + issue.path;
    }
    visit(std::move(records));
  }
}

bool Hl7v2Reader::takes(std::string_view media_type) const {
  const auto name = media_type.substr(0, media_type.find(';'));
  const auto trimmed = name.substr(0, name.find_last_not_of(" \t") + 1);
  constexpr std::string_view known[] = {"x-application/hl7-v2+er7",
                                        "application/hl7-v2+er7",
                                        "application/hl7-v2",
                                        "x-application/hl7-v2",
                                        "text/hl7v2",
                                        "application/edi-hl7v2"};
  return std::find(std::begin(known), std::end(known), trimmed) != std::end(known);
}

Result<RecordSet> Hl7v2Reader::read(const Envelope& envelope) const {
  RecordSet all;
  read_messages(envelope.bytes, settings_, {envelope.source.str(), envelope.received_at},
                [&](RecordSet records) { merge(all, std::move(records)); });
  return all;
}

}  // namespace meridian::hl7v2
