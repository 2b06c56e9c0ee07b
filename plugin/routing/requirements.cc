// SPDX-License-Identifier: Apache-2.0
#include "routing/requirements.h"

#include <algorithm>
#include <cmath>

namespace meridian::routing {
namespace {

template <typename T>
bool contains(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool share_one(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const auto& one) { return contains(b, one); });
}

bool requires_fact(const Look& look, std::string_view fact) {
  return look.directory.policy().require.contains(fact);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// Each requirement: is it met, and what to say when not.

bool service_met(const Look& look) {
  return look.receiver.service == look.ask.service;
}
std::string service_words(const Look&) {
  return "offers another service";
}

bool modality_met(const Look& look) {
  const auto& offered = look.receiver.modalities;
  return offered.empty() ? look.ask.modality == "manual" : contains(offered, look.ask.modality);
}
std::string modality_words(const Look& look) {
  return "does not offer the modality (" + look.ask.modality + ")";
}

bool licence_met(const Look& look) {
  const auto state = licence_of(look).state;
  return state == LicenceState::in_force ||
         (state == LicenceState::not_stated && !requires_fact(look, "licence"));
}
std::string licence_words(const Look& look) {
  const auto found = licence_of(look);
  switch (found.state) {
    case LicenceState::lapsed:
      return "licence expired " + to_string(*found.licence->until);
    case LicenceState::not_valid:
      return "licence is " + found.licence->status;
    case LicenceState::elsewhere: {
      std::vector<std::string> states;
      for (const auto& licence : look.receiver.licences) states.push_back(licence.state);
      return "licensed in " + joined(states) + ", not in " + licence_needed_in(look);
    }
    default:
      return "licence is not stated";
  }
}

bool agreement_met(const Look& look) {
  const auto& until = look.receiver.agreement_until;
  return until ? *until >= look.ask.on : !requires_fact(look, "agreement");
}
std::string agreement_words(const Look& look) {
  const auto& until = look.receiver.agreement_until;
  return until ? "agreement ended " + to_string(*until) : "end of the agreement is not stated";
}

bool new_patients_met(const Look& look) {
  const auto& receiver = look.receiver;
  if (!receiver.accepts_new_patients) return !requires_fact(look, "new_patients");
  if (!*receiver.accepts_new_patients) return false;
  const auto& networks = look.ask.patient.networks;
  return receiver.new_patients_of.empty() || networks.empty() ||
         share_one(receiver.new_patients_of, networks);
}
std::string new_patients_words(const Look& look) {
  const auto& accepts = look.receiver.accepts_new_patients;
  if (!accepts) return "does not state whether it accepts new patients";
  if (!*accepts) return "accepts no new patients";
  return "accepts new patients only of " + joined(look.receiver.new_patients_of);
}

bool visit_met(const Look& look) {
  const auto& modes = look.receiver.visit_modes;
  return look.ask.visit_mode.empty() || modes.empty() || contains(modes, look.ask.visit_mode);
}
std::string visit_words(const Look& look) {
  return "offers " + joined(look.receiver.visit_modes) + " visits only, " + look.ask.visit_mode +
         " is needed";
}

bool age_met(const Look& look) {
  const auto& age = look.ask.patient.age;
  const auto& receiver = look.receiver;
  if (!age) return true;
  return (!receiver.age_from || *age >= *receiver.age_from) &&
         (!receiver.age_to || *age <= *receiver.age_to);
}
std::string age_words(const Look& look) {
  std::string text = "takes patients";
  if (look.receiver.age_from) text += " from " + std::to_string(*look.receiver.age_from);
  if (look.receiver.age_to) text += " to " + std::to_string(*look.receiver.age_to);
  return text + " years";
}

bool language_met(const Look& look) {
  return !requires_fact(look, "language") || speaks(look.receiver, look.ask) == Known::yes;
}
std::string language_words(const Look& look) {
  const auto& languages = look.receiver.languages;
  if (languages.empty()) return "languages are not stated, and one was asked for";
  return "speaks " + joined(languages) + ", another language was asked for";
}

bool network_met(const Look& look) {
  return !requires_fact(look, "network") || in_network(look.receiver, look.ask) == Known::yes;
}
std::string network_words(const Look& look) {
  const auto& networks = look.receiver.networks;
  if (networks.empty()) return "networks are not stated";
  return "in network of " + joined(networks) + ", the patient is in another one";
}

bool distance_met(const Look& look) {
  if (look.distance.band == Band::unknown) return !requires_fact(look, "position");
  return look.distance.band != Band::too_far;
}
std::string distance_words(const Look& look) {
  if (look.distance.band == Band::unknown) return "distance is not known";
  return "farther than " + km_text(look.directory.policy().radius_km);
}

bool reachable_met(const Look& look) {
  return !look.receiver.paused;
}
std::string reachable_words(const Look&) {
  return "paused by the site";
}

bool declined_met(const Look& look) {
  return look.receiver.to.empty() || !contains(look.ask.declined, look.receiver.to);
}
std::string declined_words(const Look&) {
  return "declined this referral";
}

struct Requirement {
  bool (*met)(const Look&);
  std::string (*words)(const Look&);
  bool told_by_traits;  ///< or, who declined, by the search itself: need not be asked again
};
constexpr Requirement requirements[] = {
    {declined_met, declined_words, true},    {service_met, service_words, true},
    {modality_met, modality_words, true},    {licence_met, licence_words, false},
    {agreement_met, agreement_words, false}, {new_patients_met, new_patients_words, false},
    {visit_met, visit_words, true},          {age_met, age_words, false},
    {language_met, language_words, false},   {network_met, network_words, false},
    {distance_met, distance_words, true},    {reachable_met, reachable_words, true},
};

bool holds_on(const Licence& licence, Day on) {
  return may_be_valid(licence) && (!licence.until || *licence.until >= on);
}

}  // namespace

std::string km_text(double km) {
  const auto tenths = std::lround(km * 10);
  const auto rest = tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10);
  return std::to_string(tenths / 10) + rest + " km";
}

Distance distance_of(const Receiver& receiver, const Ask& ask, const Directory& directory) {
  const auto& patient = ask.patient;
  if (ask.visit_mode == "virtual") return {Band::km_10, false};
  if (patient.position && receiver.position) {
    const float chord = squared_chord(point_of(*receiver.position), point_of(*patient.position));
    return {band_of(chord, directory), true};
  }
  const auto area = postal_area(patient.postal_code);
  if (!area.empty() && area == postal_area(receiver.postal_code)) {
    const bool same = postal_place(patient.postal_code) == postal_place(receiver.postal_code);
    return {same ? Band::km_10 : Band::km_25, false};
  }
  const bool same_state = !patient.state.empty() && patient.state == receiver.state;
  return {same_state ? Band::radius : Band::unknown, false};
}

Look look_at(const Receiver& receiver, const Ask& ask, const Directory& directory) {
  return {receiver, ask, directory, distance_of(receiver, ask, directory)};
}

bool fits(const Look& look) {
  return std::all_of(std::begin(requirements), std::end(requirements),
                     [&](const Requirement& one) { return one.met(look); });
}

bool fits_in_the_rest(const Look& look) {
  return std::all_of(std::begin(requirements), std::end(requirements),
                     [&](const Requirement& one) { return one.told_by_traits || one.met(look); });
}

std::vector<std::string> refusals(const Look& look) {
  std::vector<std::string> words;
  for (const auto& one : requirements) {
    if (!one.met(look)) words.push_back(one.words(look));
  }
  return words;
}

Known in_network(const Receiver& receiver, const Ask& ask) {
  if (ask.patient.networks.empty()) return Known::yes;
  if (receiver.networks.empty()) return Known::not_stated;
  return share_one(ask.patient.networks, receiver.networks) ? Known::yes : Known::no;
}

Known speaks(const Receiver& receiver, const Ask& ask) {
  if (ask.patient.language.empty()) return Known::yes;
  if (receiver.languages.empty()) return Known::not_stated;
  const auto wanted = language_name(ask.patient.language);
  const bool spoken = std::any_of(receiver.languages.begin(), receiver.languages.end(),
                                  [&](const auto& tag) { return language_name(tag) == wanted; });
  return spoken ? Known::yes : Known::no;
}

bool may_be_valid(const Licence& licence) {
  return licence.status.empty() || licence.status == "active" || licence.status == "unknown";
}

const std::string& licence_needed_in(const Look& look) {
  return look.directory.policy().licence_where_patient_lives ? look.ask.patient.state
                                                             : look.receiver.state;
}

LicenceFinding licence_of(const Look& look) {
  if (look.receiver.licences.empty()) return {};
  const auto& where = licence_needed_in(look);
  LicenceFinding found{LicenceState::elsewhere, nullptr};
  for (const auto& licence : look.receiver.licences) {
    const bool here = where.empty() || licence.state.empty() || licence.state == where;
    if (!here) continue;
    if (holds_on(licence, look.ask.on)) return {LicenceState::in_force, &licence};
    const bool later = found.licence == nullptr || licence.until > found.licence->until;
    if (!later) continue;
    found = {may_be_valid(licence) ? LicenceState::lapsed : LicenceState::not_valid, &licence};
  }
  return found;
}

}  // namespace meridian::routing
