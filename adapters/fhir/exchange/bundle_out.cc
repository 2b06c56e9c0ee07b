// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/bundle_out.h"

#include "fhir/exchange/json_index.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {

std::string BundleOut::json(std::string_view type, Instant at, std::string_view profile) const {
  JsonOut json;
  json.object().text("resourceType", "Bundle");
  if (!profile.empty()) json.conforms_to(profile);
  json.text("type", type).text("timestamp", to_string(at));
  json.list("entry");
  for (const auto& entry : entries_) {
    json.object().text("fullUrl", entry.full_url).raw("resource", entry.resource);
    json.object("request").text("method", entry.method).text("url", entry.url);
    json.text("ifMatch", entry.if_match).text("ifNoneExist", entry.if_none_exist).end();
    json.end();
  }
  return json.end().end().str();
}

Result<OutBundle> read_out_bundle(std::string_view bytes) {
  const auto index = JsonIndex::parse(bytes);
  if (!index) return index.error();
  const JsonNode& root = index->root();
  OutBundle bundle;
  bundle.type = index->string(root, "type");
  const JsonNode* list = index->find(&root, "entry");
  if (bundle.type.empty() || list == nullptr) {
    return Error{ErrorCode::malformed, "send", "not a bundle of requests"};
  }
  for (const auto& node : index->children(*list)) {
    const JsonNode* resource = index->find(&node, "resource");
    const JsonNode* request = index->find(&node, "request");
    const std::string method = request == nullptr ? "" : index->string(*request, "method");
    if (method.empty() || (resource == nullptr && method != "GET")) {
      return Error{ErrorCode::malformed, "send", "an entry without request or resource"};
    }
    bundle.entries.push_back(
        {index->string(node, "fullUrl"),
         resource == nullptr ? std::string() : std::string(index->raw(*resource)), method,
         index->string(*request, "url"), index->string(*request, "ifNoneExist"),
         index->string(*request, "ifMatch")});
  }
  return bundle;
}

}  // namespace meridian::fhir
