// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/write/write_answer.h"

#include <algorithm>

#include "base/hash.h"
#include "hl7v2/syntax/names.h"
#include "hl7v2/write/earlier.h"
#include "hl7v2/write/rows.h"
#include "model/appointments.h"
#include "port/letter_words.h"

namespace meridian::hl7v2 {
namespace {

constexpr std::size_t all_of_pid = 39;
constexpr std::size_t all_of_prd = 14;

/// A message that follows another one.
class Answer {
 public:
  Answer(const Writing& writing, const Letter& letter, const std::string& message,
         const std::string& event = {})
      : writing_(writing),
        letter_(letter),
        earlier_(writing, letter.earlier),
        out_(writing, message, letter.at, event) {}

  const Earlier& earlier() const { return earlier_; }
  MessageOut& out() { return out_; }
  const Letter& letter() const { return letter_; }
  const Writing& writing() const { return writing_; }

  std::string ours() const { return writing_.entity(letter_.referral_id, std::string(own_system)); }

  /// The origin's own number of what it ordered: RF1-6, ORC-2, else OBR-2.
  std::string theirs() const {
    for (const auto& [segment, field] :
         {std::pair{"RF1", 6}, std::pair{"ORC", 2}, std::pair{"OBR", 2}}) {
      auto number = earlier_.field(segment, static_cast<std::size_t>(field));
      if (!number.empty()) return number;
    }
    return {};
  }

  /// It goes where the earlier one came from.
  void send_back() {
    out_.header().set(5, earlier_.field("MSH", 3)).set(6, earlier_.field("MSH", 4));
  }

  /// It goes where the earlier one went.
  void send_again() {
    for (const std::size_t field : {4U, 5U, 6U}) {
      out_.header().set(field, earlier_.field("MSH", field));
    }
  }

  void acknowledge() { out_.add(Row{"MSA"}.set(1, "AA").set(2, earlier_.field("MSH", 10))); }

  void add_copies(std::string_view segment, std::size_t last) {
    for (auto& row : earlier_.rows(segment, last)) out_.add(std::move(row));
  }

  void note(const std::string& words) {
    if (!words.empty()) out_.add_numbered(Row{"NTE"}.set(3, writing_.text(words)));
  }

  /// Where the referral stands, why, and what a person can do about it.
  void add_status_notes() {
    note(status_words(letter_));
    for (const auto& words : page_words(letter_)) note(words);
    note(not_covered_words(letter_));
    note(not_said_words(letter_));
    note(signed_off_words(letter_));
  }

  Rendered finish() const {
    return out_.finish({{"referral", letter_.referral_id},
                        {"at", writing_.date(letter_.at)},
                        {"sender", letter_.sender_name},
                        {"receiver", letter_.receiver_name},
                        {"status", letter_.task_status}});
  }

 private:
  const Writing& writing_;
  const Letter& letter_;
  Earlier earlier_;
  MessageOut out_;
};

/// RF1 of the earlier message with what is new in it.
Row renewed_rf1(const Answer& answer, const std::string& status) {
  constexpr std::size_t to_process_date = 9;
  auto rf1 = answer.earlier().row("RF1", to_process_date).value_or(Row{"RF1"});
  rf1.set(1, answer.writing().code("v2-referral-status", "0283", status));
  return rf1;
}

Rendered write_rri(Answer& answer) {
  const auto& letter = answer.letter();
  answer.send_back();
  answer.acknowledge();
  auto rf1 = renewed_rf1(answer, letter.task_status);
  rf1.set(9, answer.writing().date(letter.at));
  const bool declined = letter.task_status == "rejected" || letter.task_status == "failed";
  if (declined) rf1.set(10, answer.writing().coded(Concept{{}, letter.reason}));
  rf1.set(11, answer.ours());
  answer.out().add(std::move(rf1));
  answer.add_copies("PRD", all_of_prd);
  answer.add_copies("PID", all_of_pid);
  answer.add_status_notes();
  return answer.finish();
}

Rendered write_osu(Answer& answer) {
  const auto& letter = answer.letter();
  const auto& writing = answer.writing();
  answer.send_back();
  answer.acknowledge();
  answer.add_copies("PID", all_of_pid);
  Row orc{"ORC"};
  const auto control = writing.code("v2-task-control", "0119", letter.task_status);
  orc.set(1, control.empty() ? "SC" : control);
  orc.set(2, answer.theirs()).set(3, answer.ours());
  orc.set(5, writing.code("v2-task-status", "0038", letter.task_status));
  orc.set(9, writing.date(letter.at));
  orc.set(16, writing.coded(Concept{{}, letter.reason}));
  answer.out().add(std::move(orc));
  constexpr std::size_t to_service = 4;
  if (auto obr = answer.earlier().row("OBR", to_service)) answer.out().add(std::move(*obr));
  answer.add_status_notes();
  return answer.finish();
}

/// The trigger event that says the appointment's status; a change of it otherwise. One that the
/// receiver was told of is moved: a second booking would stand in its schedule beside the first.
/// Source: HL7 v2.8.2 chapter 10.4
std::string event_of(const Writing& writing, const Letter& letter, const Appointment& appointment) {
  auto event = writing.code("v2-appointment-event", "0003", appointment.status);
  if (event.empty()) return "S14";
  const auto& changed = letter.changed;
  const bool told = std::find(changed.begin(), changed.end(), appointment.ref) != changed.end();
  return told && event == "S12" ? "S13" : event;
}

Rendered write_siu(Answer& answer, const Appointment& appointment) {
  const auto& writing = answer.writing();
  answer.send_back();
  Row sch{"SCH"};
  std::string filler;
  for (const auto& number : appointment.identifiers) {
    if (filler.empty()) filler = writing.entity(number.value.reveal(), number.system);
  }
  sch.set(1, answer.theirs()).set(2, filler.empty() ? answer.ours() : filler);
  sch.set(6, writing.concept_named("page"));
  if (appointment.status == "cancelled") sch.set(7, writing.coded(appointment.cancelation_reason));
  if (!appointment.service_types.empty()) {
    sch.set(8, writing.coded(appointment.service_types.front()));
  }
  const auto start = writing.date(appointment.start);
  const auto end = writing.date(appointment.end);
  sch.set(11, writing.components({"", "", "", start, end}));
  sch.set(25, writing.code("v2-appointment-status", "0278", appointment.status));
  sch.set(26, answer.theirs()).set(27, answer.ours());
  answer.out().add(std::move(sch));
  if (writing.dialect.since("2.5")) {
    answer.out().add(Row{"TQ1"}.set(1, "1").set(7, start).set(8, end));
  }
  answer.add_status_notes();
  answer.add_copies("PID", all_of_pid);
  answer.out().add(Row{"RGS"}.set(1, "1").set(2, "A"));
  Row ais{"AIS"};
  ais.set(1, "1").set(3, writing.concept_named("page")).set(4, start);
  answer.out().add(std::move(ais));
  return answer.finish();
}

/// The texts and files of what came back, as OBX.
Rows content_of(const Writing& writing, const Letter& letter) {
  FieldProfile all;  // the origin gets what its clinic wrote for it
  all.allowed = {{"DocumentReference", {"*"}}, {"DiagnosticReport", {"*"}}, {"Observation", {"*"}}};
  Allowance may(all);
  Rows content;
  const auto take = [&](const Rows& rows) {
    for (const auto& row : rows) {
      if (row.name == "OBX") content.push_back(row);
    }
  };
  for (const auto& document : letter.records.documents) take(document_of(writing, document, may));
  for (const auto& report : letter.records.imaging) take(report_of(writing, report, may));
  for (const auto& observation : letter.records.observations) {
    take(obx_of(writing, observation, may));
  }
  for (const auto& task : letter.records.tasks) {
    for (const auto& output : task.outputs) {
      add_lines(writing, writing.concept_named("note"), output.text, content);
    }
  }
  std::size_t number = 0;
  for (auto& obx : content) obx.set(1, std::to_string(++number));
  return content;
}

void add_order(Answer& answer) {
  const auto& writing = answer.writing();
  Row orc{"ORC"};
  orc.set(1, "RE").set(2, answer.theirs()).set(3, answer.ours()).set(5, "CM");
  answer.out().add(std::move(orc));
  Row obr{"OBR"};
  obr.set(1, "1").set(2, answer.theirs()).set(3, answer.ours());
  obr.set(4, writing.concept_named("note")).set(7, writing.date(answer.letter().at));
  obr.set(22, writing.date(answer.letter().at)).set(25, "F");
  answer.out().add(std::move(obr));
}

Row txa_of(const Answer& answer, const Rows& content) {
  const auto& writing = answer.writing();
  const auto& letter = answer.letter();
  std::string text;
  for (const auto& row : content) text += row.get(5) + '\r';
  const auto digest = hex(sha256(text)).substr(0, 8);
  const bool prose = std::any_of(content.begin(), content.end(),
                                 [](const Row& row) { return row.get(2) == "TX"; });
  Row txa{"TXA"};
  txa.set(1, "1").set(2, "CN").set(3, prose ? "TX" : "AP").set(4, writing.date(letter.at));
  txa.set(12, writing.entity(letter.referral_id + "-" + digest, std::string(own_system)));
  txa.set(14, answer.theirs()).set(15, answer.ours());
  txa.set(16, writing.text("Consult note")).set(17, "AU").set(19, "AV");
  return txa;
}

Error no_earlier() {
  return {ErrorCode::not_found, "render",
          "the message that this one answers is kept no more; its numbers are not known"};
}

/// The appointment is what there is to tell: later words of the clinic bring it again, as it was.
bool is_about_appointment(const Letter& letter) {
  const auto* one = leading(letter.records.appointments);
  if (one == nullptr) return false;
  const auto& status = one->status;
  if (letter.business_status == "no_show") return status == "noshow";
  if (letter.business_status == "appointment_cancelled") {
    return status == "cancelled" || status == "entered-in-error";
  }
  return letter.business_status == "scheduled";
}

}  // namespace

Result<Rendered> write_status(const Writing& writing, const Letter& letter) {
  if (is_about_appointment(letter)) {
    const auto& told = *leading(letter.records.appointments);
    Answer answer(writing, letter, "appointment", event_of(writing, letter, told));
    if (answer.earlier().empty()) return no_earlier();
    return write_siu(answer, told);
  }
  if (Earlier(writing, letter.earlier).type() == "REF") {
    Answer answer(writing, letter, "answer_to_referral");
    return write_rri(answer);
  }
  Answer answer(writing, letter, "answer_to_order");
  if (answer.earlier().empty()) return no_earlier();
  return write_osu(answer);
}

Result<Rendered> write_note(const Writing& writing, const Letter& letter) {
  const auto content = content_of(writing, letter);
  if (content.empty()) return write_status(writing, letter);
  Answer answer(writing, letter, "note");
  if (answer.earlier().empty()) return no_earlier();
  const auto found = writing.dialect.messages.find("note");
  const bool report = found != writing.dialect.messages.end() && found->second.starts_with("ORU");
  answer.send_back();
  if (!report) {
    answer.out().add(Row{"EVN"}.set(2, writing.date(letter.at)));
  }
  answer.add_copies("PID", all_of_pid);
  if (!report) answer.out().add(Row{"PV1"}.set(1, "1").set(2, "N"));
  if (report) {
    add_order(answer);
  } else {
    answer.out().add(txa_of(answer, content));
  }
  for (const auto& obx : content) answer.out().add(obx);
  return answer.finish();
}

Result<Rendered> write_update(const Writing& writing, const Letter& letter) {
  const bool ends = letter.task_status == "cancelled" || letter.task_status == "entered-in-error";
  Answer answer(writing, letter, ends ? "referral_cancel" : "referral_update");
  answer.send_again();
  constexpr std::size_t all_of_rf1 = 11;
  auto rf1 = answer.earlier().row("RF1", all_of_rf1).value_or(Row{"RF1"}.set(1, "P"));
  rf1.set(6, answer.ours());
  if (ends) rf1.set(1, "R");
  answer.out().add(std::move(rf1));
  answer.add_copies("PRD", all_of_prd);
  answer.add_copies("PID", all_of_pid);
  std::string words = letter.business_status.empty() ? letter.task_status : letter.business_status;
  if (!letter.reason.empty()) words += (words.empty() ? "" : ": ") + letter.reason;
  answer.note((letter.urgent ? "URGENT. " : "") + words);
  if (ends && letter.work_started) {
    answer.note("Work on it may have begun; please confirm the end of it by RRI.");
  }
  return answer.finish();
}

}  // namespace meridian::hl7v2
