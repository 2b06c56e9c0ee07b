// SPDX-License-Identifier: Apache-2.0
#include "packet/released.h"

#include <algorithm>

#include "packet/provision.h"

namespace meridian::packet {
namespace {

bool names(const Concept& coded, std::string_view code) {
  return std::any_of(coded.codings.begin(), coded.codings.end(),
                     [&](const Coding& coding) { return coding.code == code; });
}

/// Research and advance directives permit no referral, and refuse none.
/// Source: http://terminology.hl7.org/CodeSystem/consentscope
bool is_about_sharing(const Concept& scope) {
  return names(scope, "patient-privacy") || names(scope, "treatment");
}
bool is_about_another_matter(const Concept& scope) {
  return names(scope, "research") || names(scope, "adr");
}

bool is_in_force(const Consent& consent, Day day) {
  if (consent.status != "active") return false;
  const auto start = consent.provision.period.start.first_day();
  const auto end = consent.provision.period.end.last_day();
  return (!start || *start <= day) && (!end || *end >= day);
}

/// Whether the reader had to leave something of it out.
bool is_damaged(const Consent& consent, const Issues& issues) {
  const auto beneath = consent.provenance.path + ".";
  return std::any_of(issues.begin(), issues.end(), [&](const Issue& issue) {
    return (issue.code == "structure" || issue.code == "value") && issue.path.starts_with(beneath);
  });
}

/// Source: http://terminology.hl7.org/CodeSystem/v3-ActCode, ActConsentDirective
bool is_out_of_all(const Consent& consent) {
  const auto& root = consent.provision;
  return root.type.empty() && root.labels.empty() && names(consent.policy_rule, "OPTOUT");
}

/// 42 CFR 2.32(b): a copy of the consent, or what it covers, goes along.
std::string with_scope(const ReleasedLabel& label, const Consent& consent, const Word& word) {
  if (label.notice.empty()) return {};
  std::string text = label.notice + " The patient consented";
  if (!consent.date_time.empty()) text += " on " + consent.date_time.text.substr(0, 10);
  text += " that records labelled " + label.label + " are sent";
  if (word.to_named) text += " to this receiver";
  if (word.for_treatment) text += " for treatment";
  return text + (word.until.empty() ? "." : ", until " + word.until.text.substr(0, 10) + ".");
}

}  // namespace

std::vector<std::string> names_in_consents(const std::vector<std::string>& written,
                                           const std::string& source) {
  std::vector<std::string> names;
  for (const auto& name : written) {
    if (name.find('|') != std::string::npos) {
      names.push_back(name);
    } else if (name.starts_with(source + "/")) {
      names.push_back(name.substr(source.size() + 1));
    }
  }
  return names;
}

Consents::Consents(const RecordSet& records, const std::vector<std::string>& patients,
                   Parties parties, Instant at)
    : records_(records),
      parties_(std::move(parties)),
      day_(std::chrono::floor<std::chrono::days>(at)) {
  for (const auto& consent : records.consents) {
    const auto& patient = consent.patient.target;
    const bool known = std::find(patients.begin(), patients.end(), patient) != patients.end();
    if (!known || !is_in_force(consent, day_) || is_about_another_matter(consent.scope)) continue;
    consents_.push_back(&consent);
  }
}

std::optional<std::string> Consents::release(const ReleasedLabel& label,
                                             const std::string& ref) const {
  const Disclosure disclosure{label.label, ref, parties_, records_.organizations, day_};
  std::optional<std::string> said;
  for (const auto* consent : consents_) {
    if (is_damaged(*consent, records_.issues)) return {};
    const auto word = word_of(consent->provision, disclosure);
    if (word.kind == Word::Kind::refuses) return {};
    if (word.kind == Word::Kind::permits) {
      const bool relied_on = is_about_sharing(consent->scope) && !consent->has_limits;
      if (relied_on) said = with_scope(label, *consent, word);
    } else if (is_out_of_all(*consent)) {
      return {};
    }
  }
  return said;
}

}  // namespace meridian::packet
