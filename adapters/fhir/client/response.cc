// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/response.h"

#include <algorithm>
#include <array>

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace meridian::fhir::wire {
namespace {

/// Stops when both members of the outermost object are there.
class IdentityHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, IdentityHandler> {
 public:
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (depth_ == 1) key_.assign(text, size);
    return true;
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    if (depth_ == 1 && key_ == "resourceType") type.assign(text, size);
    if (depth_ == 1 && key_ == "id") id.assign(text, size);
    return type.empty() || id.empty();
  }
  bool StartObject() { return ++depth_ > 0; }
  bool EndObject(rapidjson::SizeType) { return --depth_ >= 0; }
  bool StartArray() { return ++depth_ > 0; }
  bool EndArray(rapidjson::SizeType) { return --depth_ >= 0; }
  bool Default() { return true; }

  std::string type;
  std::string id;

 private:
  std::string key_;
  int depth_ = 0;
};

std::string media_type_of(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  for (auto& c : type) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return type;
}

bool is_type_name(std::string_view text) {
  return !text.empty() && text.front() >= 'A' && text.front() <= 'Z' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

OutcomeIssue not_fhir(const Response& response) {
  OutcomeIssue entry;
  entry.issue.severity = Severity::error;
  entry.issue.code = "processing";
  entry.issue.path = "http";
  entry.issue.text = "HTTP " + std::to_string(response.status) + " with " +
                     (response.media_type.empty() ? "no content type" : response.media_type) +
                     " in place of an OperationOutcome";
  return entry;
}

}  // namespace

std::string reference_in_location(std::string_view location) {
  location = location.substr(0, location.find_first_of("?#"));
  std::array<std::string_view, 4> last{};  // the last four segments, newest first
  while (!location.empty()) {
    const auto slash = location.rfind('/');
    const auto segment = slash == std::string_view::npos ? location : location.substr(slash + 1);
    location = slash == std::string_view::npos ? "" : location.substr(0, slash);
    if (segment.empty()) continue;
    const auto free = std::find(last.begin(), last.end(), std::string_view{});
    *free = segment;
    if (free + 1 == last.end()) break;
  }
  const bool versioned = last[1] == "_history";
  const auto type = versioned ? last[3] : last[1];
  const auto id = versioned ? last[2] : last[0];
  if (!is_type_name(type) || id.empty()) return {};
  return std::string(type) + "/" + std::string(id);
}

std::string reference_in_body(std::string_view json) {
  rapidjson::MemoryStream stream(json.data(), json.size());
  IdentityHandler handler;
  rapidjson::Reader reader;
  reader.Parse<rapidjson::kParseIterativeFlag>(stream, handler);
  if (!is_type_name(handler.type) || handler.id.empty()) return {};
  return handler.type + "/" + handler.id;
}

CodedResponse make_response(HttpAnswer answer, Precondition conditional, Instant now) {
  CodedResponse out;
  Response& response = out.response;
  response.status = answer.status;
  response.media_type = media_type_of(answer.header("content-type"));
  response.location = answer.header("location");
  if (response.location.empty()) response.location = answer.header("content-location");
  response.etag = answer.header("etag");
  response.retry_after = parse_retry_after(answer.header("retry-after"), now);
  response.body = std::move(answer.body);
  out.outcome = read_outcome(response.body);
  response.failure = failure_of(response.status, out.outcome, conditional);
  if (response.failure && out.outcome.empty()) out.outcome.push_back(not_fhir(response));
  response.outcome = issues_of(out.outcome);
  if (response.failure) return out;
  response.reference = reference_in_location(response.location);
  if (response.reference.empty()) response.reference = reference_in_body(response.body);
  return out;
}

}  // namespace meridian::fhir::wire
