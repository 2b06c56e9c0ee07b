// SPDX-License-Identifier: Apache-2.0
// Epic: codes of its own inside good answers, records that must be opened by a person, pages that
// are forgotten, ids longer than FHIR allows.
#include <set>

#include <gtest/gtest.h>

#include "fhir/exchange/fhir_poll.h"
#include "fhir/exchange/fhir_renderer.h"
#include "fhir/exchange/fhir_sender.h"
#include "fhir/read/reader.h"
#include "unit/fhir_exchange/letters.h"
#include "unit/fhir_vendors/inlet.h"
#include "unit/fhir_vendors/vendor.h"

namespace meridian::fhir {
namespace {

using test::asked;
using test::Asked;
using test::json;
using test::kind;
using test::outcome;
using test::page;
using test::Reply;
using test::Seen;

/// Source of the codes: adapters/dialects/epic.json.
class Epic : public test::Vendor {
 public:
  Epic() : Vendor("epic") {
    admit_patient();
    instead = [this](const Seen& seen) { return quirk(seen); };
    spoil = [](const Seen& seen, Reply& reply) { say_when_empty(seen, reply); };
  }

  std::map<std::string, Reply> by_type;  ///< in place of a search of the type
  std::set<std::string> closed;          ///< patients behind break-the-glass
  std::string glass = "4130";
  int pages_to_forget = 0;

 private:
  std::optional<Reply> quirk(const Seen& seen) {
    const Asked search = asked(seen);
    if (seen.method == "POST" && search.type == "MedicationStatement") return json(404, "");
    if (seen.method == "POST" && search.type == "Task")
      return json(405, outcome("fatal", "not-supported"));
    if (seen.method != "GET" || !search.id.empty()) return std::nullopt;
    if (search.has("_getpages") && pages_to_forget > 0) {
      --pages_to_forget;
      return json(400, outcome("fatal", "processing", "4113"));
    }
    if (const auto found = by_type.find(search.type); found != by_type.end()) return found->second;
    return refused(search);
  }

  std::optional<Reply> refused(const Asked& search) const {
    if (search.has("_lastUpdated") && search.type != "DocumentReference") {
      return json(400, outcome("fatal", "processing", "4112"));
    }
    if (search.type == "Observation" && !search.has("category") && !search.has("code")) {
      return json(400, outcome("fatal", "required", "59108"));
    }
    const std::set<std::string> per_patient = {"ServiceRequest", "Task", "Communication",
                                               "DocumentReference"};
    if (per_patient.count(search.type) > 0 && !search.has("patient") && !search.has("_id")) {
      return json(400, outcome("fatal", "required", "4111"));
    }
    if (closed.count(search["patient"]) > 0) {
      return json(200, page({outcome("fatal", "forbidden", glass)}));
    }
    return std::nullopt;
  }

  static void say_when_empty(const Seen& seen, Reply& reply) {
    const bool search = seen.method == "GET" && asked(seen).id.empty();
    if (search && reply.body.find(R"("entry")") == std::string::npos) {
      reply.body = page({outcome("warning", "not-found", "4101")});
    }
  }
};

TEST(Epic, WhatItSaysOfAnEmptyResultIsNoFault) {
  Epic epic;
  const auto gathered = epic.gather();
  ASSERT_TRUE(gathered) << gathered.error().what.view();
  EXPECT_EQ(kind(*gathered, "coverage").completeness, Completeness::complete);
  for (const auto& query : gathered->history) {
    EXPECT_EQ(query.completeness, Completeness::complete) << query.kind << " " << query.detail;
  }
}

TEST(Epic, ObservationsAreAskedForByCategory) {
  Epic epic;
  const auto records = read_fhir(epic.gather()->facts.bytes);
  ASSERT_TRUE(records);
  EXPECT_EQ(records->observations.size(), 1U);
  const auto plain = epic.client()->search("Observation", {{"patient", "p1"}});
  EXPECT_EQ(plain.failure->code, ErrorCode::malformed) << "the fake refuses what Epic refuses";
}

TEST(Epic, MoreThatMayBePresentIsPartial) {
  Epic epic;
  epic.by_type["Procedure"] = json(200, page({outcome("warning", "informational", "4119")}));
  const auto gathered = epic.gather();
  EXPECT_EQ(kind(*gathered, "procedures").completeness, Completeness::partial);
  EXPECT_EQ(kind(*gathered, "procedures").detail, "server-says-incomplete");
}

TEST(Epic, MoreThanAHundredPatientsAndWhatIsNotAllowedAreNotComplete) {
  for (const auto& [code, why] :
       {std::pair{"4127", "server-says-incomplete"}, {"4118", "forbidden"}}) {
    Epic epic;
    epic.by_type["Procedure"] = json(200, page({outcome("warning", "processing", code)}));
    const auto gathered = epic.gather();
    EXPECT_EQ(kind(*gathered, "procedures").completeness, Completeness::partial) << code;
    EXPECT_EQ(kind(*gathered, "procedures").detail, why);
  }
}

TEST(Epic, ForgottenPagesAreAskedForAnew) {
  Epic epic;
  for (const char* id : {"c1", "c2", "c3"}) {
    epic.put(R"({"resourceType":"Condition","id":")" + std::string(id) +
             R"(","category":[{"coding":[{"code":"problem-list-item"}]}],)"
             R"("subject":{"reference":"Patient/p1"}})");
  }
  epic.pages_to_forget = 1;
  const auto gathered = epic.gather("p1", "s1", 1);
  EXPECT_EQ(epic.pages_to_forget, 0);
  EXPECT_EQ(kind(*gathered, "conditions").completeness, Completeness::complete);
  EXPECT_EQ(read_fhir(gathered->facts.bytes)->conditions.size(), 4U);
}

TEST(Epic, ARecordBehindTheGlassIsWithheldAndAskedForOnce) {
  for (const char* code : {"4130", "4131", "4134"}) {
    for (const int status : {200, 403, 503}) {
      Epic epic;
      const auto said = outcome("fatal", "forbidden", code);
      epic.by_type["Procedure"] = json(status, status == 200 ? page({said}) : said);
      const auto gathered = epic.gather();
      EXPECT_EQ(kind(*gathered, "procedures").completeness, Completeness::withheld) << code;
      EXPECT_EQ(kind(*gathered, "procedures").detail, "break-the-glass");
      EXPECT_EQ(test::requests(epic, "GET", "/fhir/Procedure"), 1U) << status;
      EXPECT_EQ(kind(*gathered, "conditions").completeness, Completeness::complete);
    }
  }
}

TEST(Epic, AClosedPatientIsForAPersonAndDoesNotStopThePoll) {
  Epic epic;
  epic.admit_patient("p2", "s2");
  epic.admit_patient("p3", "s3");
  epic.closed = {"p2"};
  PollSettings settings;
  settings.source = SourceId("hill");
  settings.base_url = epic.base();
  settings.watches = epic.dialect().origin_watches;
  settings.clock = [] { return test::fixed_now; };
  settings.patients = [] {
    return std::vector<std::string>{"Patient/p1", "Patient/p2", "Patient/p3"};
  };
  const auto client = epic.client();
  test::KeepingInlet inlet;
  const auto polled = FhirPoll(*client, settings).poll_once(inlet);
  ASSERT_FALSE(polled) << "and it is said";
  EXPECT_EQ(polled.error().code, ErrorCode::forbidden);
  EXPECT_EQ(inlet.of("ServiceRequest"), (std::vector<std::string>{"s1", "s3"}));
}

TEST(Epic, ThePatientsOfTheWorkListAreNotPolledMoreOftenThanTheDialectSays) {
  Epic epic;
  PollSettings settings;
  settings.source = SourceId("hill");
  settings.base_url = epic.base();
  settings.watches = {epic.dialect().origin_watches.front()};
  settings.patients_every = epic.dialect().patients_every;
  settings.clock = [&] { return epic.now; };
  settings.patients = [] { return std::vector<std::string>{"Patient/p1"}; };
  const auto client = epic.client();
  FhirPoll poll(*client, settings);
  test::KeepingInlet inlet;
  for (int i = 0; i < 4 * 30; ++i) {  // half an hour, every 15 s
    ASSERT_TRUE(poll.poll_once(inlet));
    epic.now += std::chrono::seconds(15);
  }
  EXPECT_EQ(test::requests(epic, "GET", "/fhir/ServiceRequest?"), 2U);
}

TEST(Epic, TheShareOfADayThatIsUsedUpIsSaidAndNotAskedForAgain) {
  for (const int status : {200, 503}) {
    Epic epic;
    const auto said = outcome("fatal", "throttled", "4135");
    epic.by_type["DiagnosticReport"] = json(status, status == 200 ? page({said}) : said);
    const auto gathered = epic.gather();
    EXPECT_NE(kind(*gathered, "imaging").completeness, Completeness::complete);
    EXPECT_EQ(kind(*gathered, "imaging").detail, "ask-tomorrow");
    EXPECT_EQ(test::requests(epic, "GET", "/fhir/DiagnosticReport"), 1U);
  }
}

TEST(Epic, AMergedPatientIsAnsweredWithARedirectAndNotTaken) {
  Epic epic;
  const auto server = epic.instead;
  epic.instead = [&](const Seen& seen) -> std::optional<Reply> {
    if (asked(seen).type != "Patient") return server(seen);
    Reply reply = json(301, outcome("warning", "processing", "4107"));
    reply.headers.emplace_back("Location", epic.base() + "/Patient/p9");
    return reply;
  };
  const auto gathered = epic.gather();
  ASSERT_TRUE(gathered);
  EXPECT_FALSE(gathered->patient_resolved);
  EXPECT_EQ(gathered->doubt, "merged");
  EXPECT_EQ(test::requests(epic, "GET", "/fhir/Patient/p9"), 0U);
}

TEST(Epic, IdsMayBeLongerThanFhirAllows) {
  const std::string patient = "e" + std::string(107, 'x') + "3";  // 109, as Epic's own example
  const std::string subject = R"("subject":{"reference":"Patient/)" + patient + R"("}})";
  Epic epic;
  const auto server = epic.instead;
  epic.instead = [&](const Seen& seen) -> std::optional<Reply> {
    const Asked search = asked(seen);
    if (search.id == patient)
      return json(200, R"({"resourceType":"Patient","id":")" + patient + "\"}");
    if (search.id == "s" + patient) {
      return json(200, R"({"resourceType":"ServiceRequest","status":"active","id":"s)" + patient +
                           "\"," + subject);
    }
    if (search.type == "Condition") {
      EXPECT_EQ(search["patient"], patient);
      return json(200,
                  page({R"({"resourceType":"Condition","id":"c)" + patient + "\"," + subject}));
    }
    return server(seen);
  };
  const auto gathered = epic.gather(patient, "s" + patient);
  ASSERT_TRUE(gathered) << gathered.error().what.view();
  EXPECT_EQ(gathered->patient_ref, "Patient/" + patient);
  const auto records = read_fhir(gathered->facts.bytes);
  ASSERT_TRUE(records);
  ASSERT_EQ(records->service_requests.size(), 1U);
  EXPECT_EQ(records->service_requests.front().subject.target, "Patient/" + patient);
  EXPECT_EQ(records->conditions.size(), 1U);
}

Rendered status_for(const Epic& epic, const char* name) {
  const auto capabilities = std::make_shared<Capabilities>(epic.dialect().expected);
  const auto letter = test::read_case(test::render_cases() / name)->letter;
  const auto made =
      FhirRenderer(capabilities, {}, {}, epic.dialect().write_back).render(letter, {});
  EXPECT_TRUE(made);
  return *made;
}

TEST(Epic, ItsOwnTaskForTheOrderShowsOurStatusWhereThereIsOne) {
  for (const bool there : {true, false}) {
    Epic epic;
    epic.admit_patient("p-204", "sr-88");
    epic.put(R"({"resourceType":"PractitionerRole","id":"pr-7"})");
    if (there) {
      epic.put(R"({"resourceType":"Task","id":"t5","status":"requested","intent":"order",)"
               R"("description":"Routed","for":{"reference":"Patient/p-204"},)"
               R"("focus":{"reference":"ServiceRequest/sr-88"}})");
    }
    const auto client = epic.client();
    const auto sent = FhirSender(*client, epic.dialect().write_back)
                          .send(status_for(epic, "accepted-and-booked"), false);
    ASSERT_TRUE(sent) << sent.error().what.view() << " " << sent.error().detail;
    EXPECT_EQ(epic.count("Communication"), 1U) << "and people are told in words";
    EXPECT_EQ(epic.count("Task"), there ? 1U : 0U) << "none is made";
    if (!there) continue;
    const auto task = epic.read("Task/t5");
    EXPECT_EQ(task["status"].text(), "in-progress") << "booked";
    EXPECT_EQ(task["description"].text(), "Routed") << "what is its own stays";
  }
}

TEST(Epic, ANoteIsADocumentOfTheRecord) {
  Epic epic;
  epic.admit_patient("p-204", "sr-88");
  const auto client = epic.client();
  const auto sent =
      FhirSender(*client, epic.dialect().write_back).send(status_for(epic, "consult-note"), false);
  ASSERT_TRUE(sent) << sent.error().what.view() << " " << sent.error().detail;
  EXPECT_EQ(epic.count("DocumentReference"), 1U);
  EXPECT_EQ(epic.count("Communication"), 1U);
}

TEST(Epic, AParameterThatIsNotKnownFindsEverythingAndIsNotTakenForOurWriting) {
  Epic epic;
  epic.admit_patient("p-204", "sr-88");
  epic.by_type["DocumentReference"] =
      json(200, page({R"({"resourceType":"DocumentReference","id":"other","status":"current"})",
                      outcome("warning", "not-supported", "4122")}));
  const auto client = epic.client();
  const auto sent =
      FhirSender(*client, epic.dialect().write_back).send(status_for(epic, "consult-note"), false);
  ASSERT_TRUE(sent) << sent.error().what.view();
  EXPECT_EQ(epic.count("DocumentReference"), 1U) << "it was written";
}

TEST(Epic, APostedSearchHasItsQuestionInTheBodyAlone) {
  Epic epic;
  auto settings = epic.settings();
  settings.search_by_post = true;
  const auto client = epic.client(settings);
  const auto pages = client->search("MedicationStatement", {{"patient", "p1"}});
  EXPECT_EQ(pages.why, "not-supported") << "404 for a type is no empty result";
  const auto seen = epic.server().seen().back();
  EXPECT_EQ(seen.target, "/fhir/MedicationStatement/_search");
  EXPECT_EQ(seen.body, "patient=p1");
}

}  // namespace
}  // namespace meridian::fhir
