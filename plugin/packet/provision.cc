// SPDX-License-Identifier: Apache-2.0
#include "packet/provision.h"

#include <algorithm>
#include <array>

namespace meridian::packet {
namespace {

/// Whether a limit of a provision takes in what is to be sent. Of several the weakest counts.
enum class Fits { no, unclear, yes };

template <typename List>
bool holds(const List& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool names(const std::vector<Coding>& codings, std::string_view code) {
  return std::any_of(codings.begin(), codings.end(),
                     [&](const Coding& coding) { return coding.code == code; });
}

Fits fits_labels(const Provision& provision, const Disclosure& disclosure) {
  if (provision.labels.empty() || names(provision.labels, disclosure.label)) return Fits::yes;
  return Fits::no;
}

Fits fits_period(const Provision& provision, const Disclosure& disclosure) {
  const auto start = provision.period.start.first_day();
  const auto end = provision.period.end.last_day();
  const bool within = (!start || *start <= disclosure.day) && (!end || *end >= disclosure.day);
  return within ? Fits::yes : Fits::no;
}

/// Purposes beside treatment; of any other one nobody knows here whether it includes treatment.
/// Source: http://terminology.hl7.org/CodeSystem/v3-ActReason, PurposeOfUse
Fits fits_purposes(const Provision& provision) {
  constexpr std::array other = {std::string_view("HPAYMT"), std::string_view("HRESCH"),
                                std::string_view("HMARKT"), std::string_view("PUBHLTH")};
  const auto& purposes = provision.purposes;
  if (purposes.empty() || names(purposes, "TREAT")) return Fits::yes;
  const bool all_other = std::all_of(purposes.begin(), purposes.end(),
                                     [&](const Coding& one) { return holds(other, one.code); });
  return all_other ? Fits::no : Fits::unclear;
}

/// Source: http://terminology.hl7.org/CodeSystem/consentaction
Fits fits_actions(const Provision& provision) {
  const auto& actions = provision.actions;
  const bool met = actions.empty() ||
                   std::any_of(actions.begin(), actions.end(),
                               [](const Concept& one) { return names(one.codings, "disclose"); });
  return met ? Fits::yes : Fits::unclear;
}

/// Source: http://hl7.org/fhir/R4/valueset-consent-content-class.html: for FHIR, resource types
Fits fits_classes(const Provision& provision, const Disclosure& disclosure) {
  if (provision.classes.empty()) return Fits::yes;
  const auto type = std::string_view(disclosure.ref).substr(0, disclosure.ref.find('/'));
  bool all_types = true;
  for (const auto& one : provision.classes) {
    const bool is_type = one.system == "http://hl7.org/fhir/resource-types";
    if (is_type && one.code == type) return Fits::yes;
    all_types = all_types && is_type;
  }
  return all_types ? Fits::no : Fits::unclear;
}

/// Written for the server that the consent is on: an address may be another server's.
bool is_local(const Reference& reference) {
  return reference.written.find("://") == std::string::npos;
}

/// Source: http://hl7.org/fhir/R4/valueset-consent-data-meaning.html: each meaning has the instance
Fits fits_data(const Provision& provision, const Disclosure& disclosure) {
  if (provision.data.empty()) return Fits::yes;
  bool is_clear = true;
  for (const auto& one : provision.data) {
    const bool is_instance = one.meaning == "instance" && is_local(one.reference);
    const bool known = !one.has_limits && !one.reference.target.empty();
    if (known && is_instance && one.reference.target == disclosure.ref) return Fits::yes;
    is_clear = is_clear && known && is_instance;
  }
  return is_clear ? Fits::no : Fits::unclear;
}

bool is_one_of(const std::vector<std::string>& names, const Identifier& identifier) {
  const auto& value = identifier.value.reveal();
  if (identifier.system.empty() || value.empty()) return false;
  return holds(names, identifier.system + "|" + value);
}

/// By the reference, by the identifier it carries, or by those of an organisation in the consent.
bool is_called(const Reference& actor, const std::vector<std::string>& names,
               const Disclosure& disclosure) {
  if (is_one_of(names, actor.identifier)) return true;
  if (!is_local(actor) || actor.target.empty()) return false;
  if (!actor.contained) return holds(names, actor.target);
  for (const auto& organization : disclosure.organizations) {
    if (organization.ref != actor.target) continue;
    for (const auto& identifier : organization.identifiers) {
      if (is_one_of(names, identifier)) return true;
    }
  }
  return false;
}

/// Recipients, and who discloses, each where the provision names any. Never `no`: whom it names may
/// be this receiver under a name that nobody told us.
/// Source: http://hl7.org/fhir/R4/valueset-security-role-type.html, codes of v3-ParticipationType
Fits fits_actors(const Provision& provision, const Disclosure& disclosure) {
  bool any_recipient = false;
  bool any_custodian = false;
  bool receiver = false;
  bool sender = false;
  for (const auto& actor : provision.actors) {
    const auto& role = actor.role.codings;
    const auto& parties = disclosure.parties;
    if (names(role, "IRCP") || names(role, "PRCP")) {
      any_recipient = true;
      const bool is = !actor.has_limits && is_called(actor.reference, parties.receiver, disclosure);
      receiver = receiver || is;
    } else if (names(role, "CST")) {
      any_custodian = true;
      const bool is = !actor.has_limits && is_called(actor.reference, parties.sender, disclosure);
      sender = sender || is;
    } else {
      return Fits::unclear;
    }
  }
  const bool met = (!any_recipient || receiver) && (!any_custodian || sender);
  return met ? Fits::yes : Fits::unclear;
}

Fits fits(const Provision& provision, const Disclosure& disclosure) {
  return std::min({fits_labels(provision, disclosure), fits_period(provision, disclosure),
                   fits_purposes(provision), fits_actions(provision),
                   fits_classes(provision, disclosure), fits_data(provision, disclosure),
                   fits_actors(provision, disclosure),
                   provision.has_limits ? Fits::unclear : Fits::yes});
}

/// The permission of an exception, or of the provision itself, with the limits of the provision.
Word permitted(Word word, const Provision& provision) {
  word.kind = Word::Kind::permits;
  word.to_named =
      word.to_named || std::any_of(provision.actors.begin(), provision.actors.end(),
                                   [](const auto& a) { return !names(a.role.codings, "CST"); });
  word.for_treatment = word.for_treatment || !provision.purposes.empty();
  const auto& end = provision.period.end;
  if (end.last_day() && (!word.until.last_day() || *end.last_day() < *word.until.last_day())) {
    word.until = end;
  }
  return word;
}

/// `named`: what the provision is nested in names the label.
Word word_of(const Provision& provision, const Disclosure& disclosure, bool named) {
  const auto fit = fits(provision, disclosure);
  if (fit == Fits::no) return {};
  named = named || names(provision.labels, disclosure.label);
  Word exception;
  bool narrower = false;
  for (const auto& nested : provision.provisions) {
    const auto word = word_of(nested, disclosure, named);
    if (word.kind == Word::Kind::refuses) return word;
    if (word.kind == Word::Kind::permits) exception = word;
    narrower = narrower || nested.type != "deny";
  }
  const bool excepted = exception.kind == Word::Kind::permits;
  if (fit == Fits::yes && excepted) return permitted(exception, provision);
  if (provision.type == "deny") return {Word::Kind::refuses};
  if (fit != Fits::yes || provision.type != "permit" || narrower || !named) return {};
  return permitted({}, provision);
}

}  // namespace

Word word_of(const Provision& root, const Disclosure& disclosure) {
  return word_of(root, disclosure, false);
}

}  // namespace meridian::packet
