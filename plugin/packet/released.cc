// SPDX-License-Identifier: Apache-2.0
#include "packet/released.h"

#include <algorithm>

namespace meridian::packet {
namespace {

bool names(const std::vector<Coding>& codings, std::string_view code) {
  return std::any_of(codings.begin(), codings.end(),
                     [&](const Coding& coding) { return coding.code == code; });
}

/// Research and advance directives permit no referral.
/// Source: http://terminology.hl7.org/CodeSystem/consentscope
bool is_about_sharing(const Consent& consent) {
  const auto& scope = consent.scope.codings;
  return names(scope, "patient-privacy") || names(scope, "treatment");
}

/// Source: http://terminology.hl7.org/CodeSystem/v3-ActReason
bool is_for_treatment(const Consent& consent) {
  const auto& purposes = consent.provision_purposes;
  return purposes.empty() || names(purposes, "TREAT");
}

bool is_in_force(const Consent& consent, Instant at) {
  if (consent.status != "active") return false;
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const auto start = consent.provision_period.start.first_day();
  const auto end = consent.provision_period.end.last_day();
  return (!start || *start <= day) && (!end || *end >= day);
}

/// A refusal of this label, or of all. Who permits something inside a refusal says so in a nested
/// provision, which is not read: then the refusal stands.
/// Source: http://terminology.hl7.org/CodeSystem/v3-ActCode, ActConsentDirective
bool refuses(const Consent& consent, const std::string& label) {
  if (names(consent.scope.codings, "research") || names(consent.scope.codings, "adr")) return false;
  const bool all = consent.provision_labels.empty();
  if (consent.provision_type == "deny") return all || names(consent.provision_labels, label);
  return all && consent.provision_type.empty() && names(consent.policy_rule.codings, "OPTOUT");
}

bool permits(const Consent& consent, const std::string& label) {
  return consent.provision_type == "permit" && names(consent.provision_labels, label) &&
         is_about_sharing(consent) && is_for_treatment(consent) && !consent.has_limits;
}

/// 42 CFR 2.32(b): a copy of the consent, or what it covers, goes along.
std::string with_scope(const ReleasedLabel& label, const Consent& consent) {
  if (label.notice.empty()) return {};
  std::string text = label.notice + " The patient consented";
  if (!consent.date_time.empty()) text += " on " + consent.date_time.text.substr(0, 10);
  text += " that records labelled " + label.label + " are sent";
  if (!consent.provision_purposes.empty()) text += " for treatment";
  const auto& end = consent.provision_period.end;
  return text + (end.empty() ? "." : ", until " + end.text.substr(0, 10) + ".");
}

}  // namespace

std::vector<Release> releases(const std::vector<Consent>& consents, const FieldProfile& profile,
                              const std::vector<std::string>& patients, Instant at) {
  std::vector<Release> released;
  for (const auto& label : profile.released_labels) {
    const Consent* permitting = nullptr;
    bool refused = false;
    for (const auto& consent : consents) {
      const auto& patient = consent.patient.target;
      const bool known = std::find(patients.begin(), patients.end(), patient) != patients.end();
      if (!known || !is_in_force(consent, at)) continue;
      refused = refused || refuses(consent, label.label);
      if (permits(consent, label.label)) permitting = &consent;
    }
    if (permitting != nullptr && !refused) {
      released.push_back({&label, with_scope(label, *permitting)});
    }
  }
  return released;
}

}  // namespace meridian::packet
