// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/references.h"

#include <functional>

#include "fhir_server/refusal.h"
#include "fhir_server/search.h"
#include "http/uri.h"

namespace meridian::sandbox {
namespace {

/// Calls `visit` for each string member, with its name.
void each_text(Json& value, const std::string& name,
               const std::function<void(const std::string&, Json&)>& visit) {
  if (value.is_string()) {
    visit(name, value);
    return;
  }
  const bool object = value.is_object();
  for (std::size_t i = 0; i < value.size(); ++i) {
    each_text(value.items()[i], object ? value.keys()[i] : name, visit);
  }
}

}  // namespace

void rewrite_references(Json& resource, const std::map<std::string, std::string>& known) {
  each_text(resource, "", [&](const std::string& name, Json& value) {
    if (name != "reference" && name != "url" && !name.starts_with("valueUr")) return;
    const auto found = known.find(value.text());
    if (found != known.end()) {
      value = Json(found->second);
    } else if (name == "reference" && value.text().starts_with("urn:")) {
      throw Refusal(400, "invalid", "no entry has the fullUrl '" + value.text() + "'");
    }
  });
}

void resolve_conditional(Json& resource, const Records& records, std::string_view base) {
  each_text(resource, "", [&](const std::string& name, Json& value) {
    const std::string& text = value.text();
    const auto question = text.find('?');
    if (name != "reference" || question == std::string::npos) return;
    const std::string type = text.substr(0, question);
    if (!is_resource_type(type)) return;
    const auto query = http::parse_query(std::string_view(text).substr(question + 1));
    if (!query) throw Refusal(400, "value", "conditional reference '" + text + "'");
    const auto found = find_matches(records, read_search(type, *query, true), base);
    if (found.size() != 1) {
      throw Refusal(412, found.empty() ? "not-found" : "multiple-matches",
                    "conditional reference '" + text + "' fits " + std::to_string(found.size()));
    }
    value = Json(found.front()->reference());
  });
}

void check_references(const Version& version, const Records& records, std::string_view base) {
  Json copy = version.resource;
  each_text(copy, "", [&](const std::string& name, Json& value) {
    if (name != "reference") return;
    const std::string reference = local_reference(value.text(), base);
    const auto slash = reference.find('/');
    if (slash == std::string::npos || reference.find('/', slash + 1) != std::string::npos) return;
    const std::string type = reference.substr(0, slash);
    if (!is_resource_type(type)) return;
    if (!records.current(type, reference.substr(slash + 1))) {
      throw Refusal(
          400, "not-found",
          version.reference() + " refers to " + reference + ", which is not on this server");
    }
  });
}

}  // namespace meridian::sandbox
