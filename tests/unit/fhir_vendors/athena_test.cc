// SPDX-License-Identifier: Apache-2.0
// athenahealth: every search names the practice; ids have dots and dashes; FHIR is read-only, and
// documents are written by its v1 API, as PDF.
#include <gtest/gtest.h>

#include "base/base64.h"
#include "fhir/exchange/fhir_renderer.h"
#include "fhir/exchange/fhir_sender.h"
#include "fhir/read/reader.h"
#include "packet/pdf.h"
#include "unit/fhir_exchange/letters.h"
#include "unit/fhir_vendors/vendor.h"

namespace meridian::fhir {
namespace {

using test::asked;
using test::json;
using test::kind;
using test::outcome;
using test::Reply;
using test::Seen;

constexpr const char* practice = "Organization/a-1.Practice-195900";

class Athena : public test::Vendor {
 public:
  Athena() : Vendor("athena") {
    instead = [](const Seen& seen) -> std::optional<Reply> {
      const auto search = asked(seen);
      const bool searches = seen.method == "GET" && search.id.empty();
      if (searches && search["ah-practice"] != practice) {
        return json(403, outcome("error", "forbidden"));
      }
      return std::nullopt;
    };
  }
};

TEST(Athena, EverySearchNamesThePractice) {
  Athena athena;
  athena.admit_patient("a-432.E-528595", "a-432.O-7");
  auto settings = athena.settings();
  EXPECT_EQ(settings.habits.every_search, (SearchParams{{"ah-practice", "{practice}"}}));
  settings.habits.every_search = {{"ah-practice", practice}};
  const auto client = athena.client(settings);
  GathererSettings gather;
  gather.base_url = athena.base();
  gather.dialect = athena.dialect();
  GatherRequest request;
  request.patient_ref = "Patient/a-432.E-528595";
  request.order_ref = "ServiceRequest/a-432.O-7";
  const auto gathered = FhirGatherer(*client, gather).gather(request);
  ASSERT_TRUE(gathered);
  for (const auto& query : gathered->history) {
    EXPECT_EQ(query.completeness, Completeness::complete) << query.kind << " " << query.detail;
  }
  EXPECT_EQ(read_fhir(gathered->facts.bytes)->conditions.size(), 1U);
}

/// Documents are written by a form of its v1 API: one patient's, in one department.
class AthenaDocuments : public Athena {
 public:
  static constexpr const char* path = "/v1/195900/patients/528595/documents/clinicaldocument";

  AthenaDocuments() {
    instead = [this](const Seen& seen) -> std::optional<Reply> {
      if (!seen.target.starts_with("/v1/")) return std::nullopt;
      const auto mark = seen.target.find('?');
      if (seen.target.substr(0, mark) != path) return json(404, R"({"error":"Invalid patient."})");
      if (seen.method == "GET") return list(asked(seen));
      return keep(seen);
    };
    rules.practice = practice;
    rules.department = "21";
  }

  WriteBack rules = dialect().write_back;
  std::vector<std::map<std::string, std::string>> kept;
  bool loses_answers = false;
  bool fails = false;

  Result<Rendered> render(const Letter& letter, PagePrinter print = packet::pdf_of) {
    const auto capabilities = std::make_shared<Capabilities>(dialect().expected);
    return FhirRenderer(capabilities, std::move(print), {}, rules).render(letter, {});
  }

  static Letter note() {
    auto letter = test::read_case(test::render_cases() / "consult-note")->letter;
    letter.source_patient = "Patient/a-432.E-528595";
    return letter;
  }

 private:
  /// Two a page, the way it tells of the next.
  Reply list(const test::Asked& search) {
    if (search["departmentid"] != rules.department) return json(400, R"({"error":"departmentid"})");
    const auto from = search.has("offset") ? std::stoul(search["offset"]) : 0;
    std::string body = R"({"clinicaldocuments":[)";
    for (std::size_t i = from; i < std::min(from + 2, kept.size()); ++i) {
      body += (i > from ? "," : "") + std::string(R"({"clinicaldocumentid":)") +
              std::to_string(9000 + i) + R"(,"internalnote":")" + kept[i]["internalnote"] + R"("})";
    }
    body += "]";
    if (from + 2 < kept.size()) {
      body += R"(,"next":")" + std::string(path) +
              "?departmentid=21&offset=" + std::to_string(from + 2) + "\"";
    }
    return json(200, body + "}");
  }

  Reply keep(const Seen& seen) {
    std::map<std::string, std::string> fields;
    for (const auto& [name, value] : asked({"POST", "/v1?" + seen.body, {}, {}}).params) {
      fields[name] = value;
    }
    EXPECT_EQ(seen.headers.at("content-type"), "application/x-www-form-urlencoded");
    const auto bytes = decode_base64(fields["attachmentcontents"]);
    const bool pdf = bytes && bytes->starts_with("%PDF") && fields["attachmenttype"] == "PDF";
    if (!pdf || fields["departmentid"] != "21" || fails) {
      return json(200, R"({"success":false,"errormessage":"Additional fields are required."})");
    }
    kept.push_back(std::move(fields));
    Reply reply = json(
        200, R"({"success":true,"clinicaldocumentid":)" + std::to_string(8999 + kept.size()) + "}");
    if (loses_answers) reply.fault = test::Fault::close_unanswered;
    return reply;
  }
};

TEST(Athena, ANoteIsPrintedAndWrittenByTheFormOfItsV1Api) {
  AthenaDocuments athena;
  const auto made = athena.render(AthenaDocuments::note());
  ASSERT_TRUE(made) << made.error().what.view();
  const auto client = athena.client();
  const auto sent = FhirSender(*client, athena.rules).send(*made, false);
  ASSERT_TRUE(sent) << sent.error().what.view();
  EXPECT_EQ(sent->reference, "clinicaldocument/9000");
  EXPECT_EQ(sent->proof, "created");
  ASSERT_FALSE(athena.kept.empty());
  const auto& note = athena.kept.front();
  EXPECT_EQ(note.at("documentsubclass"), "CONSULTNOTE");
  EXPECT_EQ(note.at("autoclose"), "false") << "somebody is to read it";
  EXPECT_NE(note.at("internalnote").find("(Meridian "), std::string::npos);
}

TEST(Athena, ANoteWhoseAnswerWasLostIsFoundInTheList) {
  AthenaDocuments athena;
  const auto made = athena.render(AthenaDocuments::note());
  ASSERT_TRUE(made);
  for (int i = 0; i < 3; ++i) athena.kept.push_back({{"internalnote", "somebody else's"}});
  const auto before = athena.kept.size();
  const auto client = athena.client();
  athena.loses_answers = true;
  const auto lost = FhirSender(*client, athena.rules).send(*made, false);
  ASSERT_FALSE(lost);
  EXPECT_EQ(error_row(lost.error().code).retry, RetryClass::ambiguous);
  athena.loses_answers = false;
  const auto written = athena.kept.size();
  EXPECT_EQ(written, before + 1) << "once sent it is not sent again by itself";
  const auto again = FhirSender(*client, athena.rules).send(*made, true);
  ASSERT_TRUE(again) << again.error().what.view();
  EXPECT_EQ(again->reference, "clinicaldocument/9003") << "on the second page";
  const auto third = FhirSender(*client, athena.rules).send(*made, true);
  ASSERT_TRUE(third);
  EXPECT_EQ(third->proof, "already-there");
}

TEST(Athena, WhatASurgeonMustKnowIsADocumentAndTheRestIsFiledOrLeftOut) {
  AthenaDocuments athena;
  auto letter = AthenaDocuments::note();
  letter.kind = Letter::Kind::status;
  letter.task_status = "rejected";
  letter.business_status = "declined";
  letter.reason = "no capacity";
  const auto client = athena.client();
  const auto declined = athena.render(letter);
  ASSERT_TRUE(declined) << declined.error().what.view();
  ASSERT_TRUE(FhirSender(*client, athena.rules).send(*declined, false));
  ASSERT_EQ(athena.kept.size(), 1U);
  EXPECT_EQ(athena.kept[0]["documentsubclass"], "CLINICALDOCUMENT");
  EXPECT_EQ(athena.kept[0]["autoclose"], "true");
  letter.urgent = true;
  letter.reason = "new weakness of the foot";
  ASSERT_TRUE(FhirSender(*client, athena.rules).send(*athena.render(letter), false));
  ASSERT_EQ(athena.kept.size(), 2U);
  EXPECT_EQ(athena.kept[1]["autoclose"], "false");
  EXPECT_EQ(athena.kept[1]["internalnote"].substr(0, 16), "Urgent: read now");
}

TEST(Athena, WhatItDoesNotKeepIsNoSuccess) {
  AthenaDocuments athena;
  athena.fails = true;
  const auto client = athena.client();
  const auto refused =
      FhirSender(*client, athena.rules).send(*athena.render(AthenaDocuments::note()), false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid);
  athena.rules.department.clear();
  const auto nowhere =
      FhirSender(*client, athena.rules).send(*athena.render(AthenaDocuments::note()), false);
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::misconfigured);
}

TEST(Athena, CredentialsGoToItsTwoInterfacesAndNowhereElse) {
  AthenaDocuments athena;
  const auto client = athena.client();
  RawRequest request;
  for (const char* path : {"/v2/195900/patients", "/v1/../admin", "/v11/x", "/"}) {
    request.path = path;
    const auto answer = client->request(request);
    ASSERT_FALSE(answer) << path;
    EXPECT_EQ(answer.error().code, ErrorCode::untrusted) << path;
  }
}

TEST(Athena, WithoutAPrinterOnlyThePdfsOfANoteGo) {
  AthenaDocuments athena;
  const auto client = athena.client();
  const auto printed = athena.render(AthenaDocuments::note());
  ASSERT_TRUE(FhirSender(*client, athena.rules).send(*printed, false));
  const auto all = athena.kept.size();
  athena.kept.clear();
  const auto alone = athena.render(AthenaDocuments::note(), {});
  ASSERT_TRUE(FhirSender(*client, athena.rules).send(*alone, false));
  EXPECT_EQ(athena.kept.size(), 1U);
  EXPECT_GT(all, 1U) << "texts are printed";
  auto status = AthenaDocuments::note();
  status.kind = Letter::Kind::status;
  status.task_status = "rejected";
  const auto nothing = athena.render(status, {});
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace meridian::fhir
