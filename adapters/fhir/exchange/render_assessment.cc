// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/render_assessment.h"

#include <set>

#include "fhir/exchange/codes.h"
#include "fhir/exchange/identifiers.h"
#include "fhir/exchange/profiles.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

void add_statement(const PacketLine& line, const AssessmentContext& context, JsonOut& out) {
  Concept said{{codes::part(line.part)}, line.text};
  if (!line.rule.empty()) said.codings.push_back(codes::rule(line.rule));
  out.object().list("code").concept_of({}, said).end();
  std::set<std::string> known;
  out.list("detail");
  for (const auto& evidence : line.evidence) {
    const auto urn = context.urn(evidence.substr(0, evidence.find('#')));
    if (!urn.empty() && known.insert(urn).second) out.reference({}, urn);
  }
  out.end().end();
}

void add_sign_offs(const std::vector<PacketLine>& lines, JsonOut& out) {
  out.list("mitigation");
  for (const auto& line : lines) {
    if (line.signed_off.empty()) continue;
    const auto words = line.rule + " signed off by " + line.signed_off;
    out.object().concept_of("action", Concept{{}, words}).end();
  }
  out.end();
}

}  // namespace

std::string assessment_json(const Letter& letter, const std::vector<PacketLine>& lines,
                            const AssessmentContext& context) {
  const auto identifier = own_identifier("assessment", letter.referral_id, "1");
  JsonOut issue;
  issue.object().text("resourceType", "DetectedIssue");
  issue.conforms_to(profiles::ours("meridian-assessment"));
  issue.list("identifier").raw_element(identifier.json()).end();
  issue.text("status", "final");
  issue.concept_of("code", Concept{{codes::safety_screen()}, "Safety screen of a referral"});
  issue.raw("patient", context.subject).text("identifiedDateTime", to_string(letter.at));
  issue.object("author").text("type", "Device").text("display", "Meridian").end();
  issue.list("implicated").reference({}, context.order).end();
  issue.list("evidence");
  for (const auto& line : lines) add_statement(line, context, issue);
  issue.end().text("detail", no_diagnosis_words());
  const auto& version = letter.assessment.rules_version;
  issue.text("reference", "http://meridian-referral.org/fhir/rules" +
                              (version.empty() ? std::string() : "|" + version));
  add_sign_offs(lines, issue);
  return issue.end().str();
}

}  // namespace meridian::fhir
