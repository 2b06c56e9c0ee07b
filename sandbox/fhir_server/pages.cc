// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/pages.h"

#include <algorithm>

#include "base/ids.h"
#include "fhir_server/refusal.h"

namespace meridian::sandbox {
namespace {

constexpr std::size_t kept_searches = 200;

std::size_t page_size(const Search& search, const ServerSettings& settings) {
  return std::min(search.count.value_or(settings.page_size), settings.max_page_size);
}

Json entry_of(const Version& version, std::string_view mode, std::string_view base) {
  return Json::object({{"fullUrl", std::string(base) + "/" + version.reference()},
                       {"resource", version.resource},
                       {"search", Json::object({{"mode", mode}})}});
}

/// Parameters that were ignored, told as FHIR wants it: an outcome among the entries.
Json warning_entry(const std::vector<std::string>& warnings) {
  Json issues = Json::array();
  for (const auto& warning : warnings) {
    issues.push(Json::object(
        {{"severity", "warning"}, {"code", "not-supported"}, {"diagnostics", warning}}));
  }
  Json outcome = Json::object({{"resourceType", "OperationOutcome"}, {"issue", std::move(issues)}});
  return Json::object(
      {{"resource", std::move(outcome)}, {"search", Json::object({{"mode", "outcome"}})}});
}

}  // namespace

Json Pages::first(const Records& records, Search search, std::vector<VersionPtr> matches,
                  const ServerSettings& settings) {
  const std::string token = new_ulid();
  const Result result{std::move(search), std::move(matches)};
  Json bundle = page(records, result, token, 0, settings);
  if (result.matches.size() > page_size(result.search, settings)) {
    results_[token] = result;
    if (results_.size() > kept_searches) results_.erase(results_.begin());
  }
  return bundle;
}

Json Pages::next(const Records& records, const std::string& token, std::size_t offset,
                 const ServerSettings& settings) const {
  const auto found = results_.find(token);
  if (found == results_.end()) {
    throw Refusal(410, "expired", "this page is no longer there; search again");
  }
  return page(records, found->second, token, offset, settings);
}

Json Pages::page(const Records& records, const Result& result, const std::string& token,
                 std::size_t offset, const ServerSettings& settings) {
  Json bundle = Json::object(
      {{"resourceType", "Bundle"}, {"type", "searchset"}, {"total", result.matches.size()}});
  const std::size_t size = page_size(result.search, settings);
  if (result.search.only_total || size == 0) return bundle;
  const std::size_t begin = std::min(offset, result.matches.size());
  const std::size_t end = std::min(begin + size, result.matches.size());
  if (end < result.matches.size()) {
    const std::string url =
        settings.base + "?_getpages=" + token + "&_getpagesoffset=" + std::to_string(end);
    bundle.set("link", Json::array({Json::object({{"relation", "next"}, {"url", url}})}));
  }
  const std::vector<VersionPtr> shown(result.matches.begin() + static_cast<std::ptrdiff_t>(begin),
                                      result.matches.begin() + static_cast<std::ptrdiff_t>(end));
  Json entries = Json::array();
  for (const auto& match : shown) entries.push(entry_of(*match, "match", settings.base));
  for (const auto& other : find_included(records, result.search, shown, settings.base)) {
    entries.push(entry_of(*other, "include", settings.base));
  }
  if (!result.search.warnings.empty()) entries.push(warning_entry(result.search.warnings));
  if (entries.size() > 0) bundle.set("entry", std::move(entries));
  return bundle;
}

}  // namespace meridian::sandbox
