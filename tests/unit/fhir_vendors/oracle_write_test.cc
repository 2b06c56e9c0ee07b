// SPDX-License-Identifier: Apache-2.0
// Oracle Health Millennium, what is written back: documents and messages as its rules want them,
// and found again although it keeps no identifier of ours.
#include <gtest/gtest.h>

#include "base/base64.h"
#include "fhir/exchange/fhir_renderer.h"
#include "fhir/exchange/fhir_sender.h"
#include "unit/fhir_exchange/letters.h"
#include "unit/fhir_vendors/oracle.h"

namespace meridian::fhir {
namespace {

using test::json;
using test::Oracle;
using test::outcome;
using test::Reply;
using test::Seen;

class OracleWrite : public ::testing::Test {
 protected:
  OracleWrite() : rules_(oracle_.dialect().write_back), client_(oracle_.client()) {
    rules_.signer = "Practitioner/d9";
    oracle_.admit_patient("p-204", "sr-88");
    oracle_.put(R"({"resourceType":"Practitioner","id":"d9"})");
    oracle_.put(R"({"resourceType":"Practitioner","id":"d3"})");
  }

  Letter letter(const char* name) const {
    auto letter = test::read_case(test::render_cases() / name)->letter;
    letter.source_requester = "Practitioner/d3";
    return letter;
  }
  Rendered note() const { return rendered(letter("consult-note")); }
  Rendered rendered(const Letter& letter) const {
    const auto capabilities = std::make_shared<Capabilities>(oracle_.dialect().expected);
    const auto made = FhirRenderer(capabilities, {}, {}, rules_).render(letter, {});
    EXPECT_TRUE(made) << made.error().what.view();
    return made ? *made : Rendered{};
  }
  Result<Receipt> send(const Rendered& letter, bool repeat = false) {
    return FhirSender(*client_, rules_).send(letter, repeat);
  }
  sandbox::Json only(const std::string& type) {
    EXPECT_EQ(oracle_.count(type), 1U) << type;
    return oracle_.read(type + "/" + oracle_.ids(type));
  }

  Oracle oracle_;
  WriteBack rules_;
  std::unique_ptr<FhirClient> client_;
};

TEST_F(OracleWrite, EachContentOfANoteIsADocumentOfItsOwn) {
  const auto sent = send(note());
  ASSERT_TRUE(sent) << sent.error().what.view() << " " << sent.error().detail;
  EXPECT_TRUE(sent->reference.starts_with("DocumentReference/")) << "the id is in Location alone";
  EXPECT_EQ(oracle_.count("DocumentReference"), 3U) << "text, PDF, and what could not be read";
  EXPECT_EQ(oracle_.count("Communication"), 1U);
}

TEST_F(OracleWrite, WhatItDoesNotTakeIsNamedInTheMessage) {
  auto picture = letter("consult-note");
  const std::string pdf = R"("contentType":"application/pdf","url":"Binary/52")";
  picture.raw.replace(picture.raw.find(pdf), pdf.size(),
                      R"("contentType":"image/jpeg","url":"Binary/52")");
  ASSERT_TRUE(send(rendered(picture)));
  EXPECT_EQ(oracle_.count("DocumentReference"), 2U);
  const auto message = only("Communication");
  const auto words = decode_base64(message["payload"][0]["contentAttachment"]["data"].text());
  ASSERT_TRUE(words);
  EXPECT_NE(words->find("Course report"), std::string::npos) << *words;
  EXPECT_EQ(message["sender"]["reference"].text(), "Practitioner/d9");
  EXPECT_EQ(message["recipient"][0]["reference"].text(), "Practitioner/d3");
}

TEST_F(OracleWrite, ADocumentWhoseAnswerWasLostIsFoundByItsTitle) {
  oracle_.lose_answers = 1;
  const auto lost = send(note());
  ASSERT_FALSE(lost);
  EXPECT_EQ(error_row(lost.error().code).retry, RetryClass::ambiguous);
  const auto again = send(note(), true);
  EXPECT_EQ(oracle_.count("DocumentReference"), 3U) << "nothing twice";
  // Messages cannot be searched there: one that may have arrived is for a person, never sent again
  // unseen; this one has never been sent, and that cannot be known.
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::unsupported);
}

TEST_F(OracleWrite, XhtmlThatWasCleanedIsStillFound) {
  auto cleaned = letter("consult-note");
  const std::string plain = "text/plain; charset=utf-8";
  cleaned.raw.replace(cleaned.raw.find(plain), plain.size(), "application/xhtml+xml");
  const auto sent = rendered(cleaned);
  ASSERT_TRUE(send(sent));
  ASSERT_TRUE(send(sent));
  EXPECT_EQ(oracle_.count("DocumentReference"), 3U);
}

TEST_F(OracleWrite, AnAlertIsAsUrgentAsItKnows) {
  Letter alert;
  alert.kind = Letter::Kind::alert;
  alert.referral_id = "01JNQX5K7V9W2M4R8T6Y0ZBCDE";
  alert.source_order = "ServiceRequest/sr-88";
  alert.source_patient = "Patient/p-204";
  alert.source_requester = "Practitioner/d3";
  alert.reason = "Red flag reported by the clinic.";
  alert.at = test::fixed_now;
  const auto sent = send(rendered(alert));
  ASSERT_TRUE(sent) << sent.error().what.view();
  EXPECT_EQ(only("Communication")["priority"].text(), "urgent");
}

TEST_F(OracleWrite, WithoutAPersonWhoSignsThereIsNoMessageAndTheNoteGoesAllTheSame) {
  rules_.signer.clear();
  ASSERT_TRUE(send(note()));
  EXPECT_EQ(oracle_.count("DocumentReference"), 3U);
  EXPECT_EQ(oracle_.count("Communication"), 0U);
}

TEST_F(OracleWrite, ARefusalIsNotRepeated) {
  const auto server = oracle_.instead;
  oracle_.instead = [&](const Seen& seen) -> std::optional<Reply> {
    if (seen.method == "POST") return json(422, outcome("error", "business-rule"));
    return server(seen);
  };
  const auto sent = send(note());
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::invalid);
  EXPECT_EQ(error_row(sent.error().code).retry, RetryClass::permanent);
  EXPECT_EQ(test::requests(oracle_, "POST", "/fhir/"), 1U);
}

TEST_F(OracleWrite, WhatItRefusesIsWhatItsRulesSay) {
  // Without the rules of the dialect the same note is refused: the fake is as strict as the vendor.
  rules_ = {};
  const auto sent = send(note());
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::invalid);
}

TEST_F(OracleWrite, AStaleVersionIsA409AndToldAsStale) {
  oracle_.put(R"({"resourceType":"DocumentReference","id":"d1","status":"current"})");
  const auto put = client_->update("DocumentReference/d1",
                                   R"({"resourceType":"DocumentReference","id":"d1",)"
                                   R"("status":"current","docStatus":"final","content":[)"
                                   R"({"attachment":{"contentType":"text/plain","data":"QQ=="}}],)"
                                   R"("context":{"period":{"end":"2026-01-01T00:00:00Z"}}})",
                                   "W/\"77\"");
  ASSERT_TRUE(put && put->failure);
  EXPECT_EQ(put->status, 409);
  EXPECT_EQ(put->failure->code, ErrorCode::stale);
}

TEST_F(OracleWrite, ModifierExtensionsGet422) {
  const auto made = client_->create(
      "Communication", R"({"resourceType":"Communication","status":"completed",)"
                       R"("modifierExtension":[{"url":"urn:x","valueBoolean":true}]})");
  ASSERT_TRUE(made && made->failure);
  EXPECT_EQ(made->status, 422);
  EXPECT_EQ(made->failure->code, ErrorCode::invalid);
}

}  // namespace
}  // namespace meridian::fhir
