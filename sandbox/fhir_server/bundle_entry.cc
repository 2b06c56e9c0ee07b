// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/bundle_entry.h"

#include <algorithm>

#include "fhir_server/match.h"
#include "fhir_server/search.h"
#include "http/uri.h"

namespace meridian::sandbox {
namespace {

Reply search_all(const Work& work, const BundleEntry& entry) {
  require_type(entry.type);
  const auto query = http::parse_query(entry.query);
  if (!query) throw Refusal(400, "value", "the query cannot be read");
  const auto found =
      find_matches(work.records, read_search(entry.type, *query, false), work.settings.base);
  Json entries = Json::array();
  for (const auto& match : found) {
    entries.push(Json::object({{"fullUrl", work.settings.base + "/" + match->reference()},
                               {"resource", match->resource}}));
  }
  return {200, nullptr,
          Json::object({{"resourceType", "Bundle"},
                        {"type", "searchset"},
                        {"total", found.size()},
                        {"entry", std::move(entries)}})};
}

Reply post(const Work& work, const BundleEntry& entry) {
  if (entry.keep) return read(work, entry.type, entry.id);
  if (entry.fresh) return create_as(work, entry.type, entry.id, entry.resource);
  return create(work, entry.type, entry.resource, entry.if_none_exist);
}

Reply put(const Work& work, const BundleEntry& entry) {
  if (entry.id.empty()) {
    return conditional_update(work, entry.type, entry.query, entry.resource, entry.if_match);
  }
  if (entry.fresh) return create_as(work, entry.type, entry.id, entry.resource);
  Json resource = entry.resource;
  if (!entry.query.empty()) resource.set("id", entry.id);
  return update(work, entry.type, entry.id, std::move(resource), entry.if_match);
}

}  // namespace

BundleEntry read_entry(const Json& json, std::size_t index, std::string_view base) {
  BundleEntry entry;
  entry.path = "Bundle.entry[" + std::to_string(index) + "]";
  const Json& request = json["request"];
  entry.method = request["method"].text();
  std::string url = local_reference(request["url"].text(), base);
  if (url.starts_with('/')) url.erase(0, 1);
  const auto question = std::min(url.find('?'), url.size());
  const std::string target = url.substr(0, question);
  const auto slash = std::min(target.find('/'), target.size());
  entry.query = url.substr(std::min(question + 1, url.size()));
  entry.type = target.substr(0, slash);
  entry.id = target.substr(std::min(slash + 1, target.size()));
  entry.full_url = json["fullUrl"].text();
  entry.if_none_exist = request["ifNoneExist"].text();
  entry.if_match = request["ifMatch"].text();
  entry.resource = json["resource"];
  if (entry.method.empty() || entry.type.empty()) {
    throw Refusal(400, "required", "entry.request needs method and url", entry.path);
  }
  return entry;
}

void prepare(const Work& work, BundleEntry& entry) {
  require_type(entry.type);
  if (!entry.writes() || !entry.id.empty()) return;
  const std::string& condition = entry.method == "POST" ? entry.if_none_exist : entry.query;
  const auto existing = condition.empty() ? nullptr : find_only(work, entry.type, condition);
  entry.fresh = !existing;
  entry.keep = existing && entry.method == "POST";
  entry.id = existing ? existing->id : work.records.new_id();
}

Reply carry_out(const Work& work, const BundleEntry& entry) {
  if (entry.method == "POST") return post(work, entry);
  if (entry.method == "PUT") return put(work, entry);
  if (entry.method == "DELETE" && !entry.id.empty()) return remove(work, entry.type, entry.id);
  if (entry.method == "GET" && entry.id.empty()) return search_all(work, entry);
  if (entry.method == "GET") return read(work, entry.type, entry.id);
  throw Refusal(400, "not-supported", "method '" + entry.method + "' in a Bundle");
}

}  // namespace meridian::sandbox
