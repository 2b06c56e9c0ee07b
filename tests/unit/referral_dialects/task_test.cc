// SPDX-License-Identifier: Apache-2.0
// The Tasks themselves: what closes a referral for CMS50, deadlines, and how an end is told.
#include <gtest/gtest.h>

#include "fhir/exchange/bundle_out.h"
#include "fhir/exchange/fhir_renderer.h"
#include "fhir/exchange/json_index.h"
#include "unit/fhir_exchange/letters.h"
#include "unit/referral_dialects/histories.h"

namespace meridian::fhir {
namespace {

FhirRenderer renderer_of(const std::string& dialect) {
  return FhirRenderer(std::make_shared<Capabilities>(), {}, *find_referral_dialect(dialect));
}

Letter status(const std::string& state, const test::History& told = {}) {
  Letter letter;
  letter.kind = Letter::Kind::status;
  letter.referral_id = "01JNQX5K7V9W2M4R8T6Y0ZBCDE";
  letter.source_order = "ServiceRequest/5";
  letter.source_patient = "Patient/17";
  letter.source_requester = "Practitioner/3";
  letter.sender_name = "Quiet River Acupuncture";
  letter.task_status = "completed";
  letter.business_status = state;
  letter.told = told;
  letter.at = parse_instant("2026-03-05T16:00:00Z").value();
  letter.authored = parse_instant("2026-02-01T09:00:00Z");
  return letter;
}

/// What is sent of Tasks, and other things by their type.
std::vector<OutEntry> sent(const std::string& dialect, const Letter& letter,
                           const FieldProfile& profile = {}) {
  const auto rendered = renderer_of(dialect).render(letter, profile);
  EXPECT_TRUE(rendered) << dialect;
  return rendered ? read_out_bundle(rendered->bytes)->entries : std::vector<OutEntry>();
}

/// A value of the resource by its path: "restriction.period.end", "code.coding.1.code".
std::string at(const std::string& resource, const std::string& path) {
  const auto index = JsonIndex::parse(resource);
  const JsonNode* node = &index->root();
  std::istringstream parts(path);
  for (std::string part; std::getline(parts, part, '.') && node != nullptr;) {
    if (node->kind != JsonNode::Kind::array) {
      node = index->find(node, part);
      continue;
    }
    int number = std::stoi(part);
    const JsonNode* found = nullptr;
    for (const auto& child : index->children(*node)) {
      if (number-- == 0) found = &child;
    }
    node = found;
  }
  return index->string(node);
}

OutEntry last_task(const std::vector<OutEntry>& entries) {
  OutEntry last;
  for (const auto& entry : entries) {
    if (at(entry.resource, "resourceType") == "Task") last = entry;
  }
  return last;
}

TEST(Closure, IsOneThatCms50CountsInEachDialect) {
  for (const auto& id : referral_dialect_ids()) {
    auto letter = status("reported", {"sending", "accepted", "scheduled"});
    letter.kind = Letter::Kind::consult_note;
    const auto task = last_task(sent(id, letter)).resource;
    // CMS50: a Task with a code of the value set Consultant Report, based on the order, completed,
    // whose execution ended.
    EXPECT_EQ(at(task, "status"), "completed") << id;
    EXPECT_EQ(at(task, "basedOn.0.reference"), "ServiceRequest/5") << id;
    EXPECT_EQ(at(task, "focus.reference"), "ServiceRequest/5") << id;
    EXPECT_EQ(at(task, "code.coding.0.code"), "fulfill") << id;
    EXPECT_EQ(at(task, "code.coding.1.system"), "http://loinc.org") << id;
    EXPECT_EQ(at(task, "code.coding.1.code"), "11488-4") << id;
    EXPECT_EQ(at(task, "executionPeriod.end"), "2026-03-05T16:00:00.000Z") << id;
  }
}

TEST(Closure, IsNotSaidBeforeTheEnd) {
  for (const auto& id : referral_dialect_ids()) {
    auto letter = status("in_course", {"sending", "accepted"});
    letter.task_status = "in-progress";
    for (const auto& entry : sent(id, letter)) {
      EXPECT_EQ(at(entry.resource, "executionPeriod.end"), "") << id;
    }
  }
}

TEST(Deadline, StandsInTheTaskOfTheHospitalAndOfTheClinic) {
  for (const auto& id : referral_dialect_ids()) {
    auto letter = status("accepted", {"sending"});
    letter.needed_by = parse_instant("2026-03-19T16:00:00Z");
    EXPECT_EQ(at(last_task(sent(id, letter)).resource, "restriction.period.end"),
              "2026-03-19T16:00:00.000Z")
        << id;
    auto packet = test::read_case(test::render_cases() / "packet-for-a-clinic");
    packet->letter.needed_by = letter.needed_by;
    EXPECT_EQ(
        at(last_task(sent(id, packet->letter, packet->profile)).resource, "restriction.period.end"),
        "2026-03-19T16:00:00.000Z")
        << id;
  }
}

TEST(FirstTask, BeginsAsThePeerHasIt) {
  const auto packet = test::read_case(test::render_cases() / "packet-for-a-clinic");
  const std::map<std::string, std::string> begins = {
      {"plain", "requested"}, {"cow", "requested"}, {"sdoh", "requested"}, {"bser", "received"}};
  for (const auto& [id, begin] : begins) {
    const auto task = last_task(sent(id, packet->letter, packet->profile)).resource;
    EXPECT_EQ(at(task, "status"), begin) << id;
    EXPECT_EQ(at(task, "businessStatus.text"), "sent") << id;
  }
  const auto task = last_task(sent("bser", packet->letter, packet->profile)).resource;
  EXPECT_EQ(at(task, "businessStatus.coding.0.code"), "2.0");
  // BSeR-ReferralTask: what must be there.
  for (const char* path : {"identifier.0.type.coding.0.code", "for.reference", "authoredOn",
                           "requester.reference", "owner.display", "focus.reference"}) {
    EXPECT_NE(at(task, path), "") << path;
  }
}

TEST(Steps, AreWrittenOneByOneAndARepeatDoesNotGoBack) {
  const auto entries = sent("bser", status("scheduled", {"sending"}));
  std::vector<std::string> said;
  std::vector<std::string> modified;
  for (const auto& entry : entries) {
    if (at(entry.resource, "resourceType") != "Task") continue;
    EXPECT_EQ(entry.method, "PUT");
    EXPECT_EQ(entry.url, entries.front().url);
    said.push_back(at(entry.resource, "businessStatus.coding.0.code"));
    modified.push_back(at(entry.resource, "lastModified"));
  }
  EXPECT_EQ(said, (std::vector<std::string>{"3.0", "5.1.1"}));
  EXPECT_LT(modified.at(0), modified.at(1)) << "a later one is newer, so it stays";
  EXPECT_EQ(modified.at(1), "2026-03-05T16:00:00.000Z");
}

TEST(Steps, OfASecondTaskHaveItsOwnNumber) {
  const auto first = last_task(sent("cow", status("declined", {"sending"})));
  const auto second = last_task(sent("cow", status("sending", {"sending", "declined"})));
  EXPECT_EQ(at(first.resource, "status"), "rejected");
  EXPECT_EQ(at(second.resource, "status"), "requested");
  EXPECT_NE(first.url, second.url);
  EXPECT_EQ(at(first.resource, "groupIdentifier.value"),
            at(second.resource, "groupIdentifier.value"));
}

Letter cancel(bool begun, const char* wanted = "cancelled") {
  Letter letter = status("cancel_asked");
  letter.kind = Letter::Kind::referral_update;
  letter.task_status = wanted;
  letter.reason = "the order was revoked";
  letter.work_started = begun;
  letter.peer_task = begun ? "Task/9" : "";
  return letter;
}

TEST(Cancel, IsToldInThePeersOwnWay) {
  for (const char* id : {"plain", "cow"}) {
    EXPECT_EQ(at(sent(id, cancel(false)).at(0).resource, "status"), "cancelled") << id;
    const auto asked = sent(id, cancel(true)).at(0);
    EXPECT_EQ(at(asked.resource, "code.coding.0.code"), "abort") << id;
    EXPECT_EQ(asked.method, "POST") << id;
  }
  for (const bool begun : {false, true}) {
    const auto sdoh = sent("sdoh", cancel(begun)).at(0);
    EXPECT_EQ(sdoh.method, "PATCH");
    EXPECT_EQ(sdoh.if_match, "*") << "both sides may cancel at any time";
    EXPECT_EQ(at(sdoh.resource, "status"), "cancelled");
    EXPECT_EQ(at(sdoh.resource, "statusReason.text"), "the order was revoked");
    const auto bser = sent("bser", cancel(begun)).at(0);
    EXPECT_EQ(at(bser.resource, "status"), "in-progress");
    EXPECT_EQ(at(bser.resource, "businessStatus.coding.0.code"), "5.2");
  }
}

TEST(Mistake, IsToldInWordsWhereATaskCannotSayIt) {
  EXPECT_EQ(at(sent("sdoh", cancel(true, "entered-in-error")).at(0).resource, "status"),
            "entered-in-error");
  const auto entries = sent("bser", cancel(false, "entered-in-error"));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(at(entries[0].resource, "businessStatus.coding.0.code"), "5.2");
  EXPECT_EQ(at(entries[1].resource, "resourceType"), "Communication");
}

}  // namespace
}  // namespace meridian::fhir
