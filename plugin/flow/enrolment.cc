// SPDX-License-Identifier: Apache-2.0
#include "flow/enrolment.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/hash.h"
#include "base/one_time_code.h"
#include "base/same_secret.h"

namespace meridian::flow {
namespace {

constexpr std::size_t recovery_count = 10;
constexpr std::size_t recovery_bytes = 10;  // 80 bits, 16 letters
constexpr int tries = 8;

std::string signature(const Core& core, std::string_view text) {
  return hex(hmac_sha256(core.settings.people_key, "enrol|" + std::string(text))).substr(0, 32);
}

Error unknown() {
  return {ErrorCode::not_found, "enrolment", "no such link"};
}

/// What a token says, once the signature is found to be ours.
struct Ticket {
  std::string person;
  Instant invited_at;
};

Result<Ticket> read_token(const Core& core, std::string_view token) {
  const auto last = token.rfind('.');
  if (last == std::string_view::npos) return unknown();
  const auto text = token.substr(0, last);
  if (!same_secret(token.substr(last + 1), signature(core, text))) return unknown();
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return unknown();
  std::int64_t at = 0;
  std::from_chars(text.data() + dot + 1, text.data() + text.size(), at);
  return Ticket{std::string(text.substr(0, dot)), Instant(std::chrono::milliseconds(at))};
}

EnrolmentView view_of(const store::PersonRow& row, EnrolmentStep step) {
  EnrolmentView view;
  view.step = step;
  view.name = row.name;
  view.email = row.email;
  if (step == EnrolmentStep::code) view.code_key = encode_base32(row.proposed.code_key);
  return view;
}

/// What a password of theirs must not have in it: each part of the name and of the address.
std::vector<std::string_view> words_of(const store::PersonRow& row) {
  std::vector<std::string_view> words;
  for (std::string_view rest : {std::string_view(row.name), std::string_view(row.email)}) {
    while (!rest.empty()) {
      const auto end = std::min(rest.find_first_of(" @.,-_+'"), rest.size());
      words.push_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return words;
}

/// "ABCD-EFGH-IJKL-MNOP"
std::string new_recovery_code() {
  std::array<std::uint8_t, recovery_bytes> bytes;
  random_bytes(bytes);
  auto code = encode_base32({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  for (std::size_t at = 12; at > 0; at -= 4) code.insert(at, "-");
  return code;
}

/// The enrolment counts from now on. The answer has the recovery codes, which are kept nowhere.
EnrolmentView enrol(const Core& core, store::PersonRow& row, std::int64_t step,
                    store::Changes& changes) {
  auto view = view_of(row, EnrolmentStep::done);
  std::string hashes;
  for (std::size_t i = 0; i < recovery_count; ++i) {
    view.recoveries.push_back(new_recovery_code());
    hashes += (hashes.empty() ? "" : " ") + recovery_hash(core, view.recoveries.back());
  }
  row.current = std::move(row.proposed);
  row.current.recoveries = std::move(hashes);
  row.proposed = {};
  row.passkeys.clear();  // a phone that was lost may have had them
  row.invited_at.reset();
  row.state = "active";
  row.failures = 0;
  row.locked_until.reset();
  row.last_step = step;
  changes.people.push_back(row);
  changes.sessions.push_back({store::SessionChange::What::all_end, {"", row.id, {}, {}}});
  changes.audits.push_back({"Person.enrolled", "person/" + row.id, "", "success"});
  return view;
}

}  // namespace

Result<std::optional<store::PersonRow>> holder_of(const Core& core, std::string_view token) {
  const auto ticket = read_token(core, token);
  if (!ticket) return ticket.error();
  auto row = core.store.person(ticket->person);
  if (!row) return row.error();
  const bool good = *row && ((*row)->state == "invited" || (*row)->state == "active") &&
                    (*row)->invited_at == ticket->invited_at &&
                    core.clock() < ticket->invited_at + enrolment_life;
  if (!good) return std::optional<store::PersonRow>();
  return row;
}

std::string enrolment_token(const Core& core, const store::PersonRow& row) {
  const auto at = row.invited_at.value_or(Instant{}).time_since_epoch().count();
  const auto text = row.id + "." + std::to_string(at);
  return text + "." + signature(core, text);
}

std::string recovery_hash(const Core& core, std::string_view code) {
  std::string letters;
  for (const char c : code) {
    if (c >= 'a' && c <= 'z') letters.push_back(static_cast<char>(c - 'a' + 'A'));
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) letters.push_back(c);
  }
  return hex(hmac_sha256(core.settings.people_key, "recovery|" + letters));
}

Result<EnrolmentView> look_at_enrolment(const Core& core, std::string_view token) {
  const auto row = holder_of(core, token);
  if (!row) return row.error();
  if (!*row) return EnrolmentView{};
  return view_of(**row, EnrolmentStep::password);
}

Result<EnrolmentView> propose_password(const Core& core, std::string_view token,
                                       std::string_view password) {
  for (int i = 0; i < tries; ++i) {
    auto row = holder_of(core, token);
    if (!row) return row.error();
    if (!*row) return EnrolmentView{};
    auto& person = **row;
    const auto fault = password_fault(password, words_of(person));
    if (!fault.empty()) {
      auto view = view_of(person, EnrolmentStep::password);
      view.refused = fault;
      return view;
    }
    person.proposed = {hash_password(password, core.settings.password_cost), new_code_key(), ""};
    store::Changes changes;
    changes.people.push_back(person);
    const auto done = core.store.apply(changes);
    if (done) return view_of(person, EnrolmentStep::code);
    if (done.error().code != ErrorCode::stale) return done.error();
  }
  return Error{ErrorCode::store_busy, "enrolment", "the person kept changing"};
}

Result<EnrolmentView> confirm_enrolment(const Core& core, std::string_view token,
                                        std::string_view code) {
  for (int i = 0; i < tries; ++i) {
    auto row = holder_of(core, token);
    if (!row) return row.error();
    if (!*row) return EnrolmentView{};
    auto& person = **row;
    if (person.proposed.code_key.empty()) return view_of(person, EnrolmentStep::password);
    const auto step = step_of_code(person.proposed.code_key, code, core.clock());
    if (!step) {
      auto view = view_of(person, EnrolmentStep::code);
      view.refused = "code";
      return view;
    }
    store::Changes changes;
    auto view = enrol(core, person, *step, changes);
    const auto done = core.store.apply(changes);
    if (done) return view;
    if (done.error().code != ErrorCode::stale) return done.error();
  }
  return Error{ErrorCode::store_busy, "enrolment", "the person kept changing"};
}

}  // namespace meridian::flow
