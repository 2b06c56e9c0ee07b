// SPDX-License-Identifier: Apache-2.0
// Reports: where their words come from, and how studies join them.
#include "base/base64.h"
#include "fhir/read/html.h"
#include "fhir/read/narrative.h"
#include "unit/fhir_read/read_json.h"

namespace meridian {
namespace {

RecordSet report_with(const std::string& elements) {
  return read_json(R"({"resourceType": "DiagnosticReport", "id": "r", "status": "final",
    "code": {"text": "MRI lumbar spine"}, )" +
                   elements + "}");
}

TEST(Reports, TheConclusionAloneIsTheNarrative) {
  const auto set = report_with(R"("conclusion": "Disc herniation L5-S1.")");
  EXPECT_EQ(set.imaging.at(0).narrative.reveal(), "Disc herniation L5-S1.");
  EXPECT_EQ(set.imaging.at(0).conclusion.reveal(), "Disc herniation L5-S1.");
  EXPECT_FALSE(set.imaging.at(0).is_study);
}

TEST(Reports, PlainTextFormsAreDecodedAndTheConclusionFollows) {
  // "FINDINGS: normal cord."
  const auto set = report_with(R"("conclusion": "Stenosis.", "presentedForm": [
    {"contentType": "text/plain; charset=utf-8", "data": "RklORElOR1M6IG5vcm1hbCBjb3JkLg=="}])");
  EXPECT_EQ(set.imaging.at(0).narrative.reveal(),
            "FINDINGS: normal cord.\n\nIMPRESSION:\nStenosis.");
  EXPECT_EQ(listing(set), "");
}

TEST(Reports, AConclusionThatTheFormHoldsIsNotRepeated) {
  const auto set = report_with(R"("presentedForm": [
    {"data": "RklORElOR1M6IG5vcm1hbCBjb3JkLg==", "contentType": "text/plain"}],
    "conclusion": "normal cord.")");
  EXPECT_EQ(set.imaging.at(0).narrative.reveal(), "FINDINGS: normal cord.");
}

TEST(Reports, HtmlFormsGiveTheirWords) {
  // <p>No <b>fracture</b> &amp; no stenosis</p>
  const auto set = report_with(R"("presentedForm": [{"contentType": "text/html",
    "data": "PHA+Tm8gPGI+ZnJhY3R1cmU8L2I+ICZhbXA7IG5vIHN0ZW5vc2lzPC9wPg=="}])");
  EXPECT_EQ(set.imaging.at(0).narrative.reveal(), "No fracture & no stenosis");
}

TEST(Reports, WhatCannotBeReadIsSaid) {
  const auto set = report_with(R"("presentedForm": [
    {"contentType": "application/pdf", "data": "JVBERg=="},
    {"contentType": "text/plain", "url": "Binary/7"},
    {"contentType": "text/plain", "data": "%%%"}])");
  ASSERT_EQ(set.issues.size(), 3u) << listing(set);
  EXPECT_EQ(set.issues[0].path, "DiagnosticReport.presentedForm[0]");
  EXPECT_EQ(set.issues[0].code, "not-supported");
  EXPECT_EQ(set.issues[1].path, "DiagnosticReport.presentedForm[1]");
  EXPECT_EQ(set.issues[1].code, "not-found");
  EXPECT_EQ(set.issues[2].path, "DiagnosticReport.presentedForm[2].data");
  EXPECT_EQ(set.issues[2].severity, Severity::error);
}

TEST(Reports, WordsOfContainedAndReferencedObservationsJoinTheNarrative) {
  const auto set = read_json(R"({"resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "DiagnosticReport", "id": "r", "status": "final",
      "code": {"text": "x-ray"}, "result": [{"reference": "#a"}, {"reference": "Observation/b"},
                                            {"reference": "Observation/n"}],
      "contained": [{"resourceType": "Observation", "id": "a", "status": "final",
        "code": {"text": "Impression"}, "valueString": "no fracture"}]}},
    {"resource": {"resourceType": "Observation", "id": "b", "status": "final",
      "code": {"coding": [{"display": "Comment"}]}, "valueString": "old scoliosis"}},
    {"resource": {"resourceType": "Observation", "id": "n", "status": "final",
      "code": {"text": "number"}, "valueInteger": 3}}]})");
  EXPECT_EQ(set.imaging.at(0).narrative.reveal(),
            "Impression: no fracture\n\nComment: old scoliosis");
  EXPECT_EQ(set.imaging.at(0).results.at(0).target, "DiagnosticReport/r#a");
  EXPECT_TRUE(set.imaging.at(0).results.at(0).contained);
}

TEST(Reports, AStudyJoinsTheReportThatMentionsIt) {
  const auto set = read_json(R"({"resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "ImagingStudy", "id": "s", "status": "available",
      "subject": {"reference": "Patient/p"}, "started": "2024-05-01T10:00:00Z",
      "modality": [{"code": "mr"}], "series": [{"uid": "1", "modality": {"code": "MR"},
        "bodySite": {"system": "http://snomed.info/sct", "code": "122496007"}}]}},
    {"resource": {"resourceType": "ImagingStudy", "id": "alone", "status": "available",
      "subject": {"reference": "Patient/p"}, "description": "CT spine",
      "procedureCode": [{"coding": [{"code": "72131"}]}], "modality": [{"code": "CT"}]}},
    {"resource": {"resourceType": "DiagnosticReport", "id": "r", "status": "final",
      "code": {"text": "MRI"}, "imagingStudy": [{"reference": "ImagingStudy/s"}]}}]})");
  ASSERT_EQ(set.imaging.size(), 2u);
  EXPECT_EQ(set.imaging[0].ref, "ImagingStudy/alone");
  EXPECT_TRUE(set.imaging[0].is_study);
  EXPECT_EQ(set.imaging[0].code.text, "CT spine");
  EXPECT_EQ(set.imaging[0].code.codings.at(0).code, "72131");
  EXPECT_EQ(set.imaging[1].ref, "DiagnosticReport/r");
  EXPECT_EQ(set.imaging[1].modalities, std::vector<std::string>{"MR"});
  EXPECT_EQ(set.imaging[1].body_sites.at(0).codings.at(0).code, "122496007");
  EXPECT_EQ(set.imaging[1].effective.text, "2024-05-01T10:00:00Z");
}

TEST(Reports, DocumentsKeepTheirContentDecoded) {
  const auto set = read_json(R"({"resourceType": "DocumentReference", "id": "d",
    "status": "current", "type": {"text": "note"}, "content": [
      {"attachment": {"contentType": "text/plain", "data": "aGk=", "title": "t"}},
      {"attachment": {"url": "Binary/1"}}],
    "context": {"encounter": [{"reference": "Encounter/e"}],
                "related": [{"reference": "ServiceRequest/s"}]}})");
  const auto& document = set.documents.at(0);
  EXPECT_EQ(document.content.at(0).data, "hi");
  EXPECT_EQ(document.content.at(1).url, "Binary/1");
  EXPECT_EQ(document.related.at(1).target, "ServiceRequest/s");
}

TEST(Base64, IsReadWithWhiteSpaceAndWithoutPadding) {
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_EQ(decode_base64("aGVsbG8="), "hello");
  EXPECT_EQ(decode_base64("aGVs\r\n bG8"), "hello");
  EXPECT_EQ(decode_base64("aGVsbA=="), "hell");
  EXPECT_EQ(decode_base64("aGVsbG8=x"), std::nullopt);
  EXPECT_EQ(decode_base64("a"), std::nullopt);
  EXPECT_EQ(decode_base64("a-_b"), std::nullopt);
}

TEST(Html, GivesItsWordsALinePerBlock) {
  using fhir_read::text_of_html;
  EXPECT_EQ(text_of_html("<html><head><style>p{}</style><script>x<y</script></head><body>"
                         "<h1>Find</h1>\n<p>a&#160;&lt; b <br/>c &eacute; d</p><!-- no > -->"
                         "<table><tr><td>1</td><td>2</td></tr></table>"),
            "Find\na\u00a0< b\nc &eacute; d\n1\n2");
  EXPECT_EQ(text_of_html("a < b & c"), "a < b & c");
  EXPECT_EQ(text_of_html("<p"), "");
  EXPECT_EQ(text_of_html("&#x110000;&#55296;"), "\uFFFD\uFFFD");
}

}  // namespace
}  // namespace meridian
