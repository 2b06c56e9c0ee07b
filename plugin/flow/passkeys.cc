// SPDX-License-Identifier: Apache-2.0
#include "flow/passkeys.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/base64.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/same_secret.h"
#include "flow/way_in.h"
#include "port/jwk_set.h"

namespace meridian::flow {
namespace {

constexpr int tries = 8;
constexpr std::size_t longest_name = 100;  // bytes

Error not_right() {
  return {ErrorCode::unauthorized, "sign_in", "this passkey does not sign in"};
}

Error nobody() {
  return {ErrorCode::not_found, "passkeys", "no such person or passkey"};
}

std::string base64url(std::string_view bytes) {
  auto text = encode_base64(bytes);
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

/// One line of PersonRow::passkeys: id, key, count, since and name, of which id, key and name are
/// base64url.
struct Kept {
  Passkey passkey;
  Instant since;
  std::string name;
};

std::vector<std::string_view> parts_of(std::string_view text, char between) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = std::min(text.find(between), text.size());
    parts.push_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

std::int64_t number_of(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<Kept> kept_in(const store::PersonRow& person) {
  std::vector<Kept> list;
  for (const auto line : parts_of(person.passkeys, '\n')) {
    const auto parts = parts_of(line, ' ');
    if (parts.size() != 5) continue;
    const auto id = from_base64url(parts[0]);
    const auto key = from_base64url(parts[1]);
    const auto name = from_base64url(parts[4]);
    if (!id || !key || !name) continue;
    list.push_back({{*id, *key, static_cast<std::uint32_t>(number_of(parts[2]))},
                    Instant(std::chrono::milliseconds(number_of(parts[3]))),
                    *name});
  }
  return list;
}

std::string text_of(const std::vector<Kept>& list) {
  std::string text;
  for (const auto& each : list) {
    text += (text.empty() ? "" : "\n") + base64url(each.passkey.id) + " " +
            base64url(each.passkey.key) + " " + std::to_string(each.passkey.count) + " " +
            std::to_string(each.since.time_since_epoch().count()) + " " + base64url(each.name);
  }
  return text;
}

/// "random.until.signature": kept nowhere, and known again.
std::string new_challenge(const Core& core, std::string_view purpose) {
  std::array<std::uint8_t, 16> bytes;
  random_bytes(bytes);
  const auto until = core.clock() + passkey_challenge_life;
  const auto text = hex(bytes) + "." + std::to_string(until.time_since_epoch().count());
  return text + "." +
         hex(hmac_sha256(core.settings.people_key, "passkey|" + std::string(purpose) + "|" + text));
}

/// The challenge in it when it is one of ours for that, not over, and comes for the first time;
/// else "".
Result<std::string> use_challenge(const Core& core, std::string_view client,
                                  std::string_view purpose) {
  const auto challenge = challenge_in(client);
  const auto last = challenge.rfind('.');
  const auto first = challenge.find('.');
  if (last == challenge.npos || first == last) return std::string();
  const auto text = challenge.substr(0, last);
  const auto right =
      hex(hmac_sha256(core.settings.people_key, "passkey|" + std::string(purpose) + "|" + text));
  if (!same_secret(challenge.substr(last + 1), right)) return std::string();
  const Instant until{std::chrono::milliseconds(number_of(text.substr(first + 1)))};
  if (until <= core.clock()) return std::string();
  const auto fresh = first_use(core, "passkey|" + challenge, passkey_challenge_life);
  if (!fresh) return fresh.error();
  return *fresh ? challenge : std::string();
}

std::string adding(const std::string& person) {
  return "add|" + person;
}

Result<store::PersonRow> person_of(const Core& core, const Caller& caller) {
  if (caller.person.empty()) return nobody();
  auto row = core.store.person(caller.person);
  if (!row) return row.error();
  if (!*row || (*row)->state != "active") return nobody();
  return std::move(**row);
}

/// Without control characters, and not longer than a name is.
std::string plain_name(std::string_view name) {
  std::string out;
  for (const char c : name.substr(0, longest_name)) {
    if (static_cast<unsigned char>(c) >= ' ' && c != 0x7f) out.push_back(c);
  }
  return out;
}

}  // namespace

PasskeySite RuntimePasskeys::site() const {
  const auto link = core_.page_link ? core_.page_link("") : std::string();
  const auto scheme = link.find("://");
  if (scheme == link.npos) return {};
  const auto path = std::min(link.find('/', scheme + 3), link.size());
  const auto host = link.substr(scheme + 3, path - scheme - 3);
  return {host.substr(0, host.find(':')), link.substr(0, path)};
}

std::string RuntimePasskeys::challenge() {
  return base64url(new_challenge(core_, "sign-in"));
}

Result<std::string> RuntimePasskeys::sign_in(const PasskeyShown& shown) {
  const auto challenge = use_challenge(core_, shown.client, "sign-in");
  if (!challenge) return challenge.error();
  const auto id = from_base64url(shown.id);
  const auto user = from_base64url(shown.user);
  for (int i = 0; i < tries; ++i) {
    auto found = id && user ? core_.store.person(*user) : std::optional<store::PersonRow>();
    if (!found) return found.error();
    const auto now = core_.clock();
    auto list = *found ? kept_in(**found) : std::vector<Kept>();
    const auto one = std::find_if(list.begin(), list.end(),
                                  [&](const Kept& kept) { return id && kept.passkey.id == *id; });
    store::Changes changes;
    if (one == list.end() || !may_sign_in(*found, now)) {
      const auto actor = *found ? "person/" + (*found)->id : "unknown";
      changes.audits.push_back({"SignIn", actor, *found ? "not open" : "passkey", "failure"});
      if (auto kept = core_.store.apply(changes); !kept) return kept.error();
      return not_right();
    }
    auto& person = **found;
    const auto count = check_shown(shown, one->passkey, *challenge, site());
    std::string secret;
    if (count) {
      one->passkey.count = *count;
      person.passkeys = text_of(list);
      secret = begin_session(person, now, "passkey", changes);
    } else {
      log(LogLevel::warning, "passkey refused", {{"error", count.error()}});
      count_wrong(person, now, changes);
    }
    changes.people.push_back(person);
    const auto done = core_.store.apply(changes);
    if (done && count) return secret;
    if (done) return not_right();
    if (done.error().code != ErrorCode::stale) return done.error();
  }
  return not_right();
}

Result<PasskeyOffer> RuntimePasskeys::offer(const Caller& caller) {
  const auto person = person_of(core_, caller);
  if (!person) return person.error();
  PasskeyOffer offer{base64url(new_challenge(core_, adding(person->id))),
                     site().id,
                     base64url(person->id),
                     person->email,
                     {}};
  for (const auto& kept : kept_in(*person)) offer.known.push_back(base64url(kept.passkey.id));
  return offer;
}

Result<void> RuntimePasskeys::add(const Caller& caller, const PasskeyMade& made,
                                  std::string_view name) {
  if (caller.person.empty()) return nobody();
  const auto challenge = use_challenge(core_, made.client, adding(caller.person));
  if (!challenge) return challenge.error();
  const auto passkey = check_made(made, *challenge, site());
  if (!passkey) return passkey.error();
  for (int i = 0; i < tries; ++i) {
    const auto people = core_.store.people();
    if (!people) return people.error();
    for (const auto& other : *people) {
      for (const auto& kept : kept_in(other)) {
        if (kept.passkey.id != passkey->id) continue;
        return Error{ErrorCode::conflict, "passkeys", "somebody has this passkey already"};
      }
    }
    auto person = person_of(core_, caller);
    if (!person) return person.error();
    auto list = kept_in(*person);
    if (list.size() >= most_passkeys) {
      return Error{ErrorCode::too_large, "passkeys", "ten passkeys are the most"};
    }
    list.push_back({*passkey, core_.clock(), plain_name(name)});
    person->passkeys = text_of(list);
    store::Changes changes;
    changes.people.push_back(*person);
    changes.audits.push_back({"Passkey.added", "person/" + person->id, "", "success"});
    const auto done = core_.store.apply(changes);
    if (done || done.error().code != ErrorCode::stale) return done;
  }
  return Error{ErrorCode::store_busy, "passkeys", "the person kept changing"};
}

Result<std::vector<PasskeyLine>> RuntimePasskeys::list(const Caller& caller) {
  const auto person = person_of(core_, caller);
  if (!person) return person.error();
  std::vector<PasskeyLine> lines;
  for (const auto& kept : kept_in(*person)) {
    lines.push_back({base64url(kept.passkey.id), kept.name, kept.since});
  }
  return lines;
}

Result<void> RuntimePasskeys::remove(const Caller& caller, std::string_view id) {
  for (int i = 0; i < tries; ++i) {
    auto person = person_of(core_, caller);
    if (!person) return person.error();
    auto list = kept_in(*person);
    const auto gone =
        std::erase_if(list, [&](const Kept& kept) { return base64url(kept.passkey.id) == id; });
    if (gone == 0) return nobody();
    person->passkeys = text_of(list);
    store::Changes changes;
    changes.people.push_back(*person);
    changes.audits.push_back({"Passkey.removed", "person/" + person->id, "", "success"});
    const auto done = core_.store.apply(changes);
    if (done || done.error().code != ErrorCode::stale) return done;
  }
  return Error{ErrorCode::store_busy, "passkeys", "the person kept changing"};
}

}  // namespace meridian::flow
