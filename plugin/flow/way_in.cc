// SPDX-License-Identifier: Apache-2.0
#include "flow/way_in.h"

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "flow/people.h"

namespace meridian::flow {
namespace {

constexpr std::size_t secret_bytes = 32;

std::string random_text() {
  std::array<std::uint8_t, secret_bytes> bytes;
  random_bytes(bytes);
  return hex(bytes);
}

}  // namespace

std::string session_key(std::string_view secret) {
  return hex(sha256(secret));
}

bool may_sign_in(const std::optional<store::PersonRow>& person, Instant now) {
  return person && person->state == "active" &&
         (!person->locked_until || *person->locked_until <= now);
}

void count_wrong(store::PersonRow& person, Instant now, store::Changes& changes) {
  ++person.failures;
  const auto actor = "person/" + person.id;
  changes.audits.push_back({"SignIn", actor, "", "failure"});
  if (person.failures >= wrong_before_end) {
    person.state = "locked";
  } else if (person.failures >= wrong_before_lock) {
    const int doublings = std::min(person.failures - wrong_before_lock, 6);
    const std::chrono::minutes lock{1 << doublings};
    person.locked_until = now + std::min(lock, longest_lock);
  } else {
    return;
  }
  changes.audits.push_back({"Person.locked", actor, "", "success"});
}

std::string begin_session(store::PersonRow& person, Instant now, std::string_view how,
                          store::Changes& changes) {
  person.failures = 0;
  person.locked_until.reset();
  auto secret = random_text();
  changes.sessions.push_back({store::SessionChange::What::begins,
                              {session_key(secret), person.id, now, now + session_life}});
  changes.audits.push_back({"SignIn", "person/" + person.id, std::string(how), "success"});
  return secret;
}

Result<bool> first_use(const Core& core, std::string_view name, std::chrono::milliseconds life) {
  return core.store.hold_lease("once|" + hex(sha256(name)), random_text(), life);
}

}  // namespace meridian::flow
