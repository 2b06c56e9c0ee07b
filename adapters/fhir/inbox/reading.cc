// SPDX-License-Identifier: Apache-2.0
#include "fhir/inbox/reading.h"

#include <algorithm>

#include "fhir/exchange/collection.h"
#include "fhir/exchange/identifiers.h"
#include "fhir/exchange/json_index.h"
#include "fhir/read/reader.h"
#include "port/letter_words.h"

namespace meridian::fhir {
namespace {

/// What was sent to the clinic, not what it made.
Result<RecordSet> sent_records(const View& view) {
  Collection collection("urn:meridian:inbox");
  for (const auto& held : view.all()) {
    if (held.by_clinic) continue;
    if (auto added = collection.add(held.bytes()); !added) return added.error();
  }
  return read_fhir(collection.json());
}

template <typename T>
const T* find(const std::vector<T>& records, const std::string& ref) {
  for (const auto& record : records) {
    if (record.ref == ref) return &record;
  }
  return nullptr;
}

std::string phone_of(const std::vector<ContactPoint>& telecom) {
  for (const auto& contact : telecom) {
    if (contact.system == "phone") return contact.value.reveal();
  }
  return {};
}

std::string joined(const std::string& a, const char* between, const std::string& b) {
  return a.empty() || b.empty() ? a + b : a + between + b;
}

std::string day_of(const PartialDate& date) {
  return date.text.substr(0, 10);
}

class Reading {
 public:
  Reading(const Replayed& replayed, const Shelf& shelf, RecordSet records)
      : replayed_(replayed), shelf_(shelf), records_(std::move(records)) {
    for (const auto& task : records_.tasks) {
      if (task.ref == replayed.view.task()->ref()) task_ = &task;
    }
    if (task_ == nullptr) return;
    order_ = find(records_.service_requests, task_->focus.target);
    patient_ = find(records_.patients, task_->patient.target);
  }

  InboxLine line() const {
    InboxLine line;
    line.referral = shelf_.referral;
    line.group = group_of(replayed_.state, shelf_.next);
    line.state = shown_word(replayed_.state);
    line.since = replayed_.since;
    line.arrived = shelf_.entries.front().at;
    line.visit = next_visit();
    line.from = from();
    if (task_ != nullptr) line.priority = task_->priority;
    if (line.priority.empty()) line.priority = "routine";
    if (order_ != nullptr) line.ordered = name_of(order_->code);
    if (patient_ == nullptr) return line;
    if (!patient_->names.empty()) line.patient = display_name(patient_->names.front());
    line.born = day_of(patient_->birth_date.reveal());
    return line;
  }

  InboxReferral page(const SourceTitles& sources) const {
    InboxReferral page;
    page.line = line();
    page.version = replayed_.view.task()->version();
    page.acts = acts_of(replayed_.state, shelf_.next);
    page.printable = printed_page(replayed_.view).has_value();
    add_patient(page);
    add_order(page);
    add_surgeon(page);
    add_statements(sources, page);
    add_facts(page);
    add_reports(page);
    return page;
  }

 private:
  /// The next of the clinic's own bookings.
  std::optional<Instant> next_visit() const {
    std::optional<Instant> next;
    for (const auto& held : replayed_.view.all()) {
      if (held.type != "Appointment") continue;
      const auto index = JsonIndex::parse(held.bytes());
      if (!index || index->string(index->root(), "status") != "booked") continue;
      const auto start = parse_instant(index->string(index->root(), "start"));
      if (start && (!next || *start < *next)) next = start;
    }
    return next;
  }

  /// As the page for people says it: no resource need name the organisation.
  std::string from() const {
    constexpr std::string_view label = "\nFrom: ";
    for (const auto& document : records_.documents) {
      for (const auto& attachment : document.content) {
        const auto at = attachment.data.find(label);
        if (!attachment.content_type.starts_with("text/plain") || at == std::string::npos) continue;
        const auto begin = at + label.size();
        return attachment.data.substr(begin, attachment.data.find('\n', begin) - begin);
      }
    }
    return {};
  }

  void add_patient(InboxReferral& page) const {
    if (patient_ == nullptr) return;
    page.gender = patient_->gender;
    page.phone = phone_of(patient_->telecom);
    for (const auto& identifier : patient_->identifiers) {
      if (!identifier.system.starts_with(identifier_root)) {
        page.numbers.push_back(identifier.value.reveal());
      }
    }
    if (!patient_->preferred_language.empty()) {
      page.languages = name_of(patient_->preferred_language);
      return;
    }
    for (const auto& language : patient_->languages) {
      page.languages = joined(page.languages, ", ", name_of(language));
    }
  }

  void add_order(InboxReferral& page) const {
    if (order_ == nullptr) return;
    for (const auto& reason : order_->reason_codes) {
      page.reason = joined(page.reason, "; ", name_of(reason));
    }
    page.questions = order_->notes.reveal();
    const auto index = JsonIndex::parse(replayed_.view.task()->bytes());
    if (!index) return;
    page.answer_by = index->string(index->at(index->root(), {"restriction", "period", "end"}));
  }

  void add_surgeon(InboxReferral& page) const {
    if (order_ == nullptr) return;
    auto person = order_->requester.target;
    page.surgeon = order_->requester.display;
    if (const auto* role = find(records_.practitioner_roles, person)) {
      person = role->practitioner.target;
      page.surgeon_phone = phone_of(role->telecom);
    }
    const auto* surgeon = find(records_.practitioners, person);
    if (surgeon == nullptr) return;
    if (!surgeon->names.empty()) page.surgeon = display_name(surgeon->names.front());
    if (page.surgeon_phone.empty()) page.surgeon_phone = phone_of(surgeon->telecom);
  }

  void add_statements(const SourceTitles& sources, InboxReferral& page) const {
    const auto index = JsonIndex::parse(replayed_.view.task()->bytes());
    if (!index) return;
    const auto* inputs = index->find(&index->root(), "input");
    if (inputs == nullptr) return;
    for (const auto& input : index->children(*inputs)) {
      InboxStatement statement;
      statement.part = index->string(index->at(input, {"type", "text"}));
      statement.text = index->string(input, "valueString");
      if (statement.text.empty()) continue;
      take_rule(sources, statement);
      // An id of a list: "nonspecific_muscular".
      if (statement.part == "pain-type") {
        std::replace(statement.text.begin(), statement.text.end(), '_', ' ');
      }
      page.statements.push_back(std::move(statement));
    }
  }

  /// "... [rule AC02, source wfas-2023]", as letter_words.cc writes it.
  static void take_rule(const SourceTitles& sources, InboxStatement& statement) {
    auto& text = statement.text;
    const auto at = text.rfind(" [rule ");
    if (at == std::string::npos || text.back() != ']') return;
    const auto said = text.substr(at + 7, text.size() - at - 8);
    text.resize(at);
    const auto comma = said.find(", source ");
    statement.rule = said.substr(0, comma);
    if (comma == std::string::npos) return;
    const auto id = said.substr(comma + 9);
    const auto known = sources ? sources(id) : SourceTitle();
    statement.source = known.title.empty() ? id : known.title;
    if (known.url.starts_with("https://")) statement.link = known.url;
  }

  static void add(const char* label, std::string text, InboxReferral& page) {
    const bool again = std::any_of(
        page.facts.begin(), page.facts.end(),
        [&](const InboxFact& fact) { return fact.label == label && fact.text == text; });
    if (!text.empty() && !again) page.facts.push_back({label, std::move(text)});
  }

  static std::string dated(const Concept& coded, const PartialDate& date) {
    const auto day = day_of(date);
    return name_of(coded) + (day.empty() ? "" : " (" + day + ")");
  }

  void add_facts(InboxReferral& page) const {
    for (const auto& one : records_.procedures) {
      if (one.status != "entered-in-error") {
        add("surgery", dated(one.code, one.performed.start), page);
      }
    }
    for (const auto& one : records_.medications) {
      if (one.status == "entered-in-error") continue;
      const bool active = one.status.empty() || one.status == "active";
      add("medication", name_of(one.code) + (active ? "" : " (" + one.status + ")"), page);
    }
    for (const auto& one : records_.conditions) add("diagnosis", name_of(one.code), page);
    for (const auto& one : records_.allergies) add("allergy", name_of(one.code), page);
    for (const auto& one : records_.coverages) {
      auto text = joined(one.payor_name, ", ", name_of(one.type));
      for (const auto& name : one.classes) text = joined(text, ", ", name);
      add("coverage", joined(text, ", ", one.subscriber_id.reveal()), page);
    }
  }

  void add_reports(InboxReferral& page) const {
    for (const auto& report : records_.imaging) {
      if (report.status == "entered-in-error") continue;
      const auto& whole = report.narrative.reveal();
      const auto& text = whole.empty() ? report.conclusion.reveal() : whole;
      const auto& date = report.effective.empty() ? report.issued : report.effective;
      if (!text.empty()) page.reports.push_back({dated(report.code, date), text});
    }
  }

  const Replayed& replayed_;
  const Shelf& shelf_;
  RecordSet records_;
  const Task* task_ = nullptr;
  const ServiceRequest* order_ = nullptr;
  const Patient* patient_ = nullptr;
};

Error unreadable() {
  return {ErrorCode::malformed, "inbox", "what was delivered has no Task"};
}

}  // namespace

Result<InboxLine> line_of(const Replayed& replayed, const Shelf& shelf) {
  if (replayed.view.task() == nullptr) return unreadable();
  auto records = sent_records(replayed.view);
  if (!records) return records.error();
  return Reading(replayed, shelf, std::move(*records)).line();
}

Result<InboxReferral> referral_page(Replayed replayed, const Shelf& shelf,
                                    const SourceTitles& sources) {
  if (replayed.view.task() == nullptr) return unreadable();
  auto records = sent_records(replayed.view);
  if (!records) return records.error();
  auto page = Reading(replayed, shelf, std::move(*records)).page(sources);
  page.timeline = std::move(replayed.events);
  return page;
}

std::optional<std::string> printed_page(const View& view) {
  for (const auto& held : view.all()) {
    if (held.type != "DocumentReference" || held.by_clinic) continue;
    const auto records = read_fhir(held.bytes());
    if (!records) continue;
    for (const auto& document : records->documents) {
      for (const auto& attachment : document.content) {
        if (attachment.content_type == "application/pdf") return attachment.data;
      }
    }
  }
  return std::nullopt;
}

}  // namespace meridian::fhir
