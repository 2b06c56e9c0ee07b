// SPDX-License-Identifier: Apache-2.0
#include "port/desk.h"

#include <charconv>

#include <openssl/crypto.h>

#include "base/hash.h"

namespace meridian {
namespace {

constexpr std::size_t signature_digits = 32;
constexpr std::size_t longest_name = 400;  // bytes: 100 characters of any script

/// A page's link says who is to use it; the signature names the page.
std::string_view role_of(std::string_view kind) {
  return kind == "sign-off" || kind == "return" ? "clinician" : "staff";
}

Error refused() {
  return {ErrorCode::forbidden, "desk", "the caller's role does not allow this"};
}

/// A clinic's software that speaks for no clinic would speak for all.
bool is_clinic(const Caller& caller) {
  return caller.role == Role::clinic && !caller.source.empty();
}

/// Of a source that is named; one that speaks for none would speak for all.
bool is_source(const Caller& caller) {
  return caller.role == Role::source && !caller.source.empty();
}

/// Of one hospital, and named by its EHR: the audit must know who looks.
bool is_surgeon(const Caller& caller) {
  return caller.role == Role::clinician && !caller.source.empty() && !caller.person.empty();
}

bool may_answer(Role role) {
  return role == Role::staff || role == Role::admin;
}

/// How many bytes the UTF-8 character at the start of `text` has; 0 when there is none.
std::size_t character_size(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = first < 0x80   ? 1
                           : first < 0xc2 ? 0
                           : first < 0xe0 ? 2
                           : first < 0xf0 ? 3
                           : first < 0xf5 ? 4
                                          : 0;
  if (size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  }
  return size;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

/// Something to read, and nothing that is not text.
bool is_name(std::string_view name) {
  if (name.size() > longest_name || !is_utf8(name)) return false;
  bool visible = false;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' || byte == 0x7f) return false;
    visible = visible || byte != ' ';
  }
  return visible;
}

/// Several lines, with something to read.
bool is_words(std::string_view text) {
  constexpr std::size_t longest_words = 2000;  // bytes
  if (text.size() > longest_words || !is_utf8(text)) return false;
  bool visible = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool line = c == '\n' || c == '\r' || c == '\t';
    if ((byte < ' ' && !line) || byte == 0x7f) return false;
    visible = visible || byte > ' ';
  }
  return visible;
}

bool sees_site(Role role) {
  return role == Role::viewer || role == Role::operations || role == Role::admin;
}

}  // namespace

Desk::Desk(Operations& operations, std::string secret, std::chrono::milliseconds form_life,
           Clock clock)
    : operations_(operations),
      secret_(std::move(secret)),
      form_life_(form_life),
      clock_(std::move(clock)) {}

Result<std::string> Desk::submit(const Caller& caller, Envelope envelope) {
  const bool speaks = caller.role == Role::source || caller.role == Role::clinic;
  if (!speaks && !may_answer(caller.role)) return refused();
  if (!caller.source.empty() && caller.source != envelope.source.str()) return refused();
  return operations_.submit(std::move(envelope));
}

Result<void> Desk::look_now(const Caller& caller, std::string_view source) {
  if (caller.role != Role::source && caller.role != Role::admin) return refused();
  if (!caller.source.empty() && caller.source != source) return refused();
  return operations_.look_now(source);
}

Result<void> Desk::hear(const Caller& caller, std::string_view source, const Notice& notice) {
  if (caller.role != Role::source && caller.role != Role::admin) return refused();
  if (!caller.source.empty() && caller.source != source) return refused();
  return operations_.hear(source, notice);
}

Result<std::string> Desk::kept(const Caller& caller, std::string_view name) {
  if (!is_clinic(caller)) return refused();
  return operations_.kept(caller.source, name);
}

Result<void> Desk::keep(const Caller& caller, std::string_view name, std::string_view before,
                        std::string_view value) {
  if (!is_clinic(caller)) return refused();
  return operations_.keep(caller.source, name, before, value);
}

Result<std::vector<ReferralLine>> Desk::referrals(const Caller& caller, int limit) {
  const bool sees_all =
      caller.role != Role::none && caller.role != Role::metrics && caller.role != Role::clinic;
  if (!sees_all) return refused();
  auto lines = operations_.referrals(limit);
  if (!lines || !may_answer(caller.role)) return lines;
  for (auto& line : *lines) {
    if (line.questions > 0) line.form = form_token({line.id, Role::staff, clock_()});
    if (line.patient_unlinked) {
      line.patient_link = patient_link_token({line.id, Role::staff, clock_()});
    }
  }
  return lines;
}

Result<std::vector<ShelfMark>> Desk::shelves(const Caller& caller, Instant since) {
  if (!is_clinic(caller)) return refused();
  return operations_.shelves(caller.source, since);
}

Result<Shelf> Desk::shelf(const Caller& caller, std::string_view referral) {
  if (!is_clinic(caller)) return refused();
  return operations_.shelf(caller.source, referral);
}

Result<void> Desk::note_reading(const Caller& caller, const std::vector<std::string>& referrals) {
  if (!is_clinic(caller)) return refused();
  const auto person = caller.person.empty() ? std::string() : "/" + caller.person;
  return operations_.note_reading(caller.source + person, referrals);
}

Result<bool> Desk::first(const Caller& caller, std::string_view name, std::string_view mark,
                         std::chrono::milliseconds span) {
  if (!is_clinic(caller) && !is_source(caller)) return refused();
  // Names may be what somebody sent: neither their length nor what is in them is kept.
  const auto hidden = hmac_sha256(secret_, caller.name + "|" + std::string(name));
  return operations_.first("once|" + hex(hidden), mark, span);
}

Result<std::vector<Advice>> Desk::ask(const Caller& caller, const Question& question) {
  if (!is_source(caller) || caller.source != question.source.str()) return refused();
  return operations_.ask(question);
}

Result<void> Desk::note_feedback(const Caller& caller, const AdviceFeedback& feedback) {
  if (!is_source(caller)) return refused();
  return operations_.note_feedback(caller.source, feedback);
}

Result<SiteView> Desk::site(const Caller& caller) {
  if (!sees_site(caller.role)) return refused();
  return operations_.site();
}

Result<ReferralStory> Desk::story(const Caller& caller, std::string_view referral) {
  if (!sees_site(caller.role)) return refused();
  return operations_.story(referral);
}

Result<Found> Desk::find(const Caller& caller, std::string_view text) {
  if (!sees_site(caller.role)) return refused();
  return operations_.find(text);
}

bool Desk::may_intervene(const Caller& caller) {
  return caller.role == Role::operations || caller.role == Role::admin;
}

Result<std::string> Desk::intervene(const Caller& caller, const Intervention& given) {
  if (!may_intervene(caller)) return refused();
  if (!is_name(caller.name)) {
    return Error{ErrorCode::invalid, "desk", "who does this must be named"};
  }
  for (const auto* text : {&given.name, &given.target}) {
    if (!text->empty() && !is_name(*text)) {
      return Error{ErrorCode::invalid, "desk", "the name is no text"};
    }
  }
  return operations_.intervene(given, caller.name);
}

HealthReport Desk::health() {
  return operations_.health();
}

std::string Desk::signature(std::string_view kind, std::string_view text) const {
  const auto mac = hmac_sha256(secret_, std::string(kind) + "|" + std::string(text));
  return hex(mac).substr(0, signature_digits);
}

/// What stands before the signature of a token, when the signature is ours.
Result<std::string> Desk::signed_text(std::string_view kind, std::string_view token) const {
  const auto dot = token.rfind('.');
  const Error unknown{ErrorCode::not_found, "desk", "no such link"};
  if (dot == std::string_view::npos) return unknown;
  const auto text = token.substr(0, dot);
  const auto given = token.substr(dot + 1);
  const auto expected = signature(kind, text);
  if (expected.size() != given.size() ||
      CRYPTO_memcmp(expected.data(), given.data(), given.size()) != 0) {
    return unknown;
  }
  return std::string(text);
}

std::string Desk::alert_token(std::string_view alert_id) const {
  return std::string(alert_id) + "." + signature("alert", alert_id);
}

Result<AlertView> Desk::alert(std::string_view token) {
  const auto id = signed_text("alert", token);
  if (!id) return id.error();
  return operations_.alert(*id);
}

Result<void> Desk::acknowledge(std::string_view token, std::string_view by) {
  const auto id = signed_text("alert", token);
  if (!id) return id.error();
  if (by.find_first_not_of(" \t") == std::string_view::npos) {
    return Error{ErrorCode::invalid, "desk", "who acknowledges must be named"};
  }
  return operations_.acknowledge(*id, by);
}

std::string Desk::page_token(std::string_view kind, const FormTicket& ticket) const {
  const auto text = ticket.referral + "." + std::string(role_of(kind)) + "." +
                    std::to_string(ticket.issued_at.time_since_epoch().count());
  return text + "." + signature(kind, text);
}

std::string Desk::form_token(const FormTicket& ticket) const {
  return page_token("form", ticket);
}

Result<FormTicket> Desk::ticket_of(std::string_view kind, std::string_view token) const {
  const auto text = signed_text(kind, token);
  if (!text) return text.error();
  const Error unknown{ErrorCode::not_found, "desk", "no such form"};
  const auto first = text->find('.');
  const auto last = text->rfind('.');
  if (first == std::string::npos || text->substr(first + 1, last - first - 1) != role_of(kind)) {
    return unknown;
  }
  std::int64_t issued = 0;
  const auto* end = text->data() + text->size();
  if (std::from_chars(text->data() + last + 1, end, issued).ptr != end) return unknown;
  const auto role = role_of(kind) == "clinician" ? Role::clinician : Role::staff;
  return FormTicket{text->substr(0, first), role, Instant(std::chrono::milliseconds(issued))};
}

bool Desk::is_over(const FormTicket& ticket) const {
  return clock_() > ticket.issued_at + form_life_;
}

Result<FormView> Desk::form(std::string_view token) {
  const auto ticket = ticket_of("form", token);
  if (!ticket) return ticket.error();
  if (is_over(*ticket)) return FormView{FormState::expired, {}, {}, false};
  return operations_.form(*ticket);
}

Result<FormView> Desk::answer(std::string_view token, const FormAnswers& answers) {
  const auto ticket = ticket_of("form", token);
  if (!ticket) return ticket.error();
  if (is_over(*ticket)) return FormView{FormState::expired, {}, {}, false};
  if (!is_name(answers.by)) {
    return Error{ErrorCode::invalid, "desk", "who answers must be named"};
  }
  for (const auto& [question, value] : answers.values) {
    if (value != "yes" && value != "no" && value != "unknown") {
      return Error{ErrorCode::invalid, "desk", "an answer is yes, no or unknown"};
    }
  }
  return operations_.answer(*ticket, answers);
}

std::string Desk::sign_off_token(const FormTicket& ticket) const {
  return page_token("sign-off", ticket);
}

Result<SignOffView> Desk::sign_off(std::string_view token) {
  const auto ticket = ticket_of("sign-off", token);
  if (!ticket) return ticket.error();
  if (is_over(*ticket)) return SignOffView{FormState::expired, {}, {}};
  return operations_.sign_off(*ticket);
}

Result<SignOffView> Desk::give_sign_off(std::string_view token, const SignOffGiven& given) {
  const auto ticket = ticket_of("sign-off", token);
  if (!ticket) return ticket.error();
  if (is_over(*ticket)) return SignOffView{FormState::expired, {}, {}};
  for (const auto* text : {&given.by, &given.role, &given.reason}) {
    if (is_name(*text)) continue;
    return Error{ErrorCode::invalid, "desk", "who signs, as what and why must be said"};
  }
  return operations_.give_sign_off(*ticket, given);
}

std::string Desk::patient_link_token(const FormTicket& ticket) const {
  return page_token("patient", ticket);
}

Result<PatientLinkView> Desk::patient_link(std::string_view token) {
  const auto ticket = ticket_of("patient", token);
  if (!ticket) return ticket.error();
  if (is_over(*ticket)) return PatientLinkView{FormState::expired, {}, {}, {}, {}, {}};
  return operations_.patient_link(*ticket);
}

Result<PatientLinkView> Desk::give_patient_link(std::string_view token,
                                                const PatientLinkGiven& given) {
  const auto ticket = ticket_of("patient", token);
  if (!ticket) return ticket.error();
  if (is_over(*ticket)) return PatientLinkView{FormState::expired, {}, {}, {}, {}, {}};
  if (!is_name(given.by)) return Error{ErrorCode::invalid, "desk", "who links must be named"};
  return operations_.give_patient_link(*ticket, given);
}

std::string Desk::prepared_return_token(const FormTicket& ticket) const {
  return page_token("return", ticket);
}

Result<PreparedReturnView> Desk::prepared_return(std::string_view token) {
  const auto ticket = ticket_of("return", token);
  if (!ticket) return ticket.error();
  if (is_over(*ticket)) return PreparedReturnView{FormState::expired};
  return operations_.prepared_return(*ticket);
}

Result<PreparedReturnView> Desk::give_prepared_return(std::string_view token,
                                                      const PreparedReturnGiven& given) {
  const auto ticket = ticket_of("return", token);
  if (!ticket) return ticket.error();
  if (is_over(*ticket)) return PreparedReturnView{FormState::expired};
  const bool reasoned = is_name(given.reason) || (!given.dismissed && given.reason.empty());
  if (!is_name(given.by) || !is_name(given.role) || !reasoned) {
    return Error{ErrorCode::invalid, "desk", "who decides, as what and, to dismiss, why"};
  }
  return operations_.give_prepared_return(*ticket, given);
}

Result<std::vector<SurgeonReferral>> Desk::surgeon_view(const Caller& caller,
                                                        std::string_view patient) {
  if (!is_surgeon(caller)) return refused();
  return operations_.surgeon_view(caller, patient);
}

Result<void> Desk::surgeon_act(const Caller& caller, std::string_view patient,
                               const SurgeonGiven& given) {
  if (!is_surgeon(caller)) return refused();
  if (!is_name(caller.name)) {
    return Error{ErrorCode::invalid, "desk", "who does this must be named"};
  }
  const bool needed = given.act != SurgeonAct::acknowledge && given.act != SurgeonAct::release;
  if (needed && !is_words(given.text)) {
    return Error{ErrorCode::invalid, "desk", "an answer or a reason must be given"};
  }
  return operations_.surgeon_act(caller, patient, given);
}

}  // namespace meridian
