// SPDX-License-Identifier: Apache-2.0
// Appointments, documents and reports that answer a referral of ours: its Task.
#include "hl7v2/read/segments.h"
#include "hl7v2/read/values.h"

namespace meridian::hl7v2 {
namespace {

/// Where each message names the order that it is about. Source: HL7 v2.8.2 chapters 4, 7, 9, 10
constexpr struct {
  std::string_view segment;
  std::size_t field;
} order_numbers[] = {{"SCH", 26}, {"SCH", 27}, {"SCH", 1},  {"ORC", 2}, {"ORC", 3},
                     {"OBR", 2},  {"OBR", 3},  {"TXA", 14}, {"TXA", 15}};

/// Our referral id among the order numbers; empty when the message names none.
Identifier own_number(const Context& context) {
  for (std::size_t i = 0; i < context.message.size(); ++i) {
    const auto segment = context.message[i];
    for (const auto& [name, field] : order_numbers) {
      if (segment.name() != name) continue;
      for (const auto& one : segment.field(field).each()) {
        auto number = entity_of(context, one);
        if (number.system == own_system && !number.value.reveal().empty()) return number;
      }
    }
  }
  return {};
}

bool is_final(const std::string& status) {
  return status == "final" || status == "amended" || status == "corrected" || status == "appended";
}

void add_output(const std::string& ref, Task& task) {
  Task::Output output;
  output.reference.written = output.reference.target = ref;
  task.outputs.push_back(std::move(output));
}

/// Completed when there is a final note, else a visit of which more is to come.
void add_outputs(const Context& context, Task& task) {
  bool complete = false;
  for (const auto& document : context.out.documents) {
    complete = complete || document.doc_status.empty() || is_final(document.doc_status);
    add_output(document.ref, task);
  }
  for (const auto& report : context.out.imaging) {
    complete = complete || is_final(report.status);
    if (context.out.documents.empty()) add_output(report.ref, task);
  }
  for (const auto& observation : context.out.observations) add_output(observation.ref, task);
  task.status = complete ? "completed" : "in-progress";
  if (!complete) task.business_status.text = "preliminary-outcome";
  if (!complete) task.business_status.codings = {{"", "preliminary-outcome", ""}};
}

}  // namespace

void finish_answers(Context& context) {
  const bool answers = context.type == "SIU" || context.type == "MDM" || context.type == "ORU";
  if (!answers || context.task) return;
  auto number = own_number(context);
  if (number.value.reveal().empty()) return;
  Task task;
  context.begin(task, context.message.header(), context.ref_of("Task", context.message.header()));
  number.type = "PLAC";
  task.group_identifier = number;
  task.identifiers.push_back(std::move(number));
  task.intent = "order";
  task.patient = context.patient;
  task.last_modified = context.sent;
  if (context.type == "SIU") {
    task.status = "in-progress";
  } else {
    if (context.event_is("cancel-document")) return;
    add_outputs(context, task);
  }
  context.task = context.out.tasks.size();
  context.out.tasks.push_back(std::move(task));
}

}  // namespace meridian::hl7v2
