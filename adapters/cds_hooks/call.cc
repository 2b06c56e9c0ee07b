// SPDX-License-Identifier: Apache-2.0
#include "cds_hooks/call.h"

#include <algorithm>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace meridian::cds_hooks {
namespace {

using Json = rapidjson::Value;

constexpr int deepest = 64;             ///< levels of a call; FHIR resources have a dozen
constexpr std::size_t longest_id = 64;  ///< http://hl7.org/fhir/R4/datatypes.html#id

Error malformed(Literal what) {
  return {ErrorCode::malformed, "cds hooks", what};
}

/// Ends a parse that goes deeper than anything a client has to say.
struct DepthLimit : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, DepthLimit> {
  int depth = 0;
  bool StartObject() { return ++depth <= deepest; }
  bool StartArray() { return ++depth <= deepest; }
  bool EndObject(rapidjson::SizeType) { return depth-- > 0; }
  bool EndArray(rapidjson::SizeType) { return depth-- > 0; }
};

bool parse(std::string_view body, rapidjson::Document& document) {
  DepthLimit limit;
  rapidjson::MemoryStream seen(body.data(), body.size());
  rapidjson::Reader reader;
  if (!reader.Parse<rapidjson::kParseIterativeFlag>(seen, limit)) return false;
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag>(body.data(),
                                                                                      body.size());
  return !document.HasParseError() && document.IsObject();
}

const Json* member(const Json* object, const char* name) {
  if (object == nullptr || !object->IsObject()) return nullptr;
  const auto found = object->FindMember(name);
  return found == object->MemberEnd() ? nullptr : &found->value;
}

Json* member(Json* object, const char* name) {
  return const_cast<Json*>(member(static_cast<const Json*>(object), name));
}

std::string text(const Json* object, const char* name) {
  const auto* value = member(object, name);
  return value != nullptr && value->IsString()
             ? std::string(value->GetString(), value->GetStringLength())
             : std::string();
}

std::string written(const Json& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

bool is_id(std::string_view id) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  };
  return !id.empty() && id.size() <= longest_id && std::all_of(id.begin(), id.end(), good);
}

/// "Type/id" of a reference; "" for another type or what is none.
std::string ref_of(std::string_view written, std::string_view type) {
  const auto prefix = std::string(type) + "/";
  const auto id = written.substr(std::min(written.size(), prefix.size()));
  return written.starts_with(prefix) && is_id(id) ? std::string(written) : std::string();
}

/// Drafts are told apart by their ids, and one that has none is given one.
std::string orders_of(Json& drafts, rapidjson::Document::AllocatorType& memory) {
  auto* entries = member(&drafts, "entry");
  if (entries != nullptr && entries->IsArray()) {
    int number = 0;
    for (auto& entry : entries->GetArray()) {
      auto* resource = member(&entry, "resource");
      ++number;
      if (resource == nullptr || !resource->IsObject() || !text(resource, "id").empty()) continue;
      const auto id = "draft-" + std::to_string(number);
      resource->RemoveMember("id");
      resource->AddMember("id", Json(id.c_str(), memory), memory);
    }
  }
  return written(drafts);
}

/// context.dispatchedOrders, of drafts of the hook context.order. Other types than ServiceRequest
/// are none of ours.
std::vector<std::string> dispatched_of(const Json* context) {
  std::vector<std::string> refs;
  const auto add = [&](const Json& value) {
    if (!value.IsString()) return;
    auto ref = ref_of({value.GetString(), value.GetStringLength()}, "ServiceRequest");
    if (!ref.empty()) refs.push_back(std::move(ref));
  };
  if (const auto* order = member(context, "order")) add(*order);
  const auto* orders = member(context, "dispatchedOrders");
  if (orders != nullptr && orders->IsArray()) {
    for (const auto& order : orders->GetArray()) add(order);
  }
  return refs;
}

/// What a client could not satisfy is left out, null, or an OperationOutcome in its place.
std::vector<QueryAnswer> prefetch_of(const Json* prefetch) {
  std::vector<QueryAnswer> answers;
  if (prefetch == nullptr || !prefetch->IsObject()) return answers;
  for (const auto& entry : prefetch->GetObject()) {
    const auto type = text(&entry.value, "resourceType");
    if (type.empty() || type == "OperationOutcome") continue;
    answers.push_back({entry.name.GetString(), written(entry.value)});
  }
  return answers;
}

}  // namespace

Result<Call> read_call(std::string_view body) {
  rapidjson::Document document;
  if (!parse(body, document)) return malformed("the body is no JSON object");
  Call call;
  call.hook = text(&document, "hook");
  call.hook_instance = text(&document, "hookInstance");
  if (call.hook.empty()) return malformed("hook is missing");
  if (call.hook_instance.empty()) return malformed("hookInstance is missing");
  call.fhir_server = text(&document, "fhirServer");
  call.token = Sensitive(text(member(&document, "fhirAuthorization"), "access_token"));
  auto* context = member(&document, "context");
  const auto patient = text(context, "patientId");
  call.patient =
      patient.starts_with("Patient/") ? ref_of(patient, "Patient") : "Patient/" + patient;
  if (ref_of(call.patient, "Patient").empty()) {
    return malformed("context.patientId is missing, or no id");
  }
  call.dispatched = dispatched_of(context);
  auto* drafts = member(context, "draftOrders");
  if (drafts != nullptr && drafts->IsObject()) {
    call.orders = orders_of(*drafts, document.GetAllocator());
  }
  if (call.hook == "order-sign" && call.orders.empty()) {
    return malformed("context.draftOrders is missing");
  }
  call.prefetch = prefetch_of(member(&document, "prefetch"));
  return call;
}

Result<std::vector<Said>> read_feedback(std::string_view body) {
  rapidjson::Document document;
  if (!parse(body, document)) return malformed("the body is no JSON object");
  const auto* entries = member(&document, "feedback");
  if (entries == nullptr || !entries->IsArray()) return malformed("feedback is missing");
  std::vector<Said> said;
  for (const auto& entry : entries->GetArray()) {
    const auto outcome = text(&entry, "outcome");
    Said one{text(&entry, "card"), outcome == "accepted", {}};
    if (one.card.empty() || (!one.accepted && outcome != "overridden")) continue;
    one.reason = text(member(member(&entry, "overrideReason"), "reason"), "code");
    said.push_back(std::move(one));
  }
  return said;
}

bool same_server(std::string_view one, std::string_view other) {
  const auto bare = [](std::string_view url) {
    while (url.ends_with('/')) url.remove_suffix(1);
    return url;
  };
  return bare(one) == bare(other);
}

}  // namespace meridian::cds_hooks
