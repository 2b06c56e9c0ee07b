// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/write/write_referral.h"

#include <algorithm>
#include <optional>

#include "base/hash.h"
#include "hl7v2/syntax/names.h"
#include "hl7v2/write/rows.h"
#include "port/letter_words.h"

namespace meridian::hl7v2 {
namespace {

std::string type_of(const std::string& ref) {
  return ref.substr(0, ref.find('/'));
}

template <typename T>
const T* find(const std::vector<T>& list, const std::string& ref) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const T& record) { return record.ref == ref; });
  return found == list.end() ? nullptr : &*found;
}

/// The segments of the packet, each in the group where REF_I12 has it.
struct Groups {
  Rows insurance;
  Rows diagnoses;
  Rows allergies;
  Rows procedures;
  Rows observations;          ///< OBX under one OBR
  std::vector<Rows> reports;  ///< OBR and OBX each
};

class ReferralMessage {
 public:
  ReferralMessage(const Writing& writing, const Letter& letter, const FieldProfile& profile)
      : writing_(writing), letter_(letter), profile_(profile), may_(profile) {}

  Result<Rendered> run(const std::string& message) {
    order_ = find(letter_.records.service_requests, letter_.source_order);
    if (order_ == nullptr || !includes(order_->ref) || !may_.type("ServiceRequest")) {
      return Error{ErrorCode::not_found, "render", "the order is not among what may be sent"};
    }
    const auto* patient = find(letter_.records.patients, order_->subject.target);
    const bool there = letter_.patient_there.has_value();  // it goes by its record there
    if (patient == nullptr || !may_.type("Patient") || (!there && !includes(patient->ref))) {
      return Error{ErrorCode::not_found, "render", "the patient is not among what may be sent"};
    }
    note_sent(order_->ref, order_rows());
    note_sent(patient->ref, {pid_of(writing_, *patient, may_)});
    for (const auto& ref : letter_.include) add_record(ref);
    MessageOut out(writing_, message, letter_.at);
    out.add(rf1());
    for (auto& prd : providers()) out.add(std::move(prd));
    out.add(pid_of(writing_, *patient, may_));
    if (auto added = add_groups(out); !added) return added.error();
    add_notes(out);
    auto rendered = out.finish(template_values());
    rendered.withheld = may_.removed();
    rendered.records = std::move(sent_);
    return rendered;
  }

 private:
  bool includes(const std::string& ref) const {
    return std::find(letter_.include.begin(), letter_.include.end(), ref) != letter_.include.end();
  }

  /// Included, or contained in the order.
  bool goes(const Record& record) const {
    const auto& within = record.contained_in;
    return includes(record.ref) || (!within.empty() && within.front().target == order_->ref);
  }

  bool sends(const std::string& ref) const {
    return std::any_of(sent_.begin(), sent_.end(),
                       [&](const Rendered::Record& record) { return record.ref == ref; });
  }

  /// What the receiver gets of a record, without the numbers of its segments.
  void note_sent(const std::string& ref, const Rows& rows) {
    std::string text;
    for (const auto& row : rows) {
      text += row.name;
      for (std::size_t i = 2; i <= row.fields.size(); ++i) text += '|' + row.get(i);
      text += '\r';
    }
    sent_.push_back({ref, hex(sha256(text)).substr(0, 16)});
  }

  bool is_reason(const std::string& ref) {
    const auto& reasons = order_->reason_references;
    if (reasons.empty() || !may_(order_->ref, "reasonReference")) return false;
    return std::any_of(reasons.begin(), reasons.end(),
                       [&](const Reference& reason) { return reason.target == ref; });
  }

  /// Nobody knows yet whose record it would be filed in at the receiver.
  bool waits_for_link() const { return letter_.patient_there && letter_.patient_there->empty(); }

  void add_record(const std::string& ref) {
    const auto type = type_of(ref);
    if (sends(ref) || type == "Practitioner" || type == "PractitionerRole" ||
        type == "Organization" || type == "Location") {
      return;  // said by PRD
    }
    if (!may_.type(type)) return may_.refuse(ref);
    if (waits_for_link()) return;
    const auto rows = rows_of(ref);
    if (rows.empty()) {
      not_carried_.push_back(type);
      return may_.refuse(ref);
    }
    note_sent(ref, rows);
  }

  /// Puts what the record becomes into its group and gives it back; nothing when v2 has no way to
  /// say it.
  Rows rows_of(const std::string& ref) {
    const auto& records = letter_.records;
    const auto into = [](Rows& group, Rows rows) {
      group.insert(group.end(), rows.begin(), rows.end());
      return rows;
    };
    if (const auto* each = find(records.conditions, ref)) {
      if (!is_said_by_dg1(*each)) {
        return into(groups_.observations, history_of(writing_, *each, may_));
      }
      return into(groups_.diagnoses, {dg1_of(writing_, *each, is_reason(ref), may_)});
    }
    if (const auto* each = find(records.procedures, ref)) {
      if (is_said_by_pr1(*each) && writing_takes("PR1")) {
        return into(groups_.procedures, {pr1_of(writing_, *each, may_)});
      }
      return into(groups_.observations, history_of(writing_, *each, may_));
    }
    if (const auto* each = find(records.allergies, ref)) {
      if (!is_said_by_al1(*each)) return {};
      return into(groups_.allergies, {al1_of(writing_, *each, may_)});
    }
    if (const auto* each = find(records.coverages, ref)) {
      if (!writing_takes("IN1")) return {};
      return into(groups_.insurance, {in1_of(writing_, *each, may_)});
    }
    if (const auto* each = find(records.observations, ref)) {
      return into(groups_.observations, obx_of(writing_, *each, may_));
    }
    if (const auto* each = find(records.medications, ref)) {
      return into(groups_.observations, history_of(writing_, *each, may_));
    }
    if (const auto* each = find(records.questionnaire_responses, ref)) {
      return into(groups_.observations, obx_of(writing_, *each, may_));
    }
    return report_rows(ref);
  }

  Rows report_rows(const std::string& ref) {
    Rows rows;
    if (const auto* each = find(letter_.records.imaging, ref)) {
      rows = report_of(writing_, *each, may_);
    } else if (const auto* other = find(letter_.records.documents, ref)) {
      rows = document_of(writing_, *other, may_);
    }
    if (!rows.empty()) groups_.reports.push_back(rows);
    return rows;
  }

  bool writing_takes(const char* segment) const {
    return !writing_.dialect.leave_out.contains(segment);
  }

  /// Of the order itself: until when the offer stands (RF1-8) is ours, and no change of the record.
  Rows order_rows() {
    Rows rows = {rf1().set(8, ""), asked()};
    for (auto& wish : wishes()) rows.push_back(std::move(wish));
    return rows;
  }

  Row rf1() {
    const auto& ref = order_->ref;
    Row rf1{"RF1"};
    const std::string status = letter_.task_status.empty() ? "requested" : letter_.task_status;
    rf1.set(1, writing_.code("v2-referral-status", "0283", status));
    if (may_(ref, "priority")) {
      rf1.set(2, writing_.code("v2-priority", "0280", letter_priority(letter_, *order_)));
    }
    if (!order_->categories.empty() && may_(ref, "category")) {
      rf1.set(3, writing_.coded(order_->categories.front()));
    }
    rf1.set(6, writing_.entity(letter_.referral_id, std::string(own_system)));
    if (may_.any(ref, {"occurrencePeriod", "occurrenceDateTime"})) {
      rf1.set(7, writing_.date(order_->occurrence.start));
      rf1.set(8, writing_.date(order_->occurrence.end));
    }
    if (letter_.needed_by) rf1.set(8, writing_.date(*letter_.needed_by));
    if (may_(ref, "authoredOn")) rf1.set(9, writing_.date(order_->authored));
    if (!order_->identifiers.empty() && may_(ref, "identifier")) rf1.set(11, numbers());
    return rf1;
  }

  /// The order's own numbers where it comes from.
  std::string numbers() const {
    std::vector<std::string> parts;
    for (const auto& identifier : order_->identifiers) {
      parts.push_back(writing_.entity(identifier.value.reveal(), identifier.system));
    }
    return writing_.repetitions(parts);
  }

  /// Who asked, with the telephone of the role in which they did; nothing when that is not sent.
  std::optional<Practitioner> requester() {
    auto ref = order_->requester.target;
    const auto* role = find(letter_.records.practitioner_roles, ref);
    if (role != nullptr) ref = role->practitioner.target;
    const auto* person = find(letter_.records.practitioners, ref);
    if (person == nullptr || !goes(*person) || (role != nullptr && !goes(*role))) {
      return std::nullopt;
    }
    if (!may_.type("Practitioner") || !may_(order_->ref, "requester")) return std::nullopt;
    auto known = *person;
    if (role != nullptr && !role->telecom.empty() && may_(role->ref, "telecom")) {
      known.telecom.insert(known.telecom.end(), role->telecom.begin(), role->telecom.end());
    }
    return known;
  }

  Rows providers() {
    Rows rows;
    const auto person = requester();
    if (person || !letter_.sender_name.empty()) {
      rows.push_back(
          prd_of(writing_, "RP", person ? &*person : nullptr, letter_.sender_name, may_));
      if (person) note_sent(person->ref, rows);
    }
    if (!letter_.receiver_name.empty()) {
      rows.push_back(prd_of(writing_, "RT", nullptr, letter_.receiver_name, may_));
    }
    return rows;
  }

  /// What is asked for: an OBR that no OBX answers.
  Row asked() {
    const auto& ref = order_->ref;
    Row obr{"OBR"};
    obr.set(2, writing_.entity(letter_.referral_id, std::string(own_system)));
    if (may_(ref, "code")) obr.set(4, writing_.coded(order_->code));
    if (const auto person = requester(); person && !person->names.empty()) {
      const auto number = person->identifiers.empty() ? Identifier{} : person->identifiers.front();
      obr.set(16, writing_.person(number, person->names.front()));
    }
    if (!order_->reason_codes.empty() && may_(ref, "reasonCode")) {
      std::vector<std::string> reasons;
      for (const auto& reason : order_->reason_codes) reasons.push_back(writing_.coded(reason));
      obr.set(31, writing_.repetitions(reasons));
    }
    return obr;
  }

  Result<void> add_groups(MessageOut& out) {
    for (auto& in1 : groups_.insurance) out.add_numbered(std::move(in1));
    for (auto& dg1 : groups_.diagnoses) out.add_numbered(std::move(dg1));
    for (auto& al1 : groups_.allergies) out.add_numbered(std::move(al1));
    for (auto& pr1 : groups_.procedures) out.add_numbered(std::move(pr1));
    for (auto& detail : wishes()) out.add_numbered(std::move(detail));
    out.add_numbered(asked());
    auto page = page_rows();
    if (!page) return page.error();
    add_report(out, std::move(*page));
    for (auto& report : groups_.reports) add_report(out, std::move(report));
    if (groups_.observations.empty()) return {};
    Rows rows = {Row{"OBR"}.set(4, writing_.concept_named("observations"))};
    rows.insert(rows.end(), groups_.observations.begin(), groups_.observations.end());
    add_report(out, std::move(rows));
    return {};
  }

  /// PR1 without a date: a procedure that is asked for.
  Rows wishes() {
    Rows rows;
    if (order_->order_details.empty() || !may_(order_->ref, "orderDetail")) return rows;
    for (const auto& detail : order_->order_details) {
      rows.push_back(Row{"PR1"}.set(3, writing_.coded(detail)));
    }
    return rows;
  }

  /// OBX are counted within their OBR.
  static void add_report(MessageOut& out, Rows rows) {
    std::size_t number = 0;
    for (auto& row : rows) {
      if (row.name != "OBX") {
        out.add_numbered(std::move(row));
        continue;
      }
      row.set(1, std::to_string(++number));
      out.add(std::move(row));
    }
  }

  /// The page as text, and printed where there is a printer.
  Result<Rows> page_rows() {
    lines_ = packet_lines(letter_, [this](const std::string& ref) { return is_withheld(ref); });
    const auto shown = shown_order(letter_, *order_, profile_);
    const auto code = writing_.concept_named("page");
    auto rows = prose_of(writing_, code, letter_.at, packet_page(letter_, shown, lines_));
    if (!writing_.print || letter_.draft) return rows;
    const auto sent = [this](const std::string& ref) { return sends(ref); };
    const auto pdf = writing_.print(printed_packet(letter_, shown, profile_, lines_, sent));
    if (!pdf) return pdf.error();
    rows.push_back(file_of(writing_, code, "application/pdf", *pdf, writing_.date(letter_.at)));
    return rows;
  }

  /// Its type may be sent, yet it is not: what rests on it could tell what it is.
  bool is_withheld(const std::string& evidence) const {
    const auto ref = evidence.substr(0, evidence.find('#'));
    if (includes(ref) || !may_.type(type_of(ref))) return false;
    return !sends(ref);
  }

  void add_notes(MessageOut& out) {
    const auto note = [&](const std::string& words) {
      out.add_numbered(Row{"NTE"}.set(3, writing_.text(words)));
    };
    if (letter_.kind == Letter::Kind::referral_update) {
      note((letter_.urgent ? "URGENT. " : "") + letter_.reason);
    }
    if (!letter_.patient_link.empty()) {
      note("This patient is not linked to a record here. Staff can name the record once: " +
           letter_.patient_link);
    }
    for (const auto& line : lines_) {
      if (line.part == "missing") note("Not asked or not known: " + line.text);
      if (line.part == "withheld" || line.part == "notice") note(line.text);
    }
    if (not_carried_.empty()) return;
    std::sort(not_carried_.begin(), not_carried_.end());
    const auto count = std::to_string(not_carried_.size());
    not_carried_.erase(std::unique(not_carried_.begin(), not_carried_.end()), not_carried_.end());
    std::string types;
    for (const auto& type : not_carried_) types += (types.empty() ? "" : ", ") + type;
    note("Not in this message, which cannot say them: " + count +
         (count == "1" ? " record (" : " records (") + types +
         "). Ask the referring practice if something is needed for safe care.");
  }

  TemplateValues template_values() {
    return {{"referral", letter_.referral_id},
            {"at", writing_.date(letter_.at)},
            {"sender", letter_.sender_name},
            {"receiver", letter_.receiver_name},
            {"priority", letter_priority(letter_, *order_)},
            {"status", letter_.task_status}};
  }

  const Writing& writing_;
  const Letter& letter_;
  const FieldProfile& profile_;
  Allowance may_;
  const ServiceRequest* order_ = nullptr;
  Groups groups_;
  std::vector<Rendered::Record> sent_;
  std::vector<std::string> not_carried_;  ///< types, one entry a record
  std::vector<PacketLine> lines_;
};

}  // namespace

Result<Rendered> write_referral(const Writing& writing, const Letter& letter,
                                const FieldProfile& profile) {
  return ReferralMessage(writing, letter, profile).run("referral");
}

Result<Rendered> write_referral_again(const Writing& writing, const Letter& letter,
                                      const FieldProfile& profile) {
  return ReferralMessage(writing, letter, profile).run("referral_update");
}

}  // namespace meridian::hl7v2
