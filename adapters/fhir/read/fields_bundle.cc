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
  finish_pending(context, entry.full_url);
}
void end_bundle(Context& context, void*) {
  if (context.bundles.size() == 1 && context.out.bundle_type.empty()) {
    context.out.bundle_type = context.bundles.back().type;
  }
  context.bundles.pop_back();
}

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

constinit const Type entry_type = make_type(entry_elements, end_entry);
constinit const Type bundle_type = make_type(bundle_elements, end_bundle);

}  // namespace meridian::fhir_read
