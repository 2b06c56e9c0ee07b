// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/collection.h"

#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Versions are opaque, but most are numbers; lastUpdated decides where they are not.
template <typename Versioned>
bool is_newer(const Versioned& candidate, const Versioned& known) {
  if (is_number(candidate.version) && is_number(known.version)) {
    if (candidate.version.size() != known.version.size()) {
      return candidate.version.size() > known.version.size();
    }
    return candidate.version > known.version;
  }
  return candidate.last_updated > known.last_updated;
}

}  // namespace

std::string plain_ref(std::string_view written) {
  if (written.empty() || written.front() == '#' || written.starts_with("urn:")) return {};
  written = written.substr(0, written.find("/_history/"));
  const auto id = written.rfind('/');
  if (id == std::string_view::npos || id == 0) return {};
  const auto type = written.rfind('/', id - 1);
  return std::string(type == std::string_view::npos ? written : written.substr(type + 1));
}

std::vector<BundleEntry> latest_of(std::vector<BundleEntry> entries) {
  std::vector<BundleEntry> latest;
  std::map<std::string, std::size_t> places;
  for (auto& entry : entries) {
    const auto [place, is_new] = places.emplace(entry.ref(), latest.size());
    if (is_new || entry.id.empty()) {
      latest.push_back(std::move(entry));
    } else if (is_newer(entry, latest[place->second])) {
      latest[place->second] = std::move(entry);
    }
  }
  return latest;
}

Result<void> Collection::add(std::string_view resource) {
  const auto entries = bundle_entries(resource);
  if (!entries) return entries.error();
  for (const auto& entry : *entries) add(entry);
  return {};
}

void Collection::add(const BundleEntry& entry) {
  if (entry.type == "OperationOutcome" || entry.type.empty()) return;
  CollectedResource resource{entry.full_url, entry.type,         entry.ref(),
                             entry.version,  entry.last_updated, std::string(entry.resource)};
  if (resource.full_url.empty() && !resource.ref.empty()) {
    resource.full_url = base_url_ + "/" + resource.ref;
  }
  if (resource.ref.empty()) {
    resources_.push_back(std::move(resource));
    return;
  }
  const auto [place, is_new] = places_.emplace(resource.ref, resources_.size());
  if (is_new) {
    resources_.push_back(std::move(resource));
  } else if (is_newer(resource, resources_[place->second])) {
    resources_[place->second] = std::move(resource);
  }
}

const CollectedResource* Collection::find(std::string_view ref) const {
  const auto found = places_.find(ref);
  return found == places_.end() ? nullptr : &resources_[found->second];
}

std::string Collection::json() const {
  JsonOut json;
  json.object().text("resourceType", "Bundle").text("type", "collection");
  if (resources_.empty()) return json.end().str();
  json.list("entry");
  for (const auto& resource : resources_) {
    json.object().text("fullUrl", resource.full_url).raw("resource", resource.bytes).end();
  }
  return json.end().end().str();
}

}  // namespace meridian::fhir
