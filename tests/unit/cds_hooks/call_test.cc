// SPDX-License-Identifier: Apache-2.0
// What an EHR posts, read; and the cards as the standard has them.
#include "cds_hooks/call.h"

#include <gtest/gtest.h>

#include "cds_hooks/cards.h"
#include "unit/cds_hooks/hospital.h"

namespace meridian::cds_hooks {
namespace {

using test::at;

const std::string begin = R"({"hook":"order-sign","hookInstance":"h1",)";

std::string error_of(const std::string& body) {
  const auto call = read_call(body);
  return call ? "" : std::string(call.error().what.view());
}

TEST(Calls, AreReadWithWhatTheClientCouldPrefetch) {
  const auto call = read_call(
      begin + R"("fhirServer":"https://ehr.example/fhir/","fhirAuthorization":{"access_token":"t0"},
      "context":{"patientId":"17","draftOrders":{"resourceType":"Bundle","entry":[
        {"resource":{"resourceType":"ServiceRequest","id":"s1"}},
        {"resource":{"resourceType":"ServiceRequest","status":"draft"}}]}},
      "prefetch":{"conditions":{"resourceType":"Bundle","total":0},"procedures":null,
        "imaging":{"resourceType":"OperationOutcome"},"patient":{"resourceType":"Patient","id":"17"}}})");
  ASSERT_TRUE(call) << call.error().what.view();
  EXPECT_EQ(call->patient, "Patient/17");
  EXPECT_EQ(call->token.reveal(), "t0");
  EXPECT_TRUE(same_server(call->fhir_server, "https://ehr.example/fhir"));
  EXPECT_FALSE(same_server(call->fhir_server, "https://ehr.example/fhir2"));
  ASSERT_EQ(call->prefetch.size(), 2U);
  EXPECT_EQ(call->prefetch[0].name, "conditions");
  EXPECT_EQ(at(call->orders, "/entry/0/resource/id"), "s1");
  EXPECT_EQ(at(call->orders, "/entry/1/resource/id"), "draft-2") << "told apart by an id";
}

TEST(Calls, OfADispatchNameOrdersInEitherForm) {
  const auto older = read_call(R"({"hook":"order-dispatch","hookInstance":"h","context":
      {"patientId":"Patient/17","order":"ServiceRequest/5","performer":"Organization/1"}})");
  ASSERT_TRUE(older);
  EXPECT_EQ(older->patient, "Patient/17");
  EXPECT_EQ(older->dispatched, std::vector<std::string>{"ServiceRequest/5"});
  const auto newer = read_call(R"({"hook":"order-dispatch","hookInstance":"h","context":
      {"patientId":"17","dispatchedOrders":["ServiceRequest/5","MedicationRequest/6",7,
       "ServiceRequest/../x"]}})");
  ASSERT_TRUE(newer);
  EXPECT_EQ(newer->dispatched, std::vector<std::string>{"ServiceRequest/5"});
}

TEST(Calls, ThatAreNoneSayWhatIsMissing) {
  EXPECT_EQ(error_of(""), "the body is no JSON object");
  EXPECT_EQ(error_of("[]"), "the body is no JSON object");
  EXPECT_EQ(error_of(begin + R"("context":{"patientId":"1"}} x)"), "the body is no JSON object");
  EXPECT_EQ(error_of(R"({"hookInstance":"h"})"), "hook is missing");
  EXPECT_EQ(error_of(R"({"hook":"order-sign"})"), "hookInstance is missing");
  EXPECT_EQ(error_of(begin + R"("context":7})"), "context.patientId is missing, or no id");
  for (const auto* id : {"", "../1", "Practitioner/1", "a b", "Patient/"}) {
    EXPECT_EQ(error_of(begin + R"("context":{"patientId":")" + id + R"("}})"),
              "context.patientId is missing, or no id")
        << id;
  }
  EXPECT_EQ(error_of(begin + R"("context":{"patientId":"1"}})"), "context.draftOrders is missing");
}

TEST(Calls, ThatGoTooDeepAreNotFollowed) {
  const std::string deep(100'000, '[');
  EXPECT_EQ(error_of(begin + R"("prefetch":)" + deep), "the body is no JSON object");
  EXPECT_EQ(error_of(begin + R"("x":)" + std::string(70, '[') + std::string(70, ']') + "}"),
            "the body is no JSON object");
}

TEST(Feedback, IsReadEntryByEntry) {
  const auto said = read_feedback(R"({"feedback":[
      {"card":"c1","outcome":"accepted","acceptedSuggestions":[{"id":"c1"}]},
      {"card":"c2","outcome":"overridden","overrideReason":{"reason":{"code":"examined"},
        "userComment":"Mr. Alder said so"}},
      {"card":"c3","outcome":"ignored"},{"outcome":"accepted"},7]})");
  ASSERT_TRUE(said);
  ASSERT_EQ(said->size(), 2U);
  EXPECT_TRUE(said->front().accepted);
  EXPECT_EQ(said->back().reason, "examined");
  EXPECT_FALSE(read_feedback(R"({"feedback":{}})"));
}

TEST(Cards, AreAsTheStandardHasThem) {
  Advice mild;
  mild.topic = Advice::Topic::receiver;
  mild.summary = "a clinic";
  Advice grave;
  grave.topic = Advice::Topic::repeat;
  grave.level = Advice::Level::warning;
  grave.removes = "ServiceRequest/d1";
  grave.link = "https://meridian.example/forms/x";
  grave.link_label = "Answer";
  const auto question = new_question_id();
  const auto json =
      cards_json({mild, grave}, question, "Tamarack Ridge", {{"http://x", "examined", "I looked"}});
  EXPECT_EQ(at(json, "/cards/0/indicator"), "warning") << "the gravest first";
  EXPECT_EQ(at(json, "/cards/0/source/label"), "Meridian, Tamarack Ridge");
  EXPECT_EQ(at(json, "/cards/0/overrideReasons/0/display"), "I looked");
  EXPECT_EQ(at(json, "/cards/0/links/0/type"), "absolute");
  EXPECT_EQ(at(json, "/cards/0/selectionBehavior"), "any");
  EXPECT_EQ(at(json, "/cards/0/suggestions/0/actions/0/type"), "delete");
  EXPECT_EQ(at(json, "/cards/0/suggestions/0/actions/0/resourceId/0"), "ServiceRequest/d1");
  EXPECT_EQ(at(json, "/cards/1/indicator"), "info");
  EXPECT_EQ(at(json, "/cards/1/overrideReasons"), "") << "nothing to override";
  EXPECT_EQ(at(json, "/cards/1/suggestions"), "");
  EXPECT_EQ(cards_json({}, question, "", {}), R"({"cards":[]})");
}

TEST(Cards, HaveNamesThatSayTheirQuestionAndTopic) {
  const auto question = new_question_id();
  EXPECT_NE(question, new_question_id());
  const auto uuid = card_uuid(question, Advice::Topic::coverage, 3);
  EXPECT_EQ(uuid.size(), 36U);
  EXPECT_NE(uuid, question);
  const auto named = card_named(uuid);
  ASSERT_TRUE(named);
  EXPECT_EQ(named->question, question);
  EXPECT_EQ(named->topic, Advice::Topic::coverage);
  for (const auto& none : {question, std::string("x"), std::string(36, 'a'), uuid + "0",
                           "<script>" + uuid.substr(8)}) {
    EXPECT_FALSE(card_named(none)) << none;
  }
}

}  // namespace
}  // namespace meridian::cds_hooks
