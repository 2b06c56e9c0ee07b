// SPDX-License-Identifier: Apache-2.0
#include "flow/people_by_hand.h"

#include <algorithm>

#include "flow/enrolment.h"
#include "flow/linked_people.h"
#include "flow/people.h"
#include "report/json.h"
#include "routing/directory.h"

namespace meridian::flow {
namespace {

constexpr std::size_t longest_name = 400;   // bytes: 100 characters of any script
constexpr std::size_t longest_email = 254;  // RFC 5321 section 4.5.3.1.3, without the brackets

Error invalid(Literal what) {
  return {ErrorCode::invalid, "people", what};
}

bool is_plain(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest &&
         text.find_first_not_of(' ') != std::string_view::npos &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  return is_plain(text, longest_email) && at != std::string_view::npos && at > 0 &&
         at == text.rfind('@') && at + 1 < text.size() &&
         text.find_first_of(" \"<>,;:\\()[]") == std::string_view::npos;
}

/// Why no people of this clinic can be enrolled; empty: they can. What the directory says counts
/// as much as what the configuration does.
std::string against_clinic(const Core& core, const std::string& id) {
  const auto* peer = core.peers.find(id);
  if (peer == nullptr || peer->kind != PeerKind::clinic) {
    return "\"" + id + "\" is no [[clinic]]; name the one whose referrals they are to see";
  }
  const auto today = std::chrono::floor<std::chrono::days>(core.clock());
  const auto directory = core.peers.directory();
  bool licensed = false;
  bool agreed = false;
  for (const auto index : directory->receivers_at(DestinationId(id))) {
    const auto& receiver = directory->receivers()[index];
    agreed = agreed || (receiver.agreement_until && *receiver.agreement_until >= today);
    for (const auto& licence : receiver.licences) {
      licensed = licensed || (licence.until && *licence.until >= today);
    }
  }
  if (!licensed)
    return "no licence in force is stated for \"" + id +
           "\"; set licence_state and "
           "licence_until in its [[clinic]]";
  if (!agreed)
    return "no agreement in force is stated for \"" + id +
           "\"; set agreement_until in "
           "its [[clinic]]";
  return {};
}

void invite(const Core& core, store::PersonRow& row, Outlook& outlook) {
  // To the millisecond the second link would be the first one.
  const auto now = core.clock();
  row.invited_at =
      row.invited_at ? std::max(now, *row.invited_at + std::chrono::milliseconds(1)) : now;
  row.proposed = {};
  const auto token = enrolment_token(core, row);
  outlook.link = core.enrol_link ? core.enrol_link(token) : "/enrol/" + token;
}

void end_sessions(const store::PersonRow& row, Outlook& outlook) {
  outlook.changes.sessions.push_back({store::SessionChange::What::all_end, {"", row.id, {}, {}}});
}

void finish(const Intervention& given, std::string_view by, const store::PersonRow& row,
            Outlook& outlook) {
  const auto action = given.action.substr(0, given.action.find('-'));
  outlook.changes.people.push_back(row);
  outlook.changes.audits.push_back(
      {"Person." + action, std::string(by), "person/" + row.id, "success"});
}

Result<Outlook> look_at_new(const Core& core, const Intervention& given, std::string_view by) {
  const auto role = person_role(given.role);
  if (!role) {
    return invalid(
        "a role is clinic, staff, clinician, viewer, operator, administrator or auditor");
  }
  if (!is_plain(given.name, longest_name)) return invalid("a person needs a name");
  store::PersonRow row;
  row.email = found_by(given.target);
  if (!is_email(row.email)) return invalid("this is no e-mail address");
  if ((*role == Role::clinic) == given.clinic.empty()) {
    return invalid("a person of role clinic, and no other, is of a clinic");
  }
  row.id = new_ulid();
  row.role = given.role;
  row.clinic = DestinationId(given.clinic);
  row.state = "invited";
  row.created_at = core.clock();
  row.name = given.name;
  Outlook outlook;
  outlook.about = person_json(row);
  const auto known = core.store.person_by_email(row.email);
  if (!known) return known.error();
  if (*known) outlook.refused = "somebody has this e-mail address already: " + (*known)->id;
  if (*role == Role::clinic && outlook.refused.empty()) {
    outlook.refused = against_clinic(core, given.clinic);
  }
  if (!outlook.refused.empty()) return outlook;
  invite(core, row, outlook);
  outlook.effect = "they enrol by a link that is good for 72 hours and once";
  finish(given, by, row, outlook);
  return outlook;
}

void unlock(store::PersonRow& row, Outlook& outlook) {
  const bool locked = row.state == "locked" || row.failures > 0 || row.locked_until;
  if (!locked) {
    outlook.refused = "they are not locked";
    return;
  }
  if (row.state == "locked") {
    row.state = row.current.password.empty() && row.identity.empty() ? "invited" : "active";
  }
  row.failures = 0;
  row.locked_until.reset();
  outlook.effect = "they can sign in again, with the password and codes they had";
}

/// Whom the provider calls `given.name` is this person; "": nobody any more.
void link(const Core& core, const Intervention& given, store::PersonRow& row, Outlook& outlook) {
  const auto identity = identity_at(core.settings.provider, given.name);
  if (core.settings.provider.empty()) {
    outlook.refused = "this site has no [sign_in] provider";
  } else if (!given.name.empty() && identity.empty()) {
    outlook.refused = "a subject is what the provider's tokens have as sub, without spaces";
  } else if (const auto other = person_linked_to(core, identity); !other) {
    outlook.refused = "the database does not answer";
  } else if (*other && (*other)->id != row.id) {
    outlook.refused = "somebody else is linked to this subject: " + (*other)->id;
  }
  if (!outlook.refused.empty()) return;
  end_sessions(row, outlook);
  row.identity = identity;
  if (row.state == "invited" && !identity.empty()) row.state = "active";
  outlook.effect = identity.empty()
                       ? "they are signed out, and sign in at the provider no more"
                       : "they are signed out, and may sign in at the provider from now on";
}

void change(const Core& core, const Intervention& given, store::PersonRow& row, Outlook& outlook) {
  if (given.action == "unlock-person") return unlock(row, outlook);
  if (given.action == "invite-person") {
    if (row.state == "locked") {
      outlook.refused = "they are locked; unlock them first";
      return;
    }
    invite(core, row, outlook);
    outlook.effect =
        "they enrol anew by a link that is good for 72 hours and once; until then what they have "
        "goes on, and the link before does not";
    return;
  }
  if (given.action == "link-person") return link(core, given, row, outlook);
  row.invited_at.reset();
  end_sessions(row, outlook);
  if (given.action == "lock-person") {
    row.state = "locked";
    outlook.effect = "they are signed out everywhere and cannot sign in until they are unlocked";
    return;
  }
  row.state = "removed";
  row.email.clear();
  row.current = {};
  row.proposed = {};
  row.identity.clear();
  row.passkeys.clear();
  outlook.effect =
      "they are signed out everywhere; e-mail, password and codes are deleted, and the name is "
      "kept "
      "for the audit";
}

}  // namespace

std::string person_json(const store::PersonRow& row) {
  report::Json json;
  json.open();
  json.text("kind", "person");
  if (row.version > 0) json.text("id", row.id);
  json.text("name", row.name);
  json.text("email", row.email);
  json.text("role", row.role);
  json.text("clinic", row.clinic.str());
  json.text("state", row.state);
  json.text("lockedUntil", row.locked_until ? to_string(*row.locked_until) : "");
  json.text("linkedTo", row.identity.substr(0, row.identity.find(' ')));
  json.text("linkUntil", row.invited_at ? to_string(*row.invited_at + enrolment_life) : "");
  json.close();
  return json.str();
}

bool is_about_people(std::string_view action) {
  return action == "add-person" || action == "invite-person" || action == "lock-person" ||
         action == "unlock-person" || action == "remove-person" || action == "link-person";
}

Result<Outlook> look_at_person(const Core& core, const Intervention& given, std::string_view by) {
  if (given.action == "add-person") return look_at_new(core, given, by);
  auto found = core.store.person(given.target);
  if (!found) return found.error();
  if (!*found) found = core.store.person_by_email(found_by(given.target));
  if (!found) return found.error();
  if (!*found || (*found)->state == "removed") {
    return Error{ErrorCode::not_found, "people", "no such person"};
  }
  auto& row = **found;
  Outlook outlook;
  outlook.about = person_json(row);
  change(core, given, row, outlook);
  if (outlook.refused.empty()) finish(given, by, row, outlook);
  return outlook;
}

}  // namespace meridian::flow
