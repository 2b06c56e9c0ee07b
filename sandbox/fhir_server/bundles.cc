// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/bundles.h"

#include <algorithm>
#include <map>
#include <set>

#include "fhir_server/bundle_entry.h"
#include "fhir_server/references.h"
#include "http/response.h"

namespace meridian::sandbox {
namespace {

Json response_entry(const Work& work, const Reply& reply, bool representation) {
  Json response = Json::object({{"status", std::to_string(reply.status) + " " +
                                               std::string(http::reason_phrase(reply.status))}});
  Json out = Json::object();
  if (reply.version) {
    const std::string number = std::to_string(reply.version->number);
    response.set("location",
                 work.settings.base + "/" + reply.version->reference() + "/_history/" + number);
    response.set("etag", "W/\"" + number + "\"");
    response.set("lastModified", to_string(reply.version->updated));
    if (representation) out.set("resource", reply.version->resource);
  } else if (!reply.body.is_null()) {
    out.set("resource", reply.body);
  }
  out.set("response", std::move(response));
  return out;
}

/// The order in which a transaction's methods take effect.
std::size_t turn_of(const BundleEntry& entry) {
  static constexpr std::string_view order[] = {"DELETE", "POST", "PUT", "GET"};
  return static_cast<std::size_t>(std::find(std::begin(order), std::end(order), entry.method) -
                                  std::begin(order));
}

/// fullUrl to the reference that takes its place. Refuses a resource that is written twice.
std::map<std::string, std::string> prepare_all(const Work& work,
                                               std::vector<BundleEntry>& entries) {
  std::map<std::string, std::string> known;
  std::set<std::string> written;
  for (auto& entry : entries) {
    try {
      prepare(work, entry);
    } catch (const Refusal& refusal) {
      throw refusal.at(entry.path);
    }
    const std::string reference = entry.type + "/" + entry.id;
    if (!entry.writes()) continue;
    if (!entry.keep && !written.insert(reference).second) {
      throw Refusal(400, "duplicate", reference + " is written twice", entry.path);
    }
    if (!entry.full_url.empty()) known[entry.full_url] = reference;
  }
  return known;
}

std::vector<Json> run_transaction(const Work& work, std::vector<BundleEntry> entries,
                                  bool representation) {
  const std::uint64_t since = work.records.changes();
  const auto known = prepare_all(work, entries);
  std::vector<BundleEntry*> turns;
  turns.reserve(entries.size());
  for (auto& entry : entries) turns.push_back(&entry);
  std::stable_sort(turns.begin(), turns.end(), [](const BundleEntry* a, const BundleEntry* b) {
    return turn_of(*a) < turn_of(*b);
  });
  std::vector<Json> responses(entries.size());
  for (BundleEntry* entry : turns) {
    try {
      if (entry->writes()) rewrite_references(entry->resource, known);
      responses[static_cast<std::size_t>(entry - entries.data())] =
          response_entry(work, carry_out(work, *entry), representation);
    } catch (const Refusal& refusal) {
      throw refusal.at(entry->path);
    }
  }
  check_written(work, since);
  return responses;
}

/// One entry of a batch; a refusal leaves no trace.
Json run_alone(const Work& work, const BundleEntry& entry, bool representation) {
  const std::uint64_t since = work.records.changes();
  try {
    const Reply reply = carry_out(work, entry);
    check_written(work, since);
    return response_entry(work, reply, representation);
  } catch (const Refusal& refusal) {
    work.records.take_back(since);
    const int status = refusal.status();
    Json response = Json::object(
        {{"status", std::to_string(status) + " " + std::string(http::reason_phrase(status))},
         {"outcome", refusal.at(entry.path).outcome()}});
    return Json::object({{"response", std::move(response)}});
  }
}

}  // namespace

void check_written(const Work& work, std::uint64_t since) {
  if (!work.settings.check_references) return;
  for (const auto& version : work.records.written(since)) {
    if (version->deleted) continue;
    check_references(*version, work.records, work.settings.base);
  }
}

Reply process_bundle(const Work& work, const Json& bundle, bool representation) {
  if (bundle["resourceType"].text() != "Bundle") {
    throw Refusal(400, "invalid", "only a Bundle can be posted here");
  }
  const std::string& type = bundle["type"].text();
  if (type != "transaction" && type != "batch") {
    throw Refusal(400, "not-supported", "a Bundle of type '" + type + "'");
  }
  std::vector<BundleEntry> entries;
  for (const auto& json : bundle["entry"].items()) {
    entries.push_back(read_entry(json, entries.size(), work.settings.base));
  }
  std::vector<Json> responses;
  if (type == "transaction") {
    responses = run_transaction(work, std::move(entries), representation);
  } else {
    for (const auto& entry : entries) responses.push_back(run_alone(work, entry, representation));
  }
  return {200, nullptr,
          Json::object({{"resourceType", "Bundle"},
                        {"type", type + "-response"},
                        {"entry", Json::array(std::move(responses))}})};
}

}  // namespace meridian::sandbox
