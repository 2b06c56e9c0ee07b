// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/interactions.h"

#include "fhir_server/references.h"
#include "fhir_server/search.h"
#include "http/uri.h"

namespace meridian::sandbox {
namespace {

void require_body(const std::string& type, const Json& resource) {
  if (!resource.is_object()) throw Refusal(400, "structure", "a resource is a JSON object");
  if (resource["resourceType"].text() != type) {
    throw Refusal(400, "invalid", "resourceType is not " + type);
  }
}

void require_create_allowed(const Work& work, const std::string& type) {
  if (!work.settings.no_create.contains(type)) return;
  throw Refusal(405, "not-supported", "this system does not take a new " + type);
}

bool valid_id(std::string_view id) {
  if (id.empty() || id.size() > 64) return false;
  for (const char c : id) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '.') return false;
  }
  return true;
}

void require_match(const VersionPtr& before, std::string_view if_match) {
  if (if_match.empty()) return;
  const std::string current = before ? "W/\"" + std::to_string(before->number) + "\"" : "";
  if (if_match == current || (before && if_match == current.substr(2))) return;
  throw Refusal(412, "conflict",
                before ? "the current version is " + current : "there is no version yet");
}

VersionPtr store(const Work& work, const std::string& type, const std::string& id, Json resource) {
  resolve_conditional(resource, work.records, work.settings.base);
  return work.records.put(type, id, std::move(resource), work.now);
}

}  // namespace

void require_type(const std::string& type) {
  if (!is_resource_type(type)) {
    throw Refusal(404, "not-supported", "'" + type + "' is not a resource type of R4");
  }
}

VersionPtr find_only(const Work& work, const std::string& type, std::string_view query) {
  const auto fields = http::parse_query(query);
  if (!fields || fields->empty()) throw Refusal(400, "value", "the condition cannot be read");
  const Search search = read_search(type, *fields, true);
  if (search.criteria.empty()) throw Refusal(400, "value", "the condition says nothing");
  const auto found = find_matches(work.records, search, work.settings.base);
  if (found.size() > 1) {
    throw Refusal(412, "multiple-matches",
                  std::to_string(found.size()) + " resources fit the condition");
  }
  return found.empty() ? nullptr : found.front();
}

Reply read(const Work& work, const std::string& type, const std::string& id) {
  const auto version = work.records.latest(type, id);
  if (!version) throw Refusal(404, "not-found", type + "/" + id + " is not known");
  if (version->deleted) throw Refusal(410, "deleted", type + "/" + id + " was deleted");
  return {200, version, version->resource};
}

Reply vread(const Work& work, const std::string& type, const std::string& id,
            std::string_view number) {
  for (const auto& version : work.records.history(type, id)) {
    if (std::to_string(version->number) != number) continue;
    if (version->deleted) throw Refusal(410, "deleted", "this version is a deletion");
    return {200, version, version->resource};
  }
  throw Refusal(404, "not-found", type + "/" + id + " has no version " + std::string(number));
}

Reply history(const Work& work, const std::string& type, const std::string& id) {
  const auto versions = work.records.history(type, id);
  if (versions.empty()) throw Refusal(404, "not-found", type + "/" + id + " is not known");
  Json entries = Json::array();
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    const bool first = (*version)->number == 1;
    const char* method = (*version)->deleted ? "DELETE" : (first ? "POST" : "PUT");
    Json entry = Json::object({{"fullUrl", work.settings.base + "/" + type + "/" + id}});
    if (!(*version)->deleted) entry.set("resource", (*version)->resource);
    entry.set("request", Json::object({{"method", method}, {"url", type + "/" + id}}));
    entry.set("response", Json::object({{"status", first ? "201 Created" : "200 OK"},
                                        {"lastModified", to_string((*version)->updated)}}));
    entries.push(std::move(entry));
  }
  return {200, nullptr,
          Json::object({{"resourceType", "Bundle"},
                        {"type", "history"},
                        {"total", versions.size()},
                        {"entry", std::move(entries)}})};
}

Reply create(const Work& work, const std::string& type, Json resource,
             std::string_view if_none_exist) {
  require_type(type);
  require_body(type, resource);
  if (!if_none_exist.empty()) {
    const auto existing = find_only(work, type, if_none_exist);
    if (existing) return {200, existing, existing->resource};
  }
  return create_as(work, type, work.records.new_id(), std::move(resource));
}

Reply create_as(const Work& work, const std::string& type, const std::string& id, Json resource) {
  require_create_allowed(work, type);
  require_body(type, resource);
  const auto version = store(work, type, id, std::move(resource));
  return {201, version, version->resource};
}

Reply update(const Work& work, const std::string& type, const std::string& id, Json resource,
             std::string_view if_match) {
  require_type(type);
  require_body(type, resource);
  if (!valid_id(id)) throw Refusal(400, "value", "the id is not valid");
  if (resource["id"].text() != id) throw Refusal(400, "invalid", "the id is not that of the URL");
  const auto before = work.records.latest(type, id);
  require_match(before, if_match);
  const bool fresh = !before || before->deleted;
  if (fresh && !before && !work.settings.update_creates) {
    throw Refusal(405, "not-supported", "an update cannot make a new resource here");
  }
  if (fresh) require_create_allowed(work, type);
  const auto version = store(work, type, id, std::move(resource));
  return {fresh ? 201 : 200, version, version->resource};
}

Reply conditional_update(const Work& work, const std::string& type, std::string_view query,
                         Json resource, std::string_view if_match) {
  require_type(type);
  require_body(type, resource);
  const auto existing = find_only(work, type, query);
  if (!existing) {
    require_match(nullptr, if_match);
    return create(work, type, std::move(resource), "");
  }
  const std::string given = resource["id"].text();
  if (!given.empty() && given != existing->id) {
    throw Refusal(400, "invalid", "the id is not that of the resource that fits");
  }
  resource.set("id", existing->id);
  return update(work, type, existing->id, std::move(resource), if_match);
}

Reply remove(const Work& work, const std::string& type, const std::string& id) {
  require_type(type);
  if (!work.records.latest(type, id)) throw Refusal(404, "not-found", type + "/" + id);
  if (work.records.current(type, id)) work.records.remove(type, id, work.now);
  return {204, nullptr, {}};
}

}  // namespace meridian::sandbox
