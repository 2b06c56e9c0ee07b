// SPDX-License-Identifier: Apache-2.0
#include "web/operations.h"

namespace meridian::web {
namespace {

using http::Request;

bool is_person(const Request& request) {
  return request.principal.starts_with("person/");
}

/// A token is shown on purpose; a client certificate is shown by a browser to whoever asks, so what
/// another site's page sends must be refused.
http::Handler own_only(http::Handler handler) {
  return [handler = std::move(handler)](const Request& request) {
    if (PageDoor::is_own(request)) return handler(request);
    const OperationsPage page(request);
    return page.show_key(403, "nothing.done", page.paragraph("nothing.other.site"));
  };
}

/// Somebody in a browser who shows neither token nor certificate is to sign in.
bool is_for_pages(const Request& request, const PageDoor& pages) {
  if (!pages.session(request).empty()) return true;
  return request.header("Authorization").empty() && request.certificate_key.empty() &&
         !is_local(request);
}

}  // namespace

OperationsDoor operations_door(Door& door, const PageDoor* pages) {
  const std::vector<Role> see = {Role::viewer, Role::operations, Role::admin};
  const std::vector<Role> act = {Role::operations, Role::admin};
  OperationsDoor both{door.only(see, Role::viewer), door.only(act),
                      [&door](const Request& request) { return door.caller(request); },
                      [](const Request&, std::string_view) { return std::string(); }, own_only};
  if (pages == nullptr) return both;
  const auto either = [pages](http::Gate people, http::Gate others) {
    return [=](Request& request) {
      return is_for_pages(request, *pages) ? people(request) : others(request);
    };
  };
  both.see = either(pages->gate(see), both.see);
  both.act = either(pages->gate(act), both.act);
  both.caller = [pages, &door](const Request& request) {
    return is_person(request) ? pages->caller(request) : door.caller(request);
  };
  both.form_field = [pages](const Request& request, std::string_view action) {
    return is_person(request) ? pages->form_field(request, action) : std::string();
  };
  both.checked = [pages](const http::Handler& handler) {
    return [person = pages->checked(handler), other = own_only(handler)](const Request& request) {
      return is_person(request) ? person(request) : other(request);
    };
  };
  return both;
}

}  // namespace meridian::web
