// SPDX-License-Identifier: Apache-2.0
// Field tables of ServiceRequest, Task, Appointment and Communication.
#include "fhir/read/fields.h"
#include "fhir/read/resources.h"

namespace meridian::fhir_read {
namespace {

bool set_occurrence(Context&, void* object, std::string_view value) {
  auto& period = static_cast<ServiceRequest*>(object)->occurrence;
  if (!store(period.start, value)) return false;
  period.end = period.start;
  return true;
}

constexpr auto service_request_elements = resource_table<ServiceRequest>(std::array{
    In<ServiceRequest>::to<&ServiceRequest::identifiers>("identifier"),
    In<ServiceRequest>::to<&ServiceRequest::based_on>("basedOn"),
    In<ServiceRequest>::to<&ServiceRequest::replaces>("replaces"),
    In<ServiceRequest>::to<&ServiceRequest::requisition>("requisition"),
    required(In<ServiceRequest>::to<&ServiceRequest::status>("status")),
    required(In<ServiceRequest>::to<&ServiceRequest::intent>("intent")),
    In<ServiceRequest>::to<&ServiceRequest::priority>("priority"),
    In<ServiceRequest>::to<&ServiceRequest::do_not_perform>("doNotPerform"),
    In<ServiceRequest>::to<&ServiceRequest::categories>("category"),
    In<ServiceRequest>::to<&ServiceRequest::code>("code"),
    In<ServiceRequest>::to<&ServiceRequest::order_details>("orderDetail"),
    In<ServiceRequest>::to<&ServiceRequest::quantity>("quantityQuantity"),
    essential(In<ServiceRequest>::to<&ServiceRequest::subject>("subject")),
    In<ServiceRequest>::to<&ServiceRequest::encounter>("encounter"),
    In<ServiceRequest>::custom("occurrenceDateTime", Shape::date, set_occurrence),
    In<ServiceRequest>::to<&ServiceRequest::occurrence>("occurrencePeriod"),
    In<ServiceRequest>::to<&ServiceRequest::authored>("authoredOn"),
    In<ServiceRequest>::to<&ServiceRequest::requester>("requester"),
    In<ServiceRequest>::to<&ServiceRequest::performer_type>("performerType"),
    In<ServiceRequest>::to<&ServiceRequest::performers>("performer"),
    In<ServiceRequest>::to<&ServiceRequest::locations>("locationReference"),
    In<ServiceRequest>::to<&ServiceRequest::reason_codes>("reasonCode"),
    In<ServiceRequest>::to<&ServiceRequest::reason_references>("reasonReference"),
    In<ServiceRequest>::to<&ServiceRequest::insurance>("insurance"),
    In<ServiceRequest>::to<&ServiceRequest::supporting_info>("supportingInfo"),
    In<ServiceRequest>::to<&ServiceRequest::body_sites>("bodySite"),
    inside_each("note", TextOf<ServiceRequest, &ServiceRequest::notes>::type),
    stu3("context"),
});

using Output = Task::Output;
constexpr std::array output_elements{
    In<Output>::to<&Output::type>("type"),
    In<Output>::to<&Output::reference>("valueReference"),
    In<Output>::written<&Output::text>("valueString"),
    In<Output>::written<&Output::text>("valueBoolean"),
    In<Output>::written<&Output::text>("valueCode"),
    In<Output>::written<&Output::text>("valueDate"),
    In<Output>::written<&Output::text>("valueDateTime"),
    In<Output>::written<&Output::text>("valueDecimal"),
    In<Output>::written<&Output::text>("valueId"),
    In<Output>::written<&Output::text>("valueInstant"),
    In<Output>::written<&Output::text>("valueInteger"),
    In<Output>::written<&Output::text>("valueMarkdown"),
    In<Output>::written<&Output::text>("valueUri"),
    In<Output>::written<&Output::text>("valueUrl"),
};
constexpr Type output_type = make_type(output_elements);
void* place_output(Context&, void* object) {
  return &static_cast<Task*>(object)->outputs.emplace_back();
}

constexpr auto task_elements = resource_table<Task>(std::array{
    In<Task>::to<&Task::identifiers>("identifier"),
    In<Task>::to<&Task::based_on>("basedOn"),
    In<Task>::to<&Task::part_of>("partOf"),
    In<Task>::to<&Task::group_identifier>("groupIdentifier"),
    required(In<Task>::to<&Task::status>("status")),
    In<Task>::to<&Task::status_reason>("statusReason"),
    In<Task>::to<&Task::business_status>("businessStatus"),
    required(In<Task>::to<&Task::intent>("intent")),
    In<Task>::to<&Task::priority>("priority"),
    In<Task>::to<&Task::code>("code"),
    In<Task>::to<&Task::focus>("focus"),
    In<Task>::to<&Task::patient>("for"),
    In<Task>::to<&Task::requester>("requester"),
    In<Task>::to<&Task::owner>("owner"),
    In<Task>::to<&Task::authored>("authoredOn"),
    In<Task>::to<&Task::last_modified>("lastModified"),
    In<Task>::to<&Task::execution>("executionPeriod"),
    inside_each("note", TextOf<Task, &Task::notes>::type),
    Element{.name = "output",
            .shape = Shape::object,
            .list = true,
            .place = place_output,
            .type = &output_type},
    stu3("context"),
    stu3("reason"),
});

constexpr std::array actor_elements{In<Appointment>::append<&Appointment::participants>("actor")};
constexpr Type actor_type = make_type(actor_elements);

constexpr auto appointment_elements = resource_table<Appointment>(std::array{
    In<Appointment>::to<&Appointment::identifiers>("identifier"),
    required(In<Appointment>::to<&Appointment::status>("status")),
    In<Appointment>::to<&Appointment::cancelation_reason>("cancelationReason"),
    In<Appointment>::to<&Appointment::service_types>("serviceType"),
    In<Appointment>::to<&Appointment::start>("start"),
    In<Appointment>::to<&Appointment::end>("end"),
    In<Appointment>::to<&Appointment::based_on>("basedOn"),
    required(inside_each("participant", actor_type)),
    In<Appointment>::to<&Appointment::comment>("comment"),
    stu3("reason"),
    stu3("indication"),
    stu3("incomingReferral"),
});

constexpr std::array payload_elements{
    In<Communication>::append<&Communication::payload>("contentString")};
constexpr Type payload_type = make_type(payload_elements);

constexpr auto communication_elements = resource_table<Communication>(std::array{
    required(In<Communication>::to<&Communication::status>("status")),
    In<Communication>::to<&Communication::based_on>("basedOn"),
    In<Communication>::to<&Communication::about>("about"),
    In<Communication>::to<&Communication::subject>("subject"),
    In<Communication>::to<&Communication::sender>("sender"),
    In<Communication>::to<&Communication::recipients>("recipient"),
    In<Communication>::to<&Communication::sent>("sent"),
    inside_each("payload", payload_type),
    stu3("context"),
    stu3("notDone"),
    stu3("definition"),
});

}  // namespace

constinit const Type service_request_type = make_type(service_request_elements);
constinit const Type task_type = make_type(task_elements);
constinit const Type appointment_type = make_type(appointment_elements);
constinit const Type communication_type = make_type(communication_elements);

}  // namespace meridian::fhir_read
