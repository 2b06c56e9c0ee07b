// SPDX-License-Identifier: Apache-2.0
#include "flow/people.h"

#include "base/one_time_code.h"
#include "flow/enrolment.h"
#include "flow/way_in.h"

namespace meridian::flow {
namespace {

using What = store::SessionChange::What;

constexpr std::size_t secret_size = 64;
constexpr std::chrono::minutes seen_every{1};  // one write a minute, not one a page
constexpr int tries = 8;

Error not_right() {
  return {ErrorCode::unauthorized, "sign_in", "e-mail, password or code is not right"};
}

/// Takes the code, so that it counts no second time. False when it is none.
bool take_code(const Core& core, store::PersonRow& person, std::string_view code) {
  const auto step = step_of_code(person.current.code_key, code, core.clock());
  if (step && *step > person.last_step) {
    person.last_step = *step;
    return true;
  }
  auto& left = person.current.recoveries;
  const auto hash = recovery_hash(core, code);
  const auto at = left.find(hash);
  if (at == std::string::npos) return false;
  left.erase(at, hash.size() + 1);
  return true;
}

}  // namespace

std::string found_by(std::string_view email) {
  while (!email.empty() && email.front() == ' ') email.remove_prefix(1);
  while (!email.empty() && email.back() == ' ') email.remove_suffix(1);
  std::string out(email);
  for (auto& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

RuntimePeople::RuntimePeople(const Core& core)
    : core_(core), nobodys_hash_(hash_of_nothing(core.settings.password_cost)) {}

std::optional<Caller> RuntimePeople::visitor(std::string_view secret) {
  if (secret.size() != secret_size) return std::nullopt;
  const auto session = core_.store.session(session_key(secret));
  const auto now = core_.clock();
  if (!session || !*session || (*session)->seen_at + idle_life <= now) return std::nullopt;
  const auto person = core_.store.person((*session)->person);
  if (!person || !*person || (*person)->state != "active") return std::nullopt;
  const auto role = person_role((*person)->role);
  const auto& clinic = (*person)->clinic.str();
  const bool known = clinic.empty() || core_.peers.find(clinic) != nullptr;
  if (!role || !known) return std::nullopt;
  if ((*session)->seen_at + seen_every <= now) {
    store::Changes changes;
    changes.sessions.push_back({What::is_seen, **session});
    changes.sessions.back().row.seen_at = now;
    // Where it cannot be written they are let in all the same, and sign in again sooner.
    static_cast<void>(core_.store.apply(changes));
  }
  return Caller{(*person)->name, *role, clinic, false, (*person)->id};
}

/// Whoever it is, one password is looked at and one commit made: an address that we know answers
/// neither otherwise nor faster than one that we do not.
Result<std::string> RuntimePeople::sign_in(const SignInGiven& given) {
  for (int i = 0; i < tries; ++i) {
    const auto found = core_.store.person_by_email(found_by(given.email));
    if (!found) return found.error();
    const auto now = core_.clock();
    const bool open = may_sign_in(*found, now);
    // Who signs in by other ways alone has no password, and takes as long.
    const bool has_one = open && !(*found)->current.password.empty();
    const bool right_password =
        is_password(given.password, has_one ? (*found)->current.password : nobodys_hash_);
    store::Changes changes;
    if (!open) {
      const auto actor = *found ? "person/" + (*found)->id : "unknown";
      changes.audits.push_back({"SignIn", actor, *found ? "not open" : "", "failure"});
      if (auto kept = core_.store.apply(changes); !kept) return kept.error();
      return not_right();
    }
    auto person = **found;
    const bool right = take_code(core_, person, given.code) && right_password;
    std::string secret;
    if (right) {
      secret = begin_session(person, now, "", changes);
    } else {
      person = **found;
      count_wrong(person, now, changes);
    }
    changes.people.push_back(person);
    const auto done = core_.store.apply(changes);
    if (done && right) return secret;
    if (done) return not_right();
    // Somebody tried at the same time: only what was written counts, so that many at once are no
    // more tries than one after the other.
    if (done.error().code != ErrorCode::stale) return done.error();
  }
  return not_right();
}

Result<void> RuntimePeople::sign_out(std::string_view secret) {
  const auto key = session_key(secret);
  const auto session = core_.store.session(key);
  if (!session) return session.error();
  if (!*session) return {};
  store::Changes changes;
  changes.sessions.push_back({What::ends, {key, "", {}, {}}});
  changes.audits.push_back({"SignOut", "person/" + (*session)->person, "", "success"});
  return core_.store.apply(changes);
}

Result<EnrolmentView> RuntimePeople::enrolment(std::string_view link) {
  return look_at_enrolment(core_, link);
}

Result<EnrolmentView> RuntimePeople::propose(std::string_view link, std::string_view password) {
  return propose_password(core_, link, password);
}

Result<EnrolmentView> RuntimePeople::confirm(std::string_view link, std::string_view code) {
  return confirm_enrolment(core_, link, code);
}

}  // namespace meridian::flow
