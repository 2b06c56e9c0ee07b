// SPDX-License-Identifier: Apache-2.0
// What a message is for, and what kind of system this is: MSH-11 and the label HTEST.
#include "host/meant_for.h"

#include <gtest/gtest.h>

#include "fhir/exchange/test_label.h"
#include "hl7v2/mllp/ack.h"
#include "hl7v2/mllp/source.h"
#include "http/response.h"
#include "web/html.h"
#include "web/operations_look.h"

namespace meridian::host {
namespace {

std::string v2(const std::string& msh11) {
  return "MSH|^~\\&|EPIC|NORTH|||20261120||ADT^A01|M1|" + msh11 + "|2.5.1\rPID|1\r";
}

Envelope envelope(std::string bytes, std::string media_type = "x-application/hl7-v2+er7") {
  return {SourceId("north"), "1", std::move(media_type), std::move(bytes), {}};
}

bool taken(std::string_view system, const Envelope& given) {
  return !not_meant_for(system, given);
}

TEST(MeantFor, EachSystemTakesItsOwnProcessingIdAndNoOther) {
  const std::pair<const char*, const char*> own[] = {
      {"production", "P"}, {"training", "T"}, {"debugging", "D"}};
  for (const auto& [system, ours] : own) {
    for (const std::string id : {"P", "T", "D", "X"}) {
      EXPECT_EQ(taken(system, envelope(v2(id))), id == ours) << system << " " << id;
    }
    EXPECT_TRUE(taken(system, envelope(v2(std::string(ours) + "^A")))) << "with a processing mode";
    EXPECT_TRUE(taken(system, envelope(v2("")))) << "it does not say";
  }
}

TEST(MeantFor, OneStrangerInABatchIsEnough) {
  const auto batch = "BHS|^~\\&\r" + v2("P") + v2("T") + "BTS|2\r";
  EXPECT_FALSE(taken("production", envelope(batch)));
  EXPECT_TRUE(taken("production", envelope("BHS|^~\\&\r" + v2("P") + v2("P") + "BTS|2\r")));
}

TEST(MeantFor, OtherDelimitersAreReadAsTheMessageHasThem) {
  EXPECT_FALSE(taken("production", envelope("MSH#$*@!#A#B###1##ADT$A01#M1#T#2.5.1\r")));
}

TEST(MeantFor, ARecordLabelledAsATestIsNotTakenInProduction) {
  const std::string label =
      R"("meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HTEST"}]})";
  const auto bundle =
      R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient"}},)"
      R"({"resource":{"resourceType":"ServiceRequest",)" +
      label + "}}]}";
  const auto fhir = [](const std::string& bytes) {
    return envelope(bytes, "application/fhir+json");
  };
  EXPECT_FALSE(taken("production", fhir(bundle)));
  EXPECT_TRUE(taken("training", fhir(bundle)));
  EXPECT_TRUE(taken("production", fhir(R"({"resourceType":"Patient","id":"HTEST"})")));
  EXPECT_TRUE(taken("training", fhir(R"({"resourceType":"Patient"})"))) << "it does not say";
}

/// What is behind the gate counts.
class Behind : public Inlet {
 public:
  Result<std::string> submit(Envelope) override {
    ++taken;
    return std::string("{}");
  }
  Result<std::string> cursor(const SourceId&, std::string_view) override { return std::string(); }
  Result<void> set_cursor(const SourceId&, std::string_view, std::string_view) override {
    return {};
  }
  int taken = 0;
};

TEST(MeantInlet, WhatIsRefusedGoesNoFurtherAndItsSenderReadsWhy) {
  Behind behind;
  MeantInlet inlet(behind, "production");
  const auto answer = inlet.submit(envelope(v2("T")));
  ASSERT_TRUE(answer);
  EXPECT_EQ(behind.taken, 0);
  const auto verdict = hl7v2::verdict_of_outcome(*answer);
  const auto ack = hl7v2::acknowledge(v2("T"), verdict, {}, "A1");
  EXPECT_NE(ack.find("MSA|AR|M1"), std::string::npos) << ack;
  EXPECT_NE(ack.find("202^Unsupported processing id"), std::string::npos) << ack;
  EXPECT_NE(ack.find("MSH^1^11"), std::string::npos) << ack;
  EXPECT_TRUE(inlet.submit(envelope(v2("P"))));
  EXPECT_EQ(behind.taken, 1);
}

TEST(TestLabel, StandsOnEachResourceOnceAndNothingElseChanges) {
  const std::string label =
      R"({"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HTEST","display":"test health data"})";
  const auto bundle =
      R"({"resourceType":"Bundle","type":"transaction","entry":[)"
      R"({"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","x":1.50}},)"
      R"({"resource":{"resourceType":"Task","meta":{}}},)"
      R"({"resource":{"resourceType":"Condition","meta":{"security":[{"code":"R"}]}}}]})";
  const auto marked = fhir::labelled_test(bundle);
  EXPECT_EQ(marked, R"({"resourceType":"Bundle","type":"transaction","entry":[)"
                    R"({"fullUrl":"urn:uuid:1","resource":{"meta":{"security":[)" +
                        label +
                        R"(]},"resourceType":"Patient","x":1.50}},)"
                        R"({"resource":{"resourceType":"Task","meta":{"security":[)" +
                        label +
                        R"(]}}},)"
                        R"({"resource":{"resourceType":"Condition","meta":{"security":[)" +
                        label + R"(,{"code":"R"}]}}}]})");
  EXPECT_EQ(fhir::labelled_test(marked), marked);
  EXPECT_TRUE(fhir::is_labelled_test(marked));
  EXPECT_EQ(fhir::labelled_test("no JSON"), "no JSON");
}

TEST(Banner, StandsFirstOnPagesAndInNothingElse) {
  auto page = web::page(200, "Referrals", "<p>one</p>");
  const auto told = web::told_in_spanish({});
  web::show_banner(page, test_banner, told);
  const auto first = page.body.find("<body>") + 6;
  EXPECT_EQ(page.body.substr(first, 2), "<p") << page.body;
  EXPECT_LT(page.body.find("TEST SYSTEM"), page.body.find("Referrals</h1>")) << page.body;
  auto json = http::make_response(200, "application/json", "{\"a\":\"<body>\"}");
  const auto before = json.body;
  web::show_banner(json, test_banner, told);
  auto spanish = web::page(200, "Derivaciones", "", "es");
  web::show_banner(spanish, test_banner, told);
  EXPECT_NE(spanish.body.find("<strong>SISTEMA DE PRUEBAS."), std::string::npos) << spanish.body;
  EXPECT_EQ(json.body, before);
}

}  // namespace
}  // namespace meridian::host
