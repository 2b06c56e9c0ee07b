// SPDX-License-Identifier: Apache-2.0
// The printed page says what the packet says, and no more.
#include "port/packet_print.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace meridian {
namespace {

Concept named(const std::string& text) {
  Concept made;
  made.text = text;
  return made;
}

/// An order with a patient, a surgery, two drugs and a report, all of which may be sent.
struct Packet {
  Packet() {
    letter.referral_id = "01JNQX5K7V9W2M4R8T6Y0ZBCDE";
    letter.at = *parse_instant("2026-03-05T16:00:00Z");
    letter.sender_name = "Hillcrest Spine Center";
    Patient patient;
    patient.ref = "Patient/p";
    patient.names.emplace_back().text.reveal() = "Ada Varga";
    patient.birth_date.reveal() = *parse_partial_date("1961-03-06");
    patient.gender = "female";
    patient.telecom.push_back({"phone", Sensitive<std::string>("+1 555 010 0142"), "home"});
    letter.records.patients.push_back(patient);
    order.ref = "ServiceRequest/s";
    order.code = named("Acupuncture");
    order.subject.target = "Patient/p";
    order.reason_codes.push_back(named("Low back pain"));
    order.notes.reveal() = {"Is electro-acupuncture an option?"};
    auto& surgery = letter.records.procedures.emplace_back();
    surgery.ref = "Procedure/1";
    surgery.code = named("L4-L5 discectomy");
    surgery.performed.start = *parse_partial_date("2024-03-02");
    for (const char* drug : {"apixaban 5 mg", "gabapentin 300 mg"}) {
      auto& made = letter.records.medications.emplace_back();
      made.ref = "MedicationRequest/" + std::string(1, drug[0]);
      made.status = "active";
      made.code = named(drug);
    }
    auto& report = letter.records.imaging.emplace_back();
    report.ref = "DiagnosticReport/1";
    report.code = named("MR lumbar spine");
    report.effective = *parse_partial_date("2026-02-01");
    report.narrative.reveal() = "FINDINGS: a secret of the family. IMPRESSION: L4-L5 protrusion.";
    report.conclusion.reveal() = "L4-L5 protrusion.";
    lines = {{"caution", "Anticoagulant: press longer."}, {"coverage", "covered: 12 of 12 left"}};
  }

  Page print() const {
    return printed_packet(letter, order, profile, lines, [this](const std::string& ref) {
      return std::find(kept_back.begin(), kept_back.end(), ref) == kept_back.end();
    });
  }

  Letter letter;
  ServiceRequest order;
  FieldProfile profile;
  std::vector<PacketLine> lines;
  std::vector<std::string> kept_back;
};

std::string fact_of(const Page& page, const std::string& label) {
  for (const auto& fact : page.facts) {
    if (fact.label == label) return fact.text;
  }
  return {};
}
std::string section_of(const Page& page, const std::string& heading) {
  std::string text;
  for (const auto& section : page.sections) {
    if (section.heading != heading) continue;
    for (const auto& line : section.lines) text += line + "\n";
  }
  return text;
}

TEST(PrintedPacket, ShowsNothingOfThePatientUnlessTheProfileListsIt) {
  Packet packet;
  const auto page = packet.print();
  EXPECT_EQ(page.person, "");
  for (const char* label : {"Patient", "Born", "Sex", "Telephone", "Question"}) {
    EXPECT_EQ(fact_of(page, label), "") << label;
  }
  EXPECT_EQ(section_of(page, "On record"), "");
  EXPECT_TRUE(page.attachments.empty());
  EXPECT_EQ(fact_of(page, "From"), "Hillcrest Spine Center");
  packet.profile.allowed["Patient"] = {"name.family", "gender"};
  EXPECT_EQ(fact_of(packet.print(), "Patient"), "");
  EXPECT_EQ(fact_of(packet.print(), "Sex"), "female");
}

TEST(PrintedPacket, ShowsWhatItListsOfWhatIsSent) {
  Packet packet;
  packet.profile.allowed = {{"Patient", {"name", "birthDate", "telecom"}},
                            {"ServiceRequest", {"*"}},
                            {"Procedure", {"code", "performed[x]"}},
                            {"MedicationRequest", {"medicationCodeableConcept"}},
                            {"DiagnosticReport", {"conclusion"}}};
  packet.kept_back = {"MedicationRequest/g"};
  const auto page = packet.print();
  EXPECT_EQ(page.title, "Referral: Acupuncture");
  EXPECT_EQ(page.person, "Ada Varga, born 1961-03-06");
  EXPECT_EQ(fact_of(page, "Born"), "1961-03-06 (64 years)");  // the day before the birthday
  EXPECT_EQ(fact_of(page, "Question"), "Is electro-acupuncture an option?");
  EXPECT_EQ(section_of(page, "On record"),
            "Surgery and procedures: L4-L5 discectomy (2024-03-02)\nMedication: apixaban 5 mg\n");
  ASSERT_EQ(page.attachments.size(), 1u);
  EXPECT_EQ(page.attachments[0].title, "MR lumbar spine");   // its date is not listed
  EXPECT_EQ(page.attachments[0].text, "L4-L5 protrusion.");  // nor is the whole report
  ASSERT_FALSE(page.sections.empty());
  EXPECT_EQ(page.sections[0].heading, "Cautions for treatment");
  EXPECT_TRUE(page.sections[0].safety);
}

TEST(PrintedPacket, ShowsTheSendersClock) {
  Packet packet;
  packet.letter.wall = {[](Instant at) { return at - std::chrono::hours(5); },
                        [](Instant at) { return at + std::chrono::hours(5); }, "America/New_York"};
  packet.letter.at = *parse_instant("2026-03-05T02:00:00Z");
  packet.letter.needed_by = *parse_instant("2026-03-09T05:00:00Z");
  packet.letter.assessment.valid_until = *parse_instant("2026-03-06T09:30:00Z");
  packet.lines = {
      {"validity", "It holds until 2026-03-06T09:30:00.000Z; screen again.", {}, {}, {}}};
  const auto page = packet.print();
  EXPECT_EQ(fact_of(page, "Sent"), "2026-03-04");
  EXPECT_EQ(fact_of(page, "Answer by"), "the end of 2026-03-08, America/New_York");
  EXPECT_EQ(section_of(page, "Safety screen"),
            "It holds until 2026-03-06, 04:30 America/New_York; screen again.\n");
}

TEST(PrintedPacket, SaysRuleAndSourceInFewLettersAndADayAsPeopleReadIt) {
  Packet packet;
  packet.letter.assessment.valid_until = *parse_instant("2026-03-06T09:30:00Z");
  packet.lines = {
      {"caution", "Press longer. [rule AC02, source MCC15]", "AC02", {}, {}},
      {"annotation", "NRS 6 [rule episode.score, source SELF]", "episode.score", {}, {}},
      {"annotation", "Of [rule AC02, source MCC15] [rule x]", "x", {}, {}},
      {"pain-type", "nonspecific_muscular", {}, {}, {}},
      {"validity", "It holds until 2026-03-06T09:30:00.000Z; screen again.", {}, {}, {}}};
  const auto page = packet.print();
  EXPECT_EQ(section_of(page, "Cautions for treatment"), "Press longer. [AC02, MCC15]\n");
  EXPECT_EQ(section_of(page, "Imaging and notes"),
            "NRS 6 [episode.score]\nOf [rule AC02, source MCC15] [x]\n");
  EXPECT_EQ(section_of(page, "Pain type by code"), "Nonspecific muscular\n");
  EXPECT_EQ(section_of(page, "Safety screen"),
            "It holds until 2026-03-06, 09:30 UTC; screen again.\n");
  ASSERT_GE(page.sections.size(), 2u);
  EXPECT_EQ(page.sections[1].heading, "Safety screen") << "beside the cautions";
  EXPECT_NE(page.closing.find("In brackets"), std::string::npos);
}

TEST(PrintedPacket, SaysThatTheLawProtectsIt) {
  Packet packet;
  EXPECT_EQ(section_of(packet.print(), "Protected by law"), "");
  packet.lines.push_back({"notice", "It is protected.", {}, {}, {}});
  EXPECT_EQ(section_of(packet.print(), "Protected by law"), "It is protected.\n");
}

TEST(PrintedPacket, ShoutsWhatIsUrgent) {
  Packet packet;
  EXPECT_EQ(packet.print().banner, "");
  packet.order.priority = "urgent (RF03)";
  packet.letter.assessment.lanes.push_back({});
  packet.letter.assessment.lanes.back().urgency = "urgent";
  EXPECT_EQ(packet.print().banner, "URGENT (RF03)");
}

}  // namespace
}  // namespace meridian
