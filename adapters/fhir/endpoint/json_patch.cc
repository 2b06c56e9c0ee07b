// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/json_patch.h"

#include <charconv>

#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "fhir/exchange/json_index.h"

namespace meridian::fhir {
namespace {

using rapidjson::Document;
using rapidjson::Pointer;
using rapidjson::Value;

constexpr rapidjson::SizeType most_operations = 1'000;

std::string json_of(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string_view text_of(const Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

/// One operation on the document.
class Operation {
 public:
  Operation(Document& document, const Value& given) : document_(document), given_(given) {}

  PatchFailure run(std::map<std::string, std::optional<std::string>>& members) {
    const bool readable = given_.IsObject() && has_text("op") && has_text("path");
    if (!readable) return PatchFailure::malformed;
    const auto op = text_of(given_["op"]);
    const auto path = text_of(given_["path"]);
    pointer_ = Pointer(path.data(), path.size());
    if (!pointer_.IsValid() || pointer_.GetTokenCount() == 0) return PatchFailure::malformed;
    if (op != "remove" && !given_.HasMember("value")) return PatchFailure::malformed;
    if (op == "test") return test();
    const auto& first = pointer_.GetTokens()[0];
    members[std::string(first.name, first.length)] = std::nullopt;  // told when all is done
    if (op == "add") return add();
    if (op == "replace") return replace();
    return op == "remove" ? remove() : PatchFailure::malformed;
  }

 private:
  bool has_text(const char* name) const {
    const auto found = given_.FindMember(name);
    return found != given_.MemberEnd() && found->value.IsString();
  }

  const Pointer::Token& last() const { return pointer_.GetTokens()[pointer_.GetTokenCount() - 1]; }

  /// What holds the value that the path names; nullptr when there is nothing.
  Value* holder() {
    return Pointer(pointer_.GetTokens(), pointer_.GetTokenCount() - 1).Get(document_);
  }

  Value copy_of_value() { return Value(given_["value"], document_.GetAllocator()); }

  PatchFailure test() {
    const auto* value = pointer_.Get(document_);
    return value != nullptr && *value == given_["value"] ? PatchFailure::none
                                                         : PatchFailure::refused;
  }

  PatchFailure add() {
    auto* into = holder();
    const auto& name = last();
    if (into == nullptr) return PatchFailure::refused;
    if (into->IsObject()) {
      into->RemoveMember(Value(name.name, name.length));
      into->AddMember(Value(name.name, name.length, document_.GetAllocator()), copy_of_value(),
                      document_.GetAllocator());
      return PatchFailure::none;
    }
    if (!into->IsArray()) return PatchFailure::refused;
    const bool at_end = std::string_view(name.name, name.length) == "-";
    const auto at = at_end ? into->Size() : name.index;
    if (at > into->Size()) return PatchFailure::refused;
    into->PushBack(copy_of_value(), document_.GetAllocator());
    for (auto i = into->Size() - 1; i > at; --i) (*into)[i].Swap((*into)[i - 1]);
    return PatchFailure::none;
  }

  PatchFailure replace() {
    auto* value = pointer_.Get(document_);
    if (value == nullptr) return PatchFailure::refused;
    *value = copy_of_value();
    return PatchFailure::none;
  }

  PatchFailure remove() {
    return pointer_.Erase(document_) ? PatchFailure::none : PatchFailure::refused;
  }

  Document& document_;
  const Value& given_;
  Pointer pointer_;
};

}  // namespace

Patched apply_patch(std::string_view resource, std::string_view patch) {
  // Its limit of depth is what keeps the copies below from running out of stack.
  if (!JsonIndex::parse(patch, JsonIndex::Names::once)) return {PatchFailure::malformed, {}};
  Patched patched;
  Document operations;
  operations.Parse(patch.data(), patch.size());
  Document document;
  document.Parse<rapidjson::kParseFullPrecisionFlag>(resource.data(), resource.size());
  const bool readable = !operations.HasParseError() && operations.IsArray() &&
                        !operations.Empty() && operations.Size() <= most_operations &&
                        !document.HasParseError() && document.IsObject();
  if (!readable) return {PatchFailure::malformed, {}};
  for (const auto& given : operations.GetArray()) {
    const auto failure = Operation(document, given).run(patched.members);
    if (failure != PatchFailure::none) return {failure, {}};
  }
  for (auto& [name, raw] : patched.members) {
    const auto found = document.FindMember(name.c_str());
    if (found != document.MemberEnd()) raw = json_of(found->value);
  }
  return patched;
}

}  // namespace meridian::fhir
