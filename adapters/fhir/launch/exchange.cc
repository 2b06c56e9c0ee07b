// SPDX-License-Identifier: Apache-2.0
#include "fhir/launch/exchange.h"

#include <algorithm>

#include <rapidjson/document.h>

#include "base/hash.h"
#include "fhir/client/fetch_json.h"
#include "fhir/client/fhir_client.h"
#include "fhir/launch/id_token.h"
#include "fhir/launch/limits.h"
#include "http/uri.h"

namespace meridian::fhir {
namespace {

using Json = rapidjson::Value;

Error refused(Literal what) {
  return {ErrorCode::unauthorized, "launch", what};
}

const Json* member(const Json& json, const char* name) {
  if (!json.IsObject()) return nullptr;
  const auto found = json.FindMember(name);
  return found == json.MemberEnd() ? nullptr : &found->value;
}

std::string text_in(const Json& json, const char* name) {
  const auto* found = member(json, name);
  return found != nullptr && found->IsString() ? found->GetString() : "";
}

bool is_id(std::string_view text) {
  constexpr std::size_t longest = 64;  // http://hl7.org/fhir/R4/datatypes.html#id
  return !text.empty() && text.size() <= longest &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '-' || c == '.';
         });
}

void add(std::string& form, std::string_view name, std::string_view value) {
  if (!form.empty()) form += "&";
  form += std::string(name) + "=" + http::percent_encode(value);
}

Result<std::string> form_of(const LaunchHospital& hospital, const SignInPlaces& places,
                            const CodeGiven& given, Instant now) {
  std::string form;
  add(form, "grant_type", "authorization_code");
  add(form, "code", given.code);
  add(form, "redirect_uri", given.redirect_uri);
  add(form, "code_verifier", given.verifier);
  if (!hospital.key) {
    add(form, "client_id", hospital.client_id);
    return form;
  }
  const auto assertion =
      hospital.key->sign(assertion_claims(hospital.client_id, places.token_endpoint, now));
  if (!assertion) return assertion.error();
  add(form, "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  add(form, "client_assertion", *assertion);
  return form;
}

/// One resource as the user may read it; nothing when it may not.
rapidjson::Document read_as_user(FhirClient& client, const std::string& ref) {
  rapidjson::Document json;
  const auto answer = client.read(ref);
  if (answer && !answer->failure) json.Parse(answer->body.data(), answer->body.size());
  const bool right = !json.HasParseError() && json.IsObject() &&
                     text_in(json, "resourceType") + "/" + text_in(json, "id") == ref;
  if (!right) json.SetNull();
  return json;
}

/// HumanName.text, else its parts; the official or first one.
std::string name_in(const Json& resource) {
  const auto* names = member(resource, "name");
  if (names == nullptr || !names->IsArray() || names->Empty()) return {};
  const Json* chosen = &(*names)[0];
  for (const auto& name : names->GetArray()) {
    if (text_in(name, "use") == "official") chosen = &name;
  }
  if (auto whole = text_in(*chosen, "text"); !whole.empty()) return whole;
  std::string said;
  const auto append = [&](const Json* words) {
    if (words == nullptr || !words->IsArray()) return;
    for (const auto& word : words->GetArray()) {
      if (word.IsString()) said += (said.empty() ? "" : " ") + std::string(word.GetString());
    }
  };
  append(member(*chosen, "prefix"));
  append(member(*chosen, "given"));
  if (const auto family = text_in(*chosen, "family"); !family.empty()) {
    said += (said.empty() ? "" : " ") + family;
  }
  return said;
}

Result<EhrUser> user_of(const LaunchHospital& hospital, const SignInPlaces& places,
                        const CodeGiven& given, const std::string& id_token, Instant now) {
  const auto text = fetch_json(places.jwks_uri, hospital.ca_file, launch_limits(), hospital.egress);
  if (!text) return text.error();
  const auto keys = JwkSet::parse_for_sign_in(*text);
  if (!keys) return refused("the EHR's keys cannot be read");
  return check_id_token(id_token, {places.issuer, hospital.client_id, given.nonce, hospital.iss},
                        *keys, now);
}

/// What a token answer says besides the user. Errors: unauthorized, not_found.
Result<LaunchAnswer> context_in(const Json& json) {
  auto kind = text_in(json, "token_type");
  if (text_in(json, "access_token").empty() || !http::same_token(kind, "bearer")) {
    return refused("the answer holds no bearer token");
  }
  LaunchAnswer answer;
  const auto patient = text_in(json, "patient");
  if (!is_id(patient)) return Error{ErrorCode::not_found, "launch", "no patient is open"};
  answer.patient = "Patient/" + patient;
  const auto* banner = member(json, "need_patient_banner");
  answer.banner = banner == nullptr || !banner->IsBool() || banner->GetBool();
  const auto* life = member(json, "expires_in");
  if (life != nullptr && life->IsInt64() && life->GetInt64() > 0) {
    answer.life = std::chrono::seconds(std::min<std::int64_t>(life->GetInt64(), 86'400));
  }
  return answer;
}

/// Who user and patient are, by the user's own right to read.
Result<void> add_names(const LaunchHospital& hospital, const std::string& token,
                       LaunchAnswer& answer) {
  ClientSettings settings;
  settings.base_url = hospital.iss;
  settings.ca_file = hospital.ca_file;
  settings.auth = BearerAuth{Sensitive<std::string>(token)};
  settings.limits = launch_limits();
  settings.egress = hospital.egress;
  const auto client = FhirClient::create(settings);
  if (!client) return client.error();
  if (answer.banner) {
    const auto patient = read_as_user(**client, answer.patient);
    answer.patient_name = name_in(patient);
    answer.born = text_in(patient, "birthDate");
    // A page that does not say whose it is may be taken for another patient's.
    if (answer.patient_name.empty()) {
      return Error{ErrorCode::not_found, "launch", "the patient cannot be named"};
    }
  }
  if (answer.name.empty()) answer.name = name_in(read_as_user(**client, answer.user));
  if (answer.name.empty()) answer.name = answer.user;
  return {};
}

}  // namespace

std::string code_challenge(std::string_view verifier) {
  const auto digest = sha256(verifier);
  return base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

Result<LaunchAnswer> exchange_code(const LaunchHospital& hospital, const SignInPlaces& places,
                                   const CodeGiven& given, Instant now) {
  const auto form = form_of(hospital, places, given, now);
  if (!form) return form.error();
  const auto sent =
      post_form(places.token_endpoint, *form, hospital.ca_file, launch_limits(), hospital.egress);
  if (!sent) return sent.error();
  if (sent->status != 200) return refused("the EHR did not take the code");
  rapidjson::Document json;
  json.Parse(sent->body.data(), sent->body.size());
  if (json.HasParseError() || !json.IsObject()) return refused("the answer is not a JSON object");
  const auto user = user_of(hospital, places, given, text_in(json, "id_token"), now);
  if (!user) return user.error();
  auto answer = context_in(json);
  if (!answer) return answer;
  answer->user = user->ref;
  answer->name = user->name;
  if (auto named = add_names(hospital, text_in(json, "access_token"), *answer); !named) {
    return named.error();
  }
  return answer;
}

}  // namespace meridian::fhir
