// SPDX-License-Identifier: Apache-2.0
// Field tables of Bundle and its entries. Source: http://hl7.org/fhir/R4/bundle.html
#include "fhir/read/fields.h"
#include "fhir/read/resources.h"

namespace meridian::fhir_read {
namespace {

void* begin_link(Context&, void* object) {
  auto& bundle = *static_cast<OpenBundle*>(object);
  bundle.link = {};
  return &bundle.link;
}
void end_link(Context& context, void* object) {
  auto& link = *static_cast<Link*>(object);
  if (link.relation == "next" && context.bundles.size() == 1) {
    context.out.next_link = std::move(link.url);
  }
}
constexpr std::array link_elements{
    In<Link>::to<&Link::relation>("relation"),
    In<Link>::to<&Link::url>("url"),
};
constexpr Type link_type = make_type(link_elements, end_link);

constexpr std::array request_elements{In<Entry>::to<&Entry::method>("method")};
constexpr Type request_type = make_type(request_elements);

constexpr std::array entry_elements{
    In<Entry>::to<&Entry::full_url>("fullUrl"),
    Element{.name = "resource", .shape = Shape::resource},
    inside("request", request_type),
};

void* begin_entry(Context&, void* object) {
  auto& bundle = *static_cast<OpenBundle*>(object);
  bundle.entry = {};
  return &bundle.entry;
}

void end_entry(Context& context, void* object) {
  auto& entry = *static_cast<Entry*>(object);
  if (!context.pending.any) return;
  auto& span = context.out.resources[context.pending.span];
  span.method = std::move(entry.method);
  finish_pending(context, std::move(entry.full_url));
}
void end_bundle(Context& context, void*) {
  if (context.bundles.size() == 1 && context.out.bundle_type.empty()) {
    context.out.bundle_type = context.bundles.back().type;
  }
  context.bundles.pop_back();
}

/// An OperationOutcome among the entries is the sender's word on what is missing or wrong.
void* begin_issue(Context& context, void*) {
  context.server_issue = {};
  return &context.server_issue;
}
void end_issue(Context& context, void* object) {
  const auto& issue = *static_cast<ServerIssue*>(object);
  Severity severity = Severity::information;
  for (const auto known : {Severity::warning, Severity::error, Severity::fatal}) {
    if (issue.severity == severity_name(known)) severity = known;
  }
  std::string text = "the sender says: ";
  text += issue.details.empty() ? "" : issue.details + ". ";
  text += issue.diagnostics;
  const char* code = issue.code.c_str();
  if (*code == '\0') code = "processing";  // a code is required; this is the one that says least
  context.notes.add(severity, code, context.where->path(), std::move(text));
}
constexpr std::array detail_coding_elements{
    In<ServerIssue>::if_empty<&ServerIssue::details>("display"),
};
constexpr Type detail_coding_type = make_type(detail_coding_elements);
constexpr std::array details_elements{
    In<ServerIssue>::to<&ServerIssue::details>("text"),
    inside_each("coding", detail_coding_type),
};
constexpr Type details_type = make_type(details_elements);
constexpr std::array issue_elements{
    In<ServerIssue>::to<&ServerIssue::severity>("severity"),
    In<ServerIssue>::to<&ServerIssue::code>("code"),
    In<ServerIssue>::to<&ServerIssue::diagnostics>("diagnostics"),
    inside("details", details_type),
};
constexpr Type issue_type = make_type(issue_elements, end_issue);
constexpr auto outcome_elements = resource_table<Record>(std::array{
    Element{.name = "issue",
            .shape = Shape::object,
            .list = true,
            .place = begin_issue,
            .type = &issue_type},
});

constexpr std::array bundle_elements{
    Element{.name = "resourceType"},
    required(In<OpenBundle>::to<&OpenBundle::type>("type")),
    Element{.name = "link",
            .shape = Shape::object,
            .list = true,
            .place = begin_link,
            .type = &link_type},
    Element{.name = "entry",
            .shape = Shape::object,
            .list = true,
            .place = begin_entry,
            .type = &entry_type},
};

}  // namespace

constinit const Type outcome_type = make_type(outcome_elements);
constinit const Type entry_type = make_type(entry_elements, end_entry);
constinit const Type bundle_type = make_type(bundle_elements, end_bundle);

}  // namespace meridian::fhir_read
