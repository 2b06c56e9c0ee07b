// SPDX-License-Identifier: Apache-2.0
// The shape of meridian.episode/1 and meridian.assessment/1, member by member.
#include "report/episode_json.h"

#include <gtest/gtest.h>

namespace meridian::report {
namespace {

PartialDate date(std::string_view text) {
  return *parse_partial_date(text);
}

/// One patient with one record of each kind that an episode shows.
Chart full_chart() {
  Chart chart;
  chart.patient.ref = "Patient/p1";
  chart.patient.gender = "female";
  chart.patient.birth_date = Sensitive<PartialDate>(date("1961-04"));
  chart.patient.identifiers = {{"urn:mrn", Sensitive<std::string>("00017"), "MR"}};
  auto& records = chart.records;
  records.encounters.resize(1);
  records.encounters[0].ref = "Encounter/e1";
  records.encounters[0].period = {date("2026-01-02T10:00:00Z"), {}};
  records.encounters[0].class_code.code = "AMB";
  records.encounters[0].reason_codes = {{{{"urn:s", "r", "shown"}}, ""}};
  records.conditions.resize(1);
  records.conditions[0].ref = "Condition/c1";
  records.conditions[0].code = {{{"urn:s", "c", "shown"}}, "as written"};
  records.conditions[0].onset_text = "52 a";
  records.conditions[0].clinical_status = "active";
  records.imaging.resize(1);
  records.imaging[0].ref = "DiagnosticReport/d1";
  records.imaging[0].effective = date("2026-01-03");
  records.imaging[0].code = {{{"urn:l", "mri", ""}, {"urn:local", "MR1", ""}}, ""};
  records.imaging[0].findings.resize(1);
  records.imaging[0].findings[0].kind = "disc_herniation";
  records.imaging[0].findings[0].level = "L4-L5";
  records.imaging[0].findings[0].negated = true;
  records.imaging[0].findings[0].text = Sensitive<std::string>("no \"herniation\"");
  records.procedures.resize(1);
  records.procedures[0].ref = "Procedure/p1";
  records.procedures[0].performed.start = date("2025");
  records.medications.resize(1);
  records.medications[0].ref = "MedicationRequest/m1";
  records.observations.resize(1);
  records.observations[0].ref = "Observation/o1";
  records.observations[0].effective = date("2026-01-04");
  records.service_requests.resize(1);
  records.service_requests[0].ref = "ServiceRequest/s1";
  records.service_requests[0].status = "active";
  return chart;
}

Episode full_episode() {
  Episode episode;
  episode.onset = date("2025-11");
  episode.last_seen = date("2026-01-04");
  episode.body_region = "lumbar";
  episode.pain_types = {{"sciatica", {"Condition/c1"}}};
  episode.encounters = {"Encounter/e1"};
  episode.conditions = {"Condition/c1"};
  episode.imaging = {{"DiagnosticReport/d1", "MR", "lumbar"}};
  episode.procedures = {{"Procedure/p1", "acupuncture"}};
  episode.medications = {{"MedicationRequest/m1", ""}};
  episode.scores = {{"Observation/o1", "ODI", "38.0"}};
  episode.referrals = {"ServiceRequest/s1"};
  return episode;
}

TEST(EpisodeLine, HasEveryMemberOfTheFormatInItsPlace) {
  EXPECT_EQ(
      episode_line(full_chart(), {full_episode()},
                   {{Severity::warning, "value", "Bundle.entry[0]", "odd"}}),
      R"({"format":"meridian.episode/1",)"
      R"("patient":{"id":"p1","birthDate":"1961-04","gender":"female",)"
      R"("identifiers":[{"system":"urn:mrn","value":"00017"}]},)"
      R"("episodes":[{"onset":"2025-11","lastSeen":"2026-01-04","bodyRegion":"lumbar",)"
      R"("painTypes":[{"type":"sciatica","basis":["Condition/c1"]}],)"
      R"("encounters":[{"ref":"Encounter/e1","start":"2026-01-02T10:00:00Z","end":null,)"
      R"("class":"AMB","reasons":[{"system":"urn:s","code":"r","text":"shown"}]}],)"
      R"("conditions":[{"ref":"Condition/c1","system":"urn:s","code":"c","text":"as written",)"
      R"("onset":"52 a","clinicalStatus":"active"}],)"
      R"("imaging":[{"ref":"DiagnosticReport/d1","modality":"MR","region":"lumbar",)"
      R"("date":"2026-01-03","codes":[{"system":"urn:l","code":"mri"},)"
      R"({"system":"urn:local","code":"MR1"}],"findings":[{"kind":"disc_herniation",)"
      R"("level":"L4-L5","side":null,"certainty":null,"negated":true,"historical":false,)"
      R"("text":"no \"herniation\""}]}],)"
      R"("procedures":[{"ref":"Procedure/p1","system":null,"code":null,"text":null,)"
      R"("date":"2025","category":"acupuncture"}],)"
      R"("medications":[{"ref":"MedicationRequest/m1","system":null,"code":null,"text":null,)"
      R"("class":null}],)"
      R"("scores":[{"ref":"Observation/o1","instrument":"ODI","value":"38.0",)"
      R"("date":"2026-01-04"}],)"
      R"("referrals":[{"ref":"ServiceRequest/s1","status":"active","priority":"routine",)"
      R"("code":{"system":null,"code":null,"text":null},"reason":[]}]}],)"
      R"("issues":[{"severity":"warning","code":"value","path":"Bundle.entry[0]","text":"odd"}]})");
}

TEST(EpisodeLine, IsOneLineWhateverTheTextHolds) {
  Chart chart = full_chart();
  chart.records.conditions[0].code.text = "pain\r\n\"left\" \\ side\t\x01\xE2\x80\xA8 ü";
  const std::string line = episode_line(chart, {full_episode()}, {});
  EXPECT_EQ(line.find_first_of("\r\n\t\x01"), std::string::npos);
  EXPECT_NE(line.find(R"(pain\r\n\"left\" \\ side\t\u0001)"), std::string::npos) << line;
  EXPECT_NE(line.find("ü"), std::string::npos);
}

TEST(EpisodeLine, OfAPatientWithoutAnythingIsStillALine) {
  EXPECT_EQ(episode_line({}, {}, {}),
            R"({"format":"meridian.episode/1","patient":{"id":"","birthDate":null,"gender":null,)"
            R"("identifiers":[]},"episodes":[],"issues":[]})");
}

TEST(EpisodeLine, ShowsImagingThatIsOnlyOnRecordAsAProcedure) {
  Episode episode;
  episode.imaging = {{"Procedure/p1", "", "lumbar"}};
  const std::string line = episode_line(full_chart(), {episode}, {});
  EXPECT_NE(line.find(R"("imaging":[{"ref":"Procedure/p1","modality":null,"region":"lumbar",)"
                      R"("date":"2025","codes":[],"findings":[]}])"),
            std::string::npos)
      << line;
}

Assessment full_assessment() {
  Assessment made;
  made.referral = "ServiceRequest/s1";
  made.disposition = Disposition::hold;
  made.pain_types = {{"sciatica", {"Condition/c1"}}};
  made.lanes = {{"acupuncture", "routine", "manual", {"AC08"}}};
  Flag flag{{"RF01", "src-a", "text a", {"Condition/c1"}}, "emergency", "call now", "surgeon", 0};
  Caution caution{
      {"AC08", "src-b", "text b", {"MedicationRequest/m1"}}, "caution", "absolute", "all"};
  Missing missing{{"RF01", "src-a", "not asked", {}}, "rf01.saddle", true, {"questionnaire"}};
  CoverageAnswer coverage{{"C1", "src-c", "duration", {}}, "", "", "unknown"};
  made.flags = {flag};
  made.cautions = {caution};
  made.missing = {missing};
  made.coverage = {coverage};
  made.annotations = {{"N1", "src-d", "note", {}}};
  made.valid_until = parse_instant("2026-02-01T00:00:00Z");
  made.rules_version = "2026.1";
  return made;
}

constexpr const char* assessment_text =
    R"({"referral":"ServiceRequest/s1","disposition":"hold",)"
    R"("painTypes":[{"type":"sciatica","basis":["Condition/c1"]}],)"
    R"("lanes":[{"service":"acupuncture","urgency":"routine","modality":"manual",)"
    R"("rules":["AC08"]}],)"
    R"("flags":[{"rule":"RF01","source":"src-a","text":"text a","evidence":["Condition/c1"],)"
    R"("severity":"emergency","action":"call now","who":"surgeon","withinHours":0}],)"
    R"("cautions":[{"rule":"AC08","source":"src-b","text":"text b",)"
    R"("evidence":["MedicationRequest/m1"],"manual":"caution","electro":"absolute",)"
    R"("scope":"all"}],)"
    R"("missing":[{"rule":"RF01","source":"src-a","text":"not asked","evidence":[],)"
    R"("question":"rf01.saddle","blocksAcupuncture":true,"doors":["questionnaire"]}],)"
    R"("coverage":[{"rule":"C1","source":"src-c","text":"duration","evidence":[],)"
    R"("program":null,"name":null,"status":"unknown"}],)"
    R"("annotations":[{"rule":"N1","source":"src-d","text":"note","evidence":[]}],)"
    R"("packet":[],"course":null,"ledger":null,"validUntil":"2026-02-01T00:00:00.000Z","rulesVersion":"2026.1"})";

TEST(AssessmentJson, GivesEachEntryItsRuleSourceAndEvidence) {
  EXPECT_EQ(assessment_json(full_assessment()), assessment_text);
}

TEST(AssessmentJson, OfAnEpisodeWithoutReferralSaysNull) {
  const std::string text = assessment_json({});
  EXPECT_TRUE(text.starts_with(R"({"referral":null,"disposition":"hold",)")) << text;
  EXPECT_NE(text.find(R"("validUntil":null)"), std::string::npos);
}

TEST(AssessmentLine, IsAnEpisodeLineWithItsAssessments) {
  const std::string line = assessment_line(full_chart(), {}, {full_assessment()}, {});
  EXPECT_TRUE(line.starts_with(R"({"format":"meridian.assessment/1","patient":{"id":"p1")"));
  EXPECT_TRUE(line.ends_with(std::string(R"("episodes":[],"assessments":[)") + assessment_text +
                             R"(],"issues":[]})"))
      << line;
}

}  // namespace
}  // namespace meridian::report
