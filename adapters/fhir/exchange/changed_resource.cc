// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/changed_resource.h"

#include <algorithm>

#include "base/base64.h"
#include "fhir/exchange/identifiers.h"
#include "fhir/exchange/json_edit.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

constexpr std::size_t company_limit = 40;  ///< resources in one envelope

/// True when an identifier's system begins so.
bool carries(const JsonIndex& index, std::string_view system) {
  const JsonNode* identifier = index.find(&index.root(), "identifier");
  if (identifier == nullptr) return false;
  const auto ours = [&](const JsonNode& node) {
    return index.string(node, "system").starts_with(system);
  };
  if (identifier->kind == JsonNode::Kind::object) return ours(*identifier);
  for (const auto& node : index.children(*identifier)) {
    if (ours(node)) return true;
  }
  return false;
}

/// What it is about: Task.focus, else the first that it is based on.
std::string subject_of(const JsonIndex& index) {
  const auto focus = index.string(index.at(index.root(), {"focus", "reference"}));
  if (!focus.empty()) return plain_ref(focus);
  const JsonNode* based_on = index.find(&index.root(), "basedOn");
  if (based_on == nullptr || based_on->kind != JsonNode::Kind::array) return {};
  for (const auto& one : index.children(*based_on)) {
    return plain_ref(index.string(one, "reference"));
  }
  return {};
}

bool may_be_gone(const Error& error) {
  return error_row(error.code).retry != RetryClass::permanent;
}

/// Reads what belongs to one changed resource.
class Company {
 public:
  Company(FhirClient& client, const Watch& watch, const std::string& base_url)
      : client_(client), watch_(watch), collection_(base_url) {}

  Result<std::string> run(const BundleEntry& entry) {
    collection_.add(entry);
    const auto index = JsonIndex::parse(entry.resource);
    if (!index) return index.error();
    for (const auto& name : watch_.follow) {
      const JsonNode* element = index->find(&index->root(), name);
      if (element == nullptr) continue;
      for (const auto& written : references_in(*index, *element)) {
        if (auto read = take(written); !read) return read.error();
      }
    }
    const auto focus = subject_of(*index);
    for (const auto& search : watch_.along) {
      if (auto found = take_search(search, focus); !found) return found.error();
      if (watch_.own == Watch::Own::along && !has_our_task()) return std::string();
    }
    if (auto read = take_documents(); !read) return read.error();
    return collection_.json();
  }

 private:
  Result<void> take(const std::string& written) {
    const std::string ref = plain_ref(written);
    if (ref.empty() || collection_.holds(ref)) return {};
    if (collection_.resources().size() >= company_limit) return {};
    const auto response = client_.read(written);
    if (!response) return may_be_gone(response.error()) ? response.error() : Result<void>();
    if (response->failure) {
      return may_be_gone(*response->failure) ? *response->failure : Result<void>();
    }
    const bool json = response->media_type.find("json") != std::string::npos;
    if (json && collection_.add(response->body)) return {};
    if (ref.starts_with("Binary/")) return collection_.add(wrapped(ref, *response));
    return {};
  }

  /// A server that answers with the document itself: made the Binary that it is.
  static std::string wrapped(const std::string& ref, const Response& response) {
    return JsonOut()
        .object()
        .text("resourceType", "Binary")
        .text("id", ref.substr(ref.find('/') + 1))
        .text("contentType", response.media_type)
        .text("data", encode_base64(response.body))
        .end()
        .str();
  }

  bool has_our_task() const {
    for (const auto& resource : collection_.resources()) {
      if (resource.type != "Task") continue;
      const auto index = JsonIndex::parse(resource.bytes);
      if (index && carries(*index, referral_identifier({}).system)) return true;
    }
    return false;
  }

  Result<void> take_search(const HistorySearch& search, const std::string& focus) {
    SearchParams params = search.params;
    for (auto& [name, value] : params) {
      const auto at = value.find("{focus}");
      if (at == std::string::npos) continue;
      if (focus.empty()) return {};
      value.replace(at, 7, focus);
    }
    const auto pages = client_.search(search.type, params);
    if (pages.failure && may_be_gone(*pages.failure)) return *pages.failure;
    for (const auto& body : pages.bodies) {
      const auto entries = bundle_entries(body);
      if (!entries) continue;
      for (const auto& entry : *entries) {
        if (collection_.resources().size() < company_limit) collection_.add(entry);
      }
    }
    return {};
  }

  /// Documents that are kept as Binary.
  Result<void> take_documents() {
    const auto resources = collection_.resources();  // a copy: reading adds to it
    for (const auto& resource : resources) {
      if (resource.type != "DocumentReference" && resource.type != "DiagnosticReport") continue;
      const auto index = JsonIndex::parse(resource.bytes);
      if (!index) continue;
      for (const auto& url : addresses(*index)) {
        if (!plain_ref(url).starts_with("Binary/")) continue;
        if (auto read = take(url); !read) return read;
      }
    }
    return {};
  }

  static std::vector<std::string> addresses(const JsonIndex& index) {
    std::vector<std::string> found;
    const auto add = [&](const JsonNode* attachment) {
      if (attachment == nullptr) return;
      auto url = index.string(*attachment, "url");
      if (!url.empty()) found.push_back(std::move(url));
    };
    if (const JsonNode* content = index.find(&index.root(), "content")) {
      for (const auto& node : index.children(*content)) add(index.find(&node, "attachment"));
    }
    if (const JsonNode* forms = index.find(&index.root(), "presentedForm")) {
      for (const auto& node : index.children(*forms)) add(&node);
    }
    return found;
  }

  FhirClient& client_;
  const Watch& watch_;
  Collection collection_;
};

}  // namespace

std::string change_key(const BundleEntry& entry) {
  if (!entry.version.empty()) return entry.ref() + "/_history/" + entry.version;
  return entry.ref() + "/#" + short_hash(entry.resource);
}

bool is_news(const BundleEntry& entry, const Watch& watch) {
  if (entry.type != watch.type || entry.id.empty()) return false;
  const auto index = JsonIndex::parse(entry.resource);
  if (!index) return false;
  if (watch.own == Watch::Own::skip && carries(*index, identifier_root)) return false;
  const auto sent = referral_identifier({}).system;
  if (watch.own == Watch::Own::only && !carries(*index, sent)) return false;
  if (watch.own == Watch::Own::along && subject_of(*index).empty()) return false;
  const auto status = index->string(index->root(), "status");
  return std::find(watch.skip_status.begin(), watch.skip_status.end(), status) ==
         watch.skip_status.end();
}

Result<std::string> with_company(FhirClient& client, const BundleEntry& entry, const Watch& watch,
                                 const std::string& base_url) {
  return Company(client, watch, base_url).run(entry);
}

}  // namespace meridian::fhir
