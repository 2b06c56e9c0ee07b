// SPDX-License-Identifier: Apache-2.0
#include "flow/reveal.h"

#include <algorithm>
#include <charconv>

#include "flow/explain.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

Error nothing() {
  return {ErrorCode::not_found, "reveal", "there is nothing of this name, or it is kept no more"};
}

Result<std::string> delivery(const Core& core, std::string_view target) {
  std::int64_t number = 0;
  std::from_chars(target.data(), target.data() + target.size(), number);
  const auto found = core.store.delivery(number);
  if (!found) return found.error();
  if (!*found) return nothing();
  report::Json json;
  json.open();
  json.number("number", (*found)->number);
  json.text("mediaType", (*found)->media_type);
  json.text("body", (*found)->body);
  json.text("receipt", (*found)->receipt);
  json.close();
  return json.str();
}

/// Bytes that are not UTF-8 are what is wrong with some messages: they are written as "?".
std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  }
  return text;
}

Result<std::string> message(const Core& core, std::string_view target) {
  const auto found = core.store.message(MessageId(std::string(target)));
  if (!found) return found.error();
  if (!*found) return nothing();
  report::Json json;
  json.open();
  json.text("id", (*found)->id.str());
  json.text("from", (*found)->source.str());
  json.text("senderId", printable((*found)->sender_id));
  json.text("mediaType", (*found)->media_type);
  json.text("body", printable((*found)->body));
  json.close();
  return json.str();
}

Result<std::string> referral(const Core& core, std::string_view target) {
  const ReferralId id{std::string(target)};
  const auto found = core.store.referral(id);
  if (!found) return found.error();
  if (!*found) return nothing();
  const auto events = core.store.events(id);
  if (!events) return events.error();
  report::Json json;
  json.open();
  json.text("id", id.str());
  json.text("order", (*found)->order_ref);
  json.text("patient", (*found)->patient_ref);
  json.text("assessment", (*found)->assessment);
  json.text("decision", (*found)->decision);
  json.open_list("events");
  for (const auto& event : *events) {
    json.open();
    json.text("kind", event.kind);
    json.text("detail", event.detail);
    json.close();
  }
  json.close_list();
  json.close();
  return json.str();
}

Result<std::string> explanation(const Core& core, std::string_view target) {
  const auto told = explain(core, ReferralId{std::string(target)}, true);
  if (!told) return told.error();
  report::Json json;
  json.open();
  json.text("text", *told);
  json.close();
  return json.str();
}

/// The audit keeps no patient data: a word of a list, "meridian-fault", and nothing typed.
bool is_word(std::string_view reason) {
  constexpr std::size_t longest = 32;
  return reason.size() <= longest && std::all_of(reason.begin(), reason.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || c == '-';
         });
}

}  // namespace

Result<std::string> reveal(const Core& core, std::string_view what, std::string_view by,
                           std::string_view reason) {
  if (!is_word(reason)) return Error{ErrorCode::invalid, "reveal", "the reason is not one word"};
  const auto slash = what.find('/');
  if (slash == std::string_view::npos) {
    return Error{ErrorCode::invalid, "reveal", "what is to be shown is named kind/id"};
  }
  const auto kind = what.substr(0, slash);
  const auto target = what.substr(slash + 1);
  auto shown = kind == "delivery"      ? delivery(core, target)
               : kind == "message"     ? message(core, target)
               : kind == "referral"    ? referral(core, target)
               : kind == "explanation" ? explanation(core, target)
                                       : Result<std::string>(nothing());
  if (!shown) return shown;
  store::Changes changes;
  changes.audits.push_back({"PatientRead", std::string(by), std::string(what), "success"});
  if (!reason.empty()) {
    changes.audits.push_back(
        {"PatientRead.reason", std::string(by), std::string(what), std::string(reason)});
  }
  if (auto audited = core.store.apply(changes); !audited) return audited.error();
  return shown;
}

}  // namespace meridian::flow
