// SPDX-License-Identifier: Apache-2.0
#include "flow/linked_people.h"

#include <algorithm>

#include "flow/enrolment.h"
#include "flow/way_in.h"

namespace meridian::flow {
namespace {

constexpr int tries = 8;

Error nobody() {
  return {ErrorCode::unauthorized, "sign_in", "nobody who may sign in is linked to this account"};
}

/// That the provider asked for two factors, as the site says how it tells.
bool shows_two_factors(const Core& core, const JwtPart& claims) {
  const auto& settings = core.settings;
  const auto acr = claims.text("acr");
  return std::any_of(settings.provider_acr.begin(), settings.provider_acr.end(),
                     [&](const auto& each) { return each == acr; }) ||
         std::any_of(settings.provider_amr.begin(), settings.provider_amr.end(),
                     [&](const auto& each) { return claims.names("amr", each); });
}

/// What must hold whoever it is. A refusal is in the audit.
Result<void> check(const Core& core, const JwtPart& claims, std::string_view once) {
  const auto first = first_use(core, "provider|" + std::string(once), provider_sign_in_life);
  if (!first) return first.error();
  if (!*first) return nobody();
  if (shows_two_factors(core, claims)) return {};
  store::Changes changes;
  changes.audits.push_back({"SignIn", "unknown", "one factor", "failure"});
  if (auto kept = core.store.apply(changes); !kept) return kept.error();
  return Error{ErrorCode::forbidden, "sign_in", "the provider did not ask for a second factor"};
}

Result<std::string> refuse(const Core& core, const std::optional<store::PersonRow>& person) {
  store::Changes changes;
  const auto actor = person ? "person/" + person->id : "unknown";
  changes.audits.push_back({"SignIn", actor, person ? "not open" : "provider", "failure"});
  if (auto kept = core.store.apply(changes); !kept) return kept.error();
  return nobody();
}

}  // namespace

std::string identity_at(std::string_view issuer, std::string_view subject) {
  const bool plain = !issuer.empty() && !subject.empty() && issuer.find(' ') == issuer.npos &&
                     subject.find(' ') == subject.npos;
  return plain ? std::string(issuer) + " " + std::string(subject) : std::string();
}

Result<std::optional<store::PersonRow>> person_linked_to(const Core& core,
                                                         std::string_view identity) {
  if (identity.empty()) return std::optional<store::PersonRow>();
  auto people = core.store.people();
  if (!people) return people.error();
  for (auto& person : *people) {
    if (person.identity == identity && person.state != "removed") return std::optional(person);
  }
  return std::optional<store::PersonRow>();
}

Result<std::string> RuntimeLinkedPeople::sign_in(const JwtPart& claims, std::string_view once) {
  if (auto good = check(core_, claims, once); !good) return good.error();
  const auto identity = identity_at(core_.settings.provider, claims.text("sub"));
  for (int i = 0; i < tries; ++i) {
    const auto found = person_linked_to(core_, identity);
    if (!found) return found.error();
    const auto now = core_.clock();
    if (!may_sign_in(*found, now)) return refuse(core_, *found);
    auto person = **found;
    store::Changes changes;
    auto secret = begin_session(person, now, "provider", changes);
    changes.people.push_back(person);
    const auto done = core_.store.apply(changes);
    if (done) return secret;
    if (done.error().code != ErrorCode::stale) return done.error();
  }
  return nobody();
}

Result<std::string> RuntimeLinkedPeople::enrol(std::string_view link, const JwtPart& claims,
                                               std::string_view once) {
  if (auto good = check(core_, claims, once); !good) return good.error();
  const auto identity = identity_at(core_.settings.provider, claims.text("sub"));
  for (int i = 0; i < tries; ++i) {
    auto found = holder_of(core_, link);
    if (!found) return found.error();
    if (!*found || identity.empty()) return nobody();
    const auto other = person_linked_to(core_, identity);
    if (!other) return other.error();
    if (*other && (*other)->id != (*found)->id) {
      return Error{ErrorCode::conflict, "sign_in", "somebody else is linked to this account"};
    }
    auto& person = **found;
    const auto now = core_.clock();
    if (person.locked_until && *person.locked_until > now) return refuse(core_, *found);
    store::Changes changes;
    person.identity = identity;
    person.proposed = {};
    person.passkeys.clear();
    person.invited_at.reset();
    person.state = "active";
    changes.sessions.push_back({store::SessionChange::What::all_end, {"", person.id, {}, {}}});
    changes.audits.push_back({"Person.linked", "person/" + person.id, "", "success"});
    auto secret = begin_session(person, now, "provider", changes);
    changes.people.push_back(person);
    const auto done = core_.store.apply(changes);
    if (done) return secret;
    if (done.error().code != ErrorCode::stale) return done.error();
  }
  return nobody();
}

}  // namespace meridian::flow
