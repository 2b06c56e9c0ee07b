// SPDX-License-Identifier: Apache-2.0
// RF1 and what belongs to it. HL7's v2-to-FHIR guide has no map for it; ours, and where it differs
// from others', is fhir-profiles/v2/README.md.
#include <algorithm>
#include <charconv>

#include "hl7v2/read/segments.h"
#include "hl7v2/read/values.h"

namespace meridian::hl7v2 {
namespace {

constexpr std::string_view corrected = "D";  ///< RF1-25, segment action: delete

bool is_answer(const Context& context) {
  return context.type == "RRI";
}

void add_numbers(const Context& context, const Segment& rf1, std::vector<Identifier>& into) {
  auto origin = entity_of(context, rf1.field(6));
  origin.type = "PLAC";
  if (!origin.value.reveal().empty()) into.push_back(std::move(origin));
  for (const auto& one : rf1.field(11).each()) {
    auto external = entity_of(context, one);
    external.type = "FILL";
    if (!external.value.reveal().empty()) into.push_back(std::move(external));
  }
}

/// The state that RF1-1 speaks of; what the order itself is, its placer says by the event.
void add_task(Context& context, const Segment& rf1, const std::string& number) {
  Task task;
  context.begin(task, rf1, number.empty() ? context.ref_of("Task", rf1) : "Task/" + number);
  add_numbers(context, rf1, task.identifiers);
  if (!task.identifiers.empty()) task.group_identifier = task.identifiers.front();
  task.status = context.translated("v2-referral-status", "0283", rf1, 1);
  if (context.event_is("cancel-referral")) task.status = "cancelled";
  if (rf1.field(1).value() == "E") task.business_status.text = "expired";
  task.intent = "order";
  task.priority = context.translate("v2-priority", "0280", rf1.field(2).value()).value_or("");
  if (!number.empty()) task.focus.written = task.focus.target = "ServiceRequest/" + number;
  task.execution.start = date_of(context, rf1, 7);
  task.execution.end = date_of(context, rf1, 8);
  task.last_modified = date_of(context, rf1, 9);
  if (task.last_modified.empty()) task.last_modified = context.sent;
  task.status_reason = concept_of(context, rf1.field(10));
  context.task = context.out.tasks.size();
  context.out.tasks.push_back(std::move(task));
}

void add_request(Context& context, const Segment& rf1, const std::string& number) {
  ServiceRequest request;
  context.begin(
      request, rf1,
      number.empty() ? context.ref_of("ServiceRequest", rf1) : "ServiceRequest/" + number);
  add_numbers(context, rf1, request.identifiers);
  request.intent = "order";
  request.status = context.event_is("cancel-referral")  ? "revoked"
                   : rf1.field(25).value() == corrected ? "entered-in-error"
                                                        : "active";
  request.priority = context.translated("v2-priority", "0280", rf1, 2);
  request.authored = date_of(context, rf1, 9);
  if (request.authored.empty()) request.authored = context.sent;
  request.occurrence = {date_of(context, rf1, 7), date_of(context, rf1, 8)};
  if (auto type = concept_of(context, rf1.field(3)); !type.empty()) {
    if (rf1.field(3).component(3).empty() && !type.codings.empty()) {
      type.codings[0].system = table_system("0281");
    }
    request.categories.push_back(std::move(type));
  }
  if (auto reason = concept_of(context, rf1.field(10)); !reason.empty()) {
    if (!reason.text.empty()) request.notes.reveal().push_back(reason.text);
    request.order_details.push_back(std::move(reason));
  }
  const auto words = rf1.field(14).text();  // v2.6: reason in words
  if (!words.empty()) request.reason_codes.push_back({{}, words});
  context.referral = context.out.service_requests.size();
  context.out.service_requests.push_back(std::move(request));
}

/// What an OBR asks for: one that no OBX answers.
std::optional<Segment> asking_obr(const Message& message) {
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (message[i].name() != "OBR") continue;
    std::size_t next = i + 1;
    while (next < message.size() && message[next].name() == "NTE") ++next;
    const bool answered = next < message.size() && message[next].name() == "OBX";
    if (!answered && message[i].field(25).value().empty()) return message[i];
  }
  return std::nullopt;
}

Reference reference_to(const std::string& ref, const HumanName* name) {
  Reference reference;
  reference.written = reference.target = ref;
  if (name != nullptr) reference.display = display_name(*name);
  return reference;
}

/// PRD-1: RP refers, RT and IR (Australia: intended recipient) are referred to. Table 0286
void add_providers(Context& context, ServiceRequest& request) {
  std::size_t number = 0;
  for (std::size_t i = 0; i < context.message.size(); ++i) {
    const auto segment = context.message[i];
    if (segment.name() != "PRD") continue;
    const auto& practitioner = context.out.practitioners[number++];
    const auto* name = practitioner.names.empty() ? nullptr : &practitioner.names.front();
    for (const auto& one : segment.field(1).each()) {
      const auto role = one.value();
      if (role == "RP") request.requester = reference_to(practitioner.ref, name);
      if (role != "RT" && role != "IR") continue;
      request.performers.push_back(reference_to(practitioner.ref, name));
      classify(context, segment, 4, request);
      classify(context, segment, 7, request);
      classify(context, segment, 10, request);
    }
  }
}

template <typename T>
void support(const std::vector<T>& records, std::vector<Reference>& into) {
  for (const auto& record : records) into.push_back(reference_to(record.ref, nullptr));
}

void add_reasons(const Context& context, ServiceRequest& request) {
  request.reason_references = context.diagnoses;
  for (const auto& condition : context.out.conditions) {
    const bool reason =
        std::any_of(context.diagnoses.begin(), context.diagnoses.end(),
                    [&](const Reference& diagnosis) { return diagnosis.target == condition.ref; });
    if (reason) request.reason_codes.push_back(condition.code);
  }
}

/// A whole number of treatments; anything else says nothing.
std::optional<int> treatments(const std::string& text) {
  int count = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, count);
  const bool whole = read.ec == std::errc() && read.ptr == end && count >= 0;
  return whole ? std::optional(count) : std::nullopt;
}

Authorization authorization_of(Context& context, const Segment& aut) {
  Authorization granted;
  granted.number = entity_of(context, aut.field(6));
  granted.payer = aut.field(3).value().empty() ? aut.field(1).value() : aut.field(3).value();
  granted.period = {date_of(context, aut, 4), date_of(context, aut, 5)};
  granted.visits = treatments(aut.field(9).value());
  return granted;
}

}  // namespace

void classify(Context& context, const Segment& segment, std::size_t field,
              ServiceRequest& request) {
  const auto code = segment.field(field).value();
  if (code.empty() || context.settings.tables == nullptr) return;
  const Coding coding{"urn:hl7v2:" + context.facility + ':' + std::string(segment.name()) + '-' +
                          std::to_string(field),
                      code,
                      {}};
  if (!context.settings.tables->translate("referral-service", coding)) return;
  request.categories.push_back({{coding}, {}});
}

void read_rf1(Context& context, const Segment& rf1) {
  const auto number = number_of(context, rf1.field(6));
  if (number.empty()) {
    context.note(Severity::error, "required", rf1.path(6),
                 "no originating referral number; later messages cannot be about this referral");
  }
  if (context.event_is("ask-status")) {
    return context.note(Severity::information, "informational", rf1.path(),
                        "asks for the status of a referral; nothing is ordered");
  }
  add_task(context, rf1, number);
  if (!is_answer(context)) add_request(context, rf1, number);
}

void read_aut(Context& context, const Segment& aut) {
  if (!context.referral) return;
  std::string words = "Authorization";
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) words += std::string("; ") + name + ' ' + value;
  };
  add("number", aut.field(6).value());
  add("plan", aut.field(1).value());
  add("by", aut.field(3).value());
  add("from", date_of(context, aut, 4).text);
  add("until", date_of(context, aut, 5).text);
  add("treatments asked for", aut.field(8).value());
  add("treatments granted", aut.field(9).value());
  auto& request = context.out.service_requests[*context.referral];
  request.notes.reveal().push_back(std::move(words));
  request.authorizations.push_back(authorization_of(context, aut));
}

void finish_referral(Context& context) {
  if (context.task) context.out.tasks[*context.task].patient = context.patient;
  if (!context.referral) return;
  auto& request = context.out.service_requests[*context.referral];
  request.subject = context.patient;
  request.encounter = context.encounter;
  const auto msh = context.message.header();
  classify(context, msh, 5, request);
  classify(context, msh, 6, request);
  if (const auto obr = asking_obr(context.message)) {
    request.code = concept_of(context, obr->field(4));
    for (auto& reason : concepts_of(context, obr->field(31))) {
      request.reason_codes.push_back(std::move(reason));
    }
    classify(context, *obr, 24, request);
  } else if (!request.order_details.empty() && !request.order_details.back().codings.empty() &&
             request.order_details.size() > 1) {
    request.code = request.order_details.back();
  } else if (!request.categories.empty()) {
    request.code = request.categories.front();
  }
  if (request.code.empty()) {
    context.note(Severity::warning, "required", "RF1-3",
                 "nothing says what is asked for; expected RF1-3, a PR1 to be done, or an OBR");
  }
  add_providers(context, request);
  add_reasons(context, request);
  support(context.out.observations, request.supporting_info);
  support(context.out.procedures, request.supporting_info);
  support(context.out.imaging, request.supporting_info);
  support(context.out.documents, request.supporting_info);
  support(context.out.coverages, request.insurance);
}

}  // namespace meridian::hl7v2
