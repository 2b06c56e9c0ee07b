// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/base64.h"
#include "walk/staff.h"

namespace meridian::sandbox {
namespace {

constexpr const char* of_referral =
    "Task?identifier=http%3A%2F%2Fmeridian-referral.org%2Ffhir%2Fidentifier%2Freferral%7C";

/// "&_lastUpdated=ge..." in a query.
std::string since(Instant at) {
  return "&_lastUpdated=ge" + to_string(at);
}

}  // namespace

HospitalStaff::HospitalStaff(Town& town, std::size_t which)
    : town_(town), which_(which), began_(system_now()) {}

void HospitalStaff::sign_order(const std::string& file, const std::string& order,
                               const std::string& what) {
  town_.load_patient(which_, file);
  tell(what);
  town_.post_order(which_, site().read(order));
}

void HospitalStaff::answer_questions(const std::string& file, const std::string& what) {
  town_.load_patient(which_, file);
  tell(what);
}

void HospitalStaff::correct_record(const std::string& file, const std::string& what) {
  town_.load_patient(which_, file);
  tell(what);
}

void HospitalStaff::revoke(const std::string& order, const std::string& what) {
  Json current = site().read(order);
  site().update(current.set("status", "revoked"));
  tell(what);
}

void HospitalStaff::take_back(const std::string& order, const std::string& what) {
  Json current = site().read(order);
  site().update(current.set("status", "entered-in-error"));
  tell(what);
}

Json HospitalStaff::received(const std::string& referral) const {
  if (referral.empty()) return {};
  const auto found = site().search(of_referral + referral);
  return found.empty() ? Json() : found.front();
}

void HospitalStaff::accept(const Json& task) {
  Json current = site().read(reference_of(task));
  site().update(current.set("status", "accepted").set("lastModified", to_string(system_now())));
  tell("the surgeon's office accepts " + reference_of(task));
}

bool HospitalStaff::fill_page(const std::string& link, const std::string& form,
                              const std::string& words, const std::string& what) {
  if (link.empty() || fetch({"GET", link, "", "text/html"}).status != 200) return false;
  const Answer sent = fetch({"POST", link, form, "application/x-www-form-urlencoded"});
  tell(what);
  return sent.status == 200 && sent.body.find(words) != std::string::npos;
}

std::vector<Json> HospitalStaff::tasks(const std::string& order) const {
  return site().search("Task?focus=" + order + "&_sort=_lastUpdated" + since(began_));
}

std::vector<Json> HospitalStaff::messages(const std::string& order) const {
  return site().search("Communication?based-on=" + order + "&_sort=_lastUpdated" + since(began_));
}

std::string HospitalStaff::status(const std::string& order) const {
  const auto found = tasks(order);
  if (found.empty()) {
    const auto said = messages(order);
    if (said.empty()) return {};
    return reference_of(said.back()) + ": " + said.back()["payload"][0]["contentString"].text();
  }
  const Json& task = found.back();
  std::string text = reference_of(task) + ": " + task["status"].text();
  const std::string& business = task["businessStatus"]["text"].text();
  const std::string& reason = task["statusReason"]["text"].text();
  if (!business.empty() && business != task["status"].text()) text += " (" + business + ")";
  if (!reason.empty()) text += ": " + reason;
  return text;
}

std::string HospitalStaff::everything(const std::string& order) const {
  std::string text;
  for (const auto& task : tasks(order)) {
    text += task["status"].text() + ": " + task["statusReason"]["text"].text() + "\n";
    for (const auto& note : task["note"].items()) text += note["text"].text() + "\n";
  }
  for (const auto& message : messages(order)) {
    text += message["payload"][0]["contentString"].text() + "\n";
  }
  return text;
}

std::string HospitalStaff::referral_id(const std::string& order) const {
  auto found = tasks(order);
  const auto said = messages(order);
  found.insert(found.end(), said.begin(), said.end());
  for (const auto& resource : found) {
    for (const auto& identifier : resource["identifier"].items()) {
      if (!identifier["system"].text().starts_with("http://meridian-referral.org/")) continue;
      const std::string& value = identifier["value"].text();
      return value.substr(0, value.find('/'));
    }
  }
  return {};
}

bool HospitalStaff::sees(const std::string& order, const std::vector<std::string>& words,
                         const std::string& without) {
  std::string now;
  const bool seen = wait_for(town_.patience(), [&] {
    town_.check_meridian();
    now = status(order);
    if (!without.empty() && now.find(without) != std::string::npos) return false;
    return std::ranges::any_of(
        words, [&](const std::string& word) { return now.find(word) != std::string::npos; });
  });
  tell("the record of " + order + (seen ? " shows " : " still shows ") +
       (now.empty() ? "nothing" : now));
  return seen;
}

std::string HospitalStaff::note(const std::string& order, const std::string& text) const {
  const std::string wanted = encode_base64(text);
  for (const auto& document : site().search("DocumentReference?related=" + order + since(began_))) {
    for (const auto& content : document["content"].items()) {
      if (content["attachment"]["data"].text() == wanted) return reference_of(document);
    }
  }
  for (const auto& message : messages(order)) {
    for (const auto& payload : message["payload"].items()) {
      if (payload["contentAttachment"]["data"].text() == wanted) return reference_of(message);
    }
  }
  return {};
}

}  // namespace meridian::sandbox
