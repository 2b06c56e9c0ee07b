// SPDX-License-Identifier: Apache-2.0
// Bad input: each problem is named with its place, and spoils nothing else.
#include "unit/fhir_read/read_json.h"

namespace meridian {
namespace {

constexpr std::string_view good = R"({"resource": {"resourceType": "Patient", "id": "ok"}})";

std::string bundle_of(std::string_view resource) {
  return R"({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": )" +
         std::string(resource) + "}, " + std::string(good) + "]}";
}

/// Issues of a resource that stands before a good one, which must be read whatever happens.
std::string issues_of(std::string_view resource) {
  const auto set = read_json(bundle_of(resource));
  const bool kept = !set.patients.empty() && set.patients.back().ref == "Patient/ok";
  EXPECT_TRUE(kept) << "the good entry is lost";
  return listing(set);
}

TEST(Issues, NameAnElementOfTheWrongJsonType) {
  EXPECT_EQ(
      issues_of(R"({"resourceType": "Condition", "id": "c", "code": {"text": 5},
                          "subject": {"reference": "Patient/ok"}, "recordedDate": ["2020"],
                          "category": {"text": "x"}, "bodySite": "back"})"),
      "error structure Bundle.entry[0].resource.code.text: expected a string, found a number "
      "'5'\n"
      "error structure Bundle.entry[0].resource.recordedDate: expected a date, found an array\n"
      "warning structure Bundle.entry[0].resource.category: expected an array, found a single "
      "object; it is used\n"
      "error structure Bundle.entry[0].resource.bodySite: expected an object, found a string "
      "'back'\n");
}

TEST(Issues, NameADateThatIsNone) {
  EXPECT_EQ(issues_of(R"({"resourceType": "Patient", "id": "p", "birthDate": "1979-02-30"})"),
            "error value Bundle.entry[0].resource.birthDate: '1979-02-30' is no FHIR date\n");
}

TEST(Issues, KeepTheFirstOfTwoMembersOfOneName) {
  const auto set =
      read_json(R"({"resourceType": "Patient", "id": "a", "gender": "female", "gender": "male"})");
  EXPECT_EQ(set.patients.at(0).gender, "female");
  EXPECT_EQ(listing(set),
            "error structure Patient.gender: the member appears twice; the first one is used\n");
}

TEST(Issues, RefuseARecordWithoutItsSubject) {
  const std::string_view text =
      "missing or refers to nothing; the resource cannot be used without it\n";
  for (const auto* subject :
       {"", R"(, "subject": {})", R"(, "subject": null)", R"(, "subject": "Patient/p")",
        R"(, "subject": [{}])", R"(, "subject": {"display": "Anna"})"}) {
    const auto set =
        read_json(bundle_of(R"({"resourceType": "Condition", "id": "c", "code": {"text": "x"})" +
                            std::string(subject) + "}"));
    EXPECT_TRUE(set.conditions.empty()) << subject;
    EXPECT_FALSE(set.resources.at(0).mapped);
    EXPECT_TRUE(listing(set).ends_with("error required Bundle.entry[0].resource.subject: " +
                                       std::string(text)))
        << listing(set);
  }
}

TEST(Issues, WarnOfRequiredElementsThatAreMissing) {
  EXPECT_EQ(issues_of(R"({"resourceType": "Observation", "id": "o"})"),
            "warning required Bundle.entry[0].resource.status: missing\n"
            "warning required Bundle.entry[0].resource.code: missing\n");
}

TEST(Issues, GiveARecordWithoutIdANameThatFollowsFromItsBytes) {
  const std::string_view patient = R"({"resourceType": "Patient", "gender": "male"})";
  const auto first = read_json(patient);
  const auto second = read_json("  " + std::string(patient));
  EXPECT_TRUE(first.patients.at(0).ref.starts_with("Patient/~"));
  EXPECT_EQ(first.patients.at(0).ref, second.patients.at(0).ref);
  EXPECT_EQ(first.issues.at(0).code, "required");
  EXPECT_EQ(first.issues.at(0).path, "Patient");
}

TEST(Issues, NameAResourceWithoutOrWithAnUnknownType) {
  EXPECT_EQ(issues_of(R"({"id": "x", "status": "active"})"),
            "error required Bundle.entry[0].resource: no resourceType: not a FHIR resource\n");
  EXPECT_EQ(issues_of(R"({"resourceType": 7})"),
            "error required Bundle.entry[0].resource: no resourceType: not a FHIR resource\n");
  EXPECT_EQ(issues_of(R"({"resourceType": "Pateint", "id": "x"})"),
            "error not-supported Bundle.entry[0].resource: 'Pateint' is no resource type of FHIR "
            "R4\n");
  EXPECT_EQ(issues_of(R"("Patient/x")"),
            "error structure Bundle.entry[0].resource: expected a resource, found a string "
            "'Patient/x'\n");
}

TEST(Issues, SayNothingOfResourcesThatPassThrough) {
  EXPECT_EQ(issues_of(R"({"resourceType": "Claim", "subject": 5, "x": {"y": [[]]}})"), "");
}

TEST(Issues, NameModifiersThatAreNotUnderstood) {
  EXPECT_EQ(issues_of(R"({"resourceType": "Patient", "id": "p", "implicitRules": "http://r",
                          "modifierExtension": [{"url": "http://not"}]})"),
            "warning not-supported Bundle.entry[0].resource.implicitRules: may change the meaning "
            "of the resource and is not understood\n"
            "warning not-supported Bundle.entry[0].resource.modifierExtension: may change the "
            "meaning of the resource and is not understood\n");
}

TEST(Issues, RecogniseStu3) {
  const auto set = read_json(bundle_of(
      R"({"resourceType": "Condition", "id": "c", "clinicalStatus": "active",
          "assertedDate": "2010", "code": {"text": "x"}, "subject": {"reference": "Patient/ok"}})"));
  EXPECT_EQ(set.conditions.size(), 1u);
  EXPECT_EQ(listing(set),
            "error not-supported Bundle.entry[0].resource.clinicalStatus: looks like FHIR STU3; R4 "
            "expected (2 such elements, the first one here)\n");
  const auto request = read_json(R"({"resourceType": "ReferralRequest", "id": "r"})");
  EXPECT_NE(issue_at(request, "ReferralRequest"), nullptr);
}

TEST(Issues, KeepWhatStandsBeforeATruncation) {
  const std::string whole = bundle_of(R"({"resourceType": "Patient", "id": "first"})");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto set = read_fhir(std::string_view(whole).substr(0, size));
    if (!set) {
      EXPECT_EQ(set.error().code, ErrorCode::malformed);
      continue;
    }
    ASSERT_FALSE(set->issues.empty());
    EXPECT_EQ(set->issues.back().severity, Severity::fatal) << size;
    EXPECT_NE(set->issues.back().text.find("at byte "), std::string::npos);
    for (const auto& patient : set->patients) EXPECT_FALSE(patient.ref.empty());
  }
  const auto cut = read_fhir(std::string_view(whole).substr(0, whole.find("\"ok\"")));
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->patients.size(), 1u);
  EXPECT_EQ(cut->resources.size(), 1u);
  EXPECT_EQ(cut->bundle_type, "collection");
}

TEST(Issues, RefuseWhatIsNoJsonAtAll) {
  const auto code_of = [](std::string_view text) {
    const auto set = read_fhir(text);
    return set ? std::string("read") : std::string(error_row(set.error().code).name);
  };
  EXPECT_EQ(code_of(""), "malformed");
  EXPECT_EQ(code_of(" \n"), "malformed");
  EXPECT_EQ(code_of("  <Patient xmlns=\"http://hl7.org/fhir\"/>"), "unsupported");
  EXPECT_EQ(code_of("MSH|^~\\&|"), "malformed");
  EXPECT_EQ(code_of("{\"resourceType\": \"Patient\", \"id\": \"\xff\"}"), "malformed");
}

TEST(Issues, NameTheByteThatIsNotUtf8) {
  const auto set = read_fhir("{\"resourceType\": \"Patient\", \"id\": \"\xc3\x28\"}");
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().detail, 35);
}

TEST(Issues, ReadHalfASurrogatePairAsTheReplacementCharacter) {
  const auto set = read_json(R"({"resourceType": "Patient", "id": "p", "gender":
    "a\udc00 \ud83d \\udc00 \ud83d\ude00 \ud83d\ud83d"})");
  EXPECT_EQ(set.patients.at(0).gender, "a\uFFFD \uFFFD \\udc00 \U0001F600 \uFFFD\uFFFD");
  EXPECT_EQ(listing(set),
            "warning value : half a surrogate pair, which is no character, read as U+FFFD; the "
            "first at byte 55\n");
}

TEST(Issues, TolerateAByteOrderMark) {
  const std::string text = "\xEF\xBB\xBF{\"resourceType\": \"Patient\", \"id\": \"p\"}";
  const auto set = read_json(text);
  EXPECT_EQ(set.patients.size(), 1u);
  EXPECT_EQ(set.issues.at(0).severity, Severity::information);
  EXPECT_EQ(text.substr(set.resources.at(0).offset, 2), "{\"");
}

TEST(Issues, StopAtTheLimitsAndKeepWhatWasReadBefore) {
  const std::string deep = std::string(200, '[') + std::string(200, ']');
  const auto nested = read_fhir(R"({"resourceType": "Bundle", "type": "x", "entry": [)" +
                                std::string(good) + R"(, {"a": )" + deep + "}]}");
  ASSERT_TRUE(nested);
  EXPECT_EQ(nested->patients.size(), 1u);
  EXPECT_EQ(nested->issues.back().severity, Severity::fatal);
  EXPECT_EQ(nested->issues.back().code, "too-long");

  ReadOptions few{.max_resources = 1};
  const auto many = read_fhir(bundle_of(R"({"resourceType": "Patient", "id": "p"})"), few);
  ASSERT_TRUE(many);
  EXPECT_EQ(many->patients.size(), 1u);
  EXPECT_TRUE(has_errors(many->issues));

  ReadOptions small{.max_bytes = 10};
  const auto huge = read_fhir(good, small);
  ASSERT_FALSE(huge);
  EXPECT_EQ(huge.error().code, ErrorCode::too_large);
}

TEST(Issues, QuoteLongValuesCutAtACharacter) {
  std::string value;
  for (int i = 0; i < 60; ++i) value += "\u00e4";
  const auto set =
      read_json(R"({"resourceType": "Patient", "id": "p", "birthDate": ")" + value + "\"}");
  ASSERT_EQ(set.issues.size(), 1u);
  EXPECT_EQ(set.issues[0].text, "'" + value.substr(0, 80) + "...' is no FHIR date");
}

TEST(Issues, IgnorePrimitiveExtensionsAndNullsBesideThem) {
  const auto set = read_json(R"({"resourceType": "Patient", "id": "p",
    "_birthDate": {"extension": [{"url": "x"}]},
    "name": [{"given": [null, "Ada"], "_given": [{"id": "1"}, null]}]})");
  EXPECT_EQ(listing(set), "");
  EXPECT_EQ(set.patients.at(0).names.at(0).given.reveal(), std::vector<std::string>{"Ada"});
}

}  // namespace
}  // namespace meridian
