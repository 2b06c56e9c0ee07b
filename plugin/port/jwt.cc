// SPDX-License-Identifier: Apache-2.0
#include "port/jwt.h"

#include <rapidjson/document.h>

#include "port/jwk_set.h"

namespace meridian {
namespace {

constexpr std::size_t longest = 8'192;

std::string_view view_of(const rapidjson::Value& value) {
  return value.IsString() ? std::string_view(value.GetString(), value.GetStringLength())
                          : std::string_view();
}

}  // namespace

struct JwtPart::Json {
  rapidjson::Document document;

  const rapidjson::Value* find(std::string_view name) const {
    const rapidjson::Value key(rapidjson::StringRef(name.data(), name.size()));
    const auto found = document.FindMember(key);
    return found == document.MemberEnd() ? nullptr : &found->value;
  }
};

std::optional<JwtPart> JwtPart::read(std::string_view base64url) {
  const auto text = from_base64url(base64url);
  if (!text) return std::nullopt;
  auto json = std::make_shared<Json>();
  auto& document = json->document;
  document.Parse<rapidjson::kParseIterativeFlag>(text->data(), text->size());
  if (document.HasParseError() || !document.IsObject()) return std::nullopt;
  const auto& members = static_cast<const rapidjson::Document&>(document);
  for (auto member = members.MemberBegin(); member != members.MemberEnd(); ++member) {
    if (members.FindMember(member->name) != member) return std::nullopt;
  }
  JwtPart part;
  part.json_ = std::move(json);
  return part;
}

bool JwtPart::has(std::string_view name) const {
  return json_->find(name) != nullptr;
}

std::string JwtPart::text(std::string_view name) const {
  const auto* value = json_->find(name);
  return value == nullptr ? std::string() : std::string(view_of(*value));
}

bool JwtPart::is_true(std::string_view name) const {
  const auto* value = json_->find(name);
  return value != nullptr && value->IsTrue();
}

std::optional<Instant> JwtPart::time(std::string_view name) const {
  constexpr std::int64_t latest = 32'503'680'000;  // the year 3000
  const auto* value = json_->find(name);
  if (value == nullptr || !value->IsInt64()) return std::nullopt;
  const auto seconds = value->GetInt64();
  if (seconds < 0 || seconds > latest) return std::nullopt;
  return Instant(std::chrono::seconds(seconds));
}

bool JwtPart::names(std::string_view name, std::string_view value) const {
  const auto* member = json_->find(name);
  if (member == nullptr || value.empty()) return false;
  if (!member->IsArray()) return view_of(*member) == value;
  for (const auto& each : member->GetArray()) {
    if (view_of(each) == value) return true;
  }
  return false;
}

bool JwtPart::names_only(std::string_view name, std::string_view value) const {
  const auto* member = json_->find(name);
  return names(name, value) && (!member->IsArray() || member->Size() == 1);
}

Result<Jwt> Jwt::read(std::string_view compact) {
  const Error none{ErrorCode::unauthorized, "jwt", "this is no JWT"};
  const auto first = compact.find('.');
  const auto last = compact.rfind('.');
  if (compact.size() > longest || first == std::string_view::npos || first == last) return none;
  auto header = JwtPart::read(compact.substr(0, first));
  auto claims = JwtPart::read(compact.substr(first + 1, last - first - 1));
  auto signature = from_base64url(compact.substr(last + 1));
  if (!header || !claims || !signature) return none;
  return Jwt{std::move(*header), std::move(*claims), std::string(compact.substr(0, last)),
             std::move(*signature)};
}

}  // namespace meridian
