// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/bundle_out.h"

#include "fhir/exchange/json_out.h"

namespace meridian::fhir {

std::string BundleOut::json(std::string_view type, Instant at) const {
  JsonOut json;
  json.object().text("resourceType", "Bundle").text("type", type).text("timestamp", to_string(at));
  json.list("entry");
  for (const auto& entry : entries_) {
    json.object().text("fullUrl", entry.full_url).raw("resource", entry.resource);
    json.object("request").text("method", entry.method).text("url", entry.url);
    json.text("ifNoneExist", entry.if_none_exist).end();
    json.end();
  }
  return json.end().end().str();
}

}  // namespace meridian::fhir
