// SPDX-License-Identifier: Apache-2.0
// What consents as hospitals write them let through, and to whom.
#include <gtest/gtest.h>

#include "fhir/read/reader.h"
#include "packet/released.h"

namespace meridian::packet {
namespace {

constexpr const char* clinic = R"("reference": {"reference": "Organization/88"})";
constexpr const char* clinic_by_number =
    R"("reference": {"identifier": {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1093817465"}})";

std::string role(const char* code) {
  return R"("role": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": ")" +
         std::string(code) + "\"}]}";
}
std::string actor(const char* code, const std::string& who) {
  return R"("actor": [{)" + role(code) + ", " + who + "}]";
}
const std::string label = R"("securityLabel": [{"code": "42CFRPart2"}])";
const std::string permit = R"("type": "permit", )" + label;

/// A consent with that provision, and what else it says.
std::string consent(const std::string& provision, const std::string& beside = {}) {
  return R"({"resource": {"resourceType": "Consent", "id": "c", "status": "active",
    "scope": {"coding": [{"code": "patient-privacy"}]}, "patient": {"reference": "Patient/1"},
    "dateTime": "2026-03-02", )" +
         beside + R"("provision": {)" + provision + "}}}";
}

const Parties both = {{"urn:sites|tamarack"},
                      {"Organization/88", "http://hl7.org/fhir/sid/us-npi|1093817465"}};

/// What is said with Condition/1; "held" where it stays.
std::string fate(const std::string& consents, const Parties& parties = both,
                 const std::string& ref = "Condition/1") {
  const auto records =
      read_fhir(R"({"resourceType": "Bundle", "type": "collection", "entry": [)" + consents + "]}");
  if (!records) return "unreadable";
  const ReleasedLabel part2{"42CFRPart2", {}, "Protected."};
  const Consents asked(*records, {"Patient/1"}, parties, *parse_instant("2026-11-20T10:00:00Z"));
  return asked.release(part2, ref).value_or("held");
}

constexpr const char* sent =
    "Protected. The patient consented on 2026-03-02 that records labelled 42CFRPart2 are sent";

TEST(Consents, AnyReceiverWhereNoneIsNamed) {
  EXPECT_EQ(fate(consent(permit)), std::string(sent) + ".");
  EXPECT_EQ(fate(consent(permit), Parties{}), std::string(sent) + ".");
}

TEST(Consents, ANamedRecipientByReferenceIdentifierOrOrganisationInside) {
  const auto named = std::string(sent) + " to this receiver.";
  EXPECT_EQ(fate(consent(permit + ", " + actor("IRCP", clinic))), named);
  EXPECT_EQ(fate(consent(permit + ", " + actor("PRCP", clinic_by_number))), named);
  const std::string inside =
      R"("contained": [{"resourceType": "Organization", "id": "o", "identifier":
        [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1093817465"}]}], )";
  const std::string to_inside = R"("reference": {"reference": "#o"})";
  EXPECT_EQ(fate(consent(permit + ", " + actor("IRCP", to_inside), inside)), named);
  const std::string two = R"("actor": [{)" + role("IRCP") +
                          R"(, "reference": {"reference": "Organization/9"}}, {)" + role("IRCP") +
                          ", " + clinic + "}]";
  EXPECT_EQ(fate(consent(permit + ", " + two)), named) << "one of several";
}

TEST(Consents, WhoIsNotAmongTheRecipientsGetsNothing) {
  const auto held = [](const std::string& actors) {
    return fate(consent(permit + ", " + actors)) == "held";
  };
  EXPECT_TRUE(held(actor("IRCP", R"("reference": {"reference": "Organization/9"})")));
  EXPECT_TRUE(held(actor("IRCP", R"("reference": {"display": "Quiet River"})")));
  EXPECT_TRUE(held(
      actor("IRCP", R"("reference": {"reference": "https://other.example/fhir/Organization/88"})")))
      << "88 of another server";
  EXPECT_TRUE(held(actor("IRCP", R"("reference": {"identifier": {"value": "1093817465"}})")))
      << "a number of nobody knows what";
  EXPECT_TRUE(held(actor("GUARD", clinic))) << "a role that is not read";
  EXPECT_TRUE(held(R"("actor": [{)" + std::string(clinic) + "}]")) << "no role";
  EXPECT_TRUE(held(R"("actor": [{)" + role("IRCP") + ", " + clinic +
                   R"(, "modifierExtension": [{"url": "urn:not", "valueBoolean": true}]}])"));
  EXPECT_TRUE(held(R"("actor": "Organization/88")")) << "what cannot be read is no absence";
  EXPECT_TRUE(held(R"("actor": [null])"));
  EXPECT_EQ(fate(consent(permit + ", " + actor("IRCP", clinic)), Parties{}), "held")
      << "a clinic whose names nobody configured";
}

TEST(Consents, AReferenceMeansTheClinicOnTheServerItIsWrittenForAlone) {
  const std::vector<std::string> written = {"tamarack/Organization/88", "alder/Organization/5",
                                            "http://hl7.org/fhir/sid/us-npi|1093817465"};
  EXPECT_EQ(names_in_consents(written, "tamarack"),
            (std::vector<std::string>{"Organization/88", written[2]}));
  EXPECT_EQ(names_in_consents(written, "alder"),
            (std::vector<std::string>{"Organization/5", written[2]}));
  EXPECT_EQ(names_in_consents(written, "alde"), (std::vector<std::string>{written[2]}));
}

TEST(Consents, WhoDisclosesMustBeTheSenderWhereItIsNamed) {
  const auto custodian = [](const char* value) {
    return actor("CST",
                 std::string(R"("reference": {"identifier": {"system": "urn:sites", "value": ")") +
                     value + "\"}}");
  };
  EXPECT_EQ(fate(consent(permit + ", " + custodian("tamarack"))), std::string(sent) + ".");
  EXPECT_EQ(fate(consent(permit + ", " + custodian("elsewhere"))), "held");
}

// The shape of many registries: no to all, and yes to some by an exception.
TEST(Consents, AnExceptionFromARefusalPermitsWhatItNames) {
  const std::string other = R"("reference": {"reference": "Organization/9"})";
  const auto refusal = [](const std::string& nested) {
    return consent(R"("type": "deny", "provision": [)" + nested + "]");
  };
  const auto to = [](const std::string& who) {
    return "{" + permit + ", " + actor("PRCP", who) +
           R"(, "purpose": [{"code": "TREAT"}], "period": {"end": "2026-12-31"}})";
  };
  EXPECT_EQ(fate(refusal(to(clinic))),
            std::string(sent) + " to this receiver for treatment, until 2026-12-31.");
  EXPECT_EQ(fate(refusal(to(other) + ", " + to(clinic))),
            std::string(sent) + " to this receiver for treatment, until 2026-12-31.");
  EXPECT_EQ(fate(refusal(to(other))), "held");
  EXPECT_EQ(fate(refusal(to(clinic) + R"(, {"type": "deny", "class": [{"code": "x"}]})")), "held");
  EXPECT_EQ(fate(consent(R"("provision": [)" + to(clinic) + "]",
                         R"("policyRule": {"coding": [{"code": "OPTOUT"}]}, )")),
            std::string(sent) + " to this receiver for treatment, until 2026-12-31.");
  EXPECT_EQ(fate(consent(R"("provision": [)" + to(other) + "]",
                         R"("policyRule": {"coding": [{"code": "OPTOUT"}]}, )") +
                 ", " + consent(permit)),
            "held");
}

TEST(Consents, AnExceptionFromAPermissionTakesBackOrNarrows) {
  const auto excepting = [](const std::string& nested) {
    return fate(
        consent(permit + R"(, "period": {"end": "2027-01-31"}, "provision": [{)" + nested + "}]"));
  };
  EXPECT_EQ(excepting(R"("type": "deny", )" + label), "held");
  EXPECT_EQ(excepting(R"("type": "deny", )" + actor("IRCP", clinic)), "held");
  EXPECT_EQ(excepting(R"("type": "deny", )" + actor("IRCP", R"("reference": {"display": "X"})")),
            "held")
      << "it may be this one";
  EXPECT_EQ(excepting(R"("type": "deny", "dataPeriod": {"end": "2020"})"), "held");
  EXPECT_EQ(excepting(R"("type": "deny", "purpose": [{"code": "HRESCH"}])"),
            std::string(sent) + ", until 2027-01-31.");
  EXPECT_EQ(excepting(R"("type": "deny", "period": {"end": "2026-11-19"})"),
            std::string(sent) + ", until 2027-01-31.");
  EXPECT_EQ(excepting(R"("type": "deny", "securityLabel": [{"code": "HIV"}])"),
            std::string(sent) + ", until 2027-01-31.");
  EXPECT_EQ(excepting(R"("type": "permit", )" + actor("IRCP", clinic)),
            std::string(sent) + " to this receiver, until 2027-01-31.");
  EXPECT_EQ(excepting(R"("type": "permit", )" + actor("IRCP", R"("reference": {"display": "X"})")),
            "held");
  EXPECT_EQ(excepting(R"("purpose": [{"code": "TREAT"}])"), "held") << "neither permits nor denies";
}

TEST(Consents, AreReadByActionTypeAndRecord) {
  const auto with = [](const std::string& limit, const std::string& ref = "Condition/1") {
    return fate(consent(permit + ", " + limit), both, ref) != "held";
  };
  EXPECT_TRUE(
      with(R"("action": [{"coding": [{"code": "use"}]}, {"coding": [{"code": "disclose"}]}])"));
  EXPECT_FALSE(with(R"("action": [{"coding": [{"code": "collect"}]}])"));
  const std::string types =
      R"("class": [{"system": "http://hl7.org/fhir/resource-types", "code": "Condition"}])";
  EXPECT_TRUE(with(types));
  EXPECT_FALSE(with(types, "Observation/1"));
  EXPECT_FALSE(
      with(R"("class": [{"system": "urn:ietf:bcp:13", "code": "application/hl7-cda+xml"}])"));
  const std::string one =
      R"("data": [{"meaning": "instance", "reference": {"reference": "Condition/1"}}])";
  EXPECT_TRUE(with(one));
  EXPECT_FALSE(with(one, "Condition/2"));
  EXPECT_FALSE(
      with(R"("data": [{"meaning": "dependents", "reference": {"reference": "Condition/1"}}])"));
  EXPECT_FALSE(with(R"("code": [{"text": "x"}])"));
  EXPECT_FALSE(with(R"("dataPeriod": {"start": "2020"})"));
  EXPECT_FALSE(with(R"("period": {"end": "soon"})")) << "an end that nobody can read";
  EXPECT_FALSE(with(R"("modifierExtension": [{"url": "urn:not", "valueBoolean": true}])"));
}

}  // namespace
}  // namespace meridian::packet
