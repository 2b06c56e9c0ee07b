// SPDX-License-Identifier: Apache-2.0
// What a clinic sees: its list, its referrals, its downloads.
#include <algorithm>

#include <gtest/gtest.h>

#include "unit/inbox/site.h"

namespace meridian::test {
namespace {

using InboxPage = testing::Test;

TEST(InboxPage, AnEmptyListSaysWhatWillComeHere) {
  InboxSite site;
  const auto page = site.get("cedar", "/inbox");
  ASSERT_EQ(page.status, 200);
  EXPECT_TRUE(says(page.body, "Clinic cedar"));
  EXPECT_TRUE(says(page.body, "When a surgeon&#39;s office refers a patient to you")) << page.body;
}

TEST(InboxPage, AReferralIsNewInTheListAndItsPageAnswersTheFirstQuestions) {
  InboxSite site;
  const auto id = site.endpoint.refer("willow");
  const auto list = site.get("willow", "/inbox");
  ASSERT_EQ(list.status, 200);
  EXPECT_TRUE(says(list.body, "New <b>1</b>"));
  EXPECT_TRUE(says(list.body, "href=\"/inbox/" + id + "\""));
  EXPECT_TRUE(says(list.body, "Alder"));
  const auto page = site.get("willow", "/inbox/" + id);
  ASSERT_EQ(page.status, 200);
  for (const auto* part : {"Safety: read before treating", "Who and why", "Imaging in plain words",
                           "On record", "Coverage and visits", "Left out", "What happened", "Alder",
                           "/accept\"", "/decline\"", "/red-flag\"", "bundle.json"}) {
    EXPECT_TRUE(says(page.body, part)) << part;
  }
  EXPECT_LT(page.body.find("id=\"safety\""), page.body.find("id=\"why\""));
  EXPECT_LT(page.body.size(), 100'000u);
  EXPECT_FALSE(says(page.body, "<script"));
  EXPECT_TRUE(says(header_of(page, "Content-Security-Policy"), "default-src 'none'"));
  // With no-referrer a browser says "Origin: null" of our own forms, which are refused then.
  EXPECT_EQ(header_of(page, "Referrer-Policy"), "same-origin");
}

TEST(InboxPage, TheBrowsersLanguageIsSpoken) {
  InboxSite site;
  const auto id = site.endpoint.refer("willow");
  const auto page =
      site.ask("willow", "GET", "/inbox/" + id, {}, {{"Accept-Language", "en;q=0.4, es-MX;q=0.9"}});
  EXPECT_TRUE(says(page.body, "<html lang=\"es\">"));
  EXPECT_TRUE(says(page.body, "Seguridad: lea antes de tratar"));
  EXPECT_FALSE(says(page.body, "Who and why"));
  EXPECT_TRUE(says(page.body, "El cribado de seguridad es válido hasta <time"));
  EXPECT_FALSE(says(page.body, "screen again"));
  EXPECT_TRUE(says(page.body, "muscular inespecífico"));
  EXPECT_TRUE(says(page.body, "está en inglés"));
}

TEST(InboxPage, ReadingIsKeptInTheAudit) {
  InboxSite site;
  const auto id = site.endpoint.refer("willow");
  const auto reads = [&] {
    int count = 0;
    const auto rows = site.bench.store->audit(1000);
    for (const auto& row : *rows)
      count += row.event == "PatientRead" && row.actor == "willow/p-willow";
    return count;
  };
  const auto before = reads();
  site.get("willow", "/inbox");
  EXPECT_EQ(reads(), before + 1) << "the list shows a name";
  site.get("willow", "/inbox/" + id);
  EXPECT_EQ(reads(), before + 2);
}

TEST(InboxPage, TheBundleIsWhatTheClinicMayReadAndThePdfIsThereWhereItWasPrinted) {
  InboxSite site;
  const auto id = site.endpoint.refer("willow");
  const auto bundle = site.get("willow", "/inbox/" + id + "/bundle.json");
  ASSERT_EQ(bundle.status, 200);
  EXPECT_EQ(header_of(bundle, "Content-Disposition"),
            "attachment; filename=\"referral-" + id + ".json\"");
  const auto all = refs(bundle.body);
  EXPECT_NE(std::find(all.begin(), all.end(), "Task/" + id), all.end());
  EXPECT_EQ(site.get("willow", "/inbox/" + id + "/packet.pdf").status, 404) << "this site has none";
  EXPECT_FALSE(says(site.get("willow", "/inbox/" + id).body, "packet.pdf"));
}

/// A drug that the safety rules look at, recorded by a program that 42 CFR Part 2 protects.
std::string protected_drug() {
  return R"({"resourceType":"MedicationRequest","id":"drug","status":"active","intent":"order",
    "meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode",
      "code":"42CFRPart2"}]},"subject":{"reference":"Patient/alder"},"authoredOn":"2026-11-01",
    "medicationCodeableConcept":{"text":"warfarin 5 mg","coding":[
      {"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"11289"}]}})";
}

/// Written otherwise than a form would be: purpose and period are there, the label is the second.
std::string consent(const std::string& inside) {
  return R"({"resourceType":"Consent","id":"yes","status":"active","scope":{"coding":[{"system":
    "http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
    "patient":{"reference":"Patient/alder"},"dateTime":"2026-10-05","provision":{"type":"permit",
    "period":{"start":"2026-10","end":"2027-10"},"purpose":[{"code":"TREAT"}],
    "securityLabel":[{"code":"R"},{"code":"42CFRPart2"}])" +
         inside + "}}";
}

TEST(InboxPage, WhatGoesByThePatientsConsentIsSaidToBeProtected) {
  InboxSite site;
  site.endpoint.also = {protected_drug(), consent("")};
  const auto id = site.endpoint.refer("willow");
  const auto page = site.get("willow", "/inbox/" + id).body;
  EXPECT_TRUE(says(page, "warfarin 5 mg"));
  EXPECT_TRUE(says(page, "Protected by law"));
  EXPECT_TRUE(
      says(page, "42 CFR part 2 prohibits unauthorized use or disclosure of these records."));
  EXPECT_TRUE(says(page,
                   "The patient consented on <time datetime=\"2026-10-05\">5 Oct 2026</time> that "
                   "records labelled 42CFRPart2 are "
                   "sent for treatment, until 2027-10."));
}

TEST(InboxPage, WithoutAConsentThatIsUnderstoodItStaysAndNothingTellsWhatItIs) {
  for (const auto& limit : {std::string(), std::string(R"(,"actor":[{"role":{"text":"x"}}])"),
                            std::string(R"(,"provision":[{"type":"deny"}])")}) {
    InboxSite site;
    site.endpoint.also = {protected_drug()};
    if (!limit.empty()) site.endpoint.also.push_back(consent(limit));
    const auto id = site.endpoint.refer("willow");
    const auto page = site.get("willow", "/inbox/" + id).body;
    EXPECT_FALSE(says(page, "arfarin")) << limit;
    EXPECT_FALSE(says(page, "Protected by law")) << limit;
    EXPECT_TRUE(says(page, "Withheld by policy: ")) << limit;
  }
}

TEST(InboxPage, ALongListIsPaged) {
  InboxSite site;
  for (int i = 0; i < 30; ++i) site.endpoint.refer("willow", i);
  const auto first = site.get("willow", "/inbox?group=fresh");
  EXPECT_TRUE(says(first.body, "New <b>30</b>"));
  EXPECT_TRUE(says(first.body, "Page 1 of 2"));
  EXPECT_TRUE(says(first.body, "page=2"));
  const auto second = site.get("willow", "/inbox?group=fresh&page=2");
  EXPECT_TRUE(says(second.body, "Page 2 of 2"));
  const auto found = site.get("willow", "/inbox?find=t%C3%96m");
  EXPECT_TRUE(says(found.body, "Nobody of that name")) << "an accent is another letter";
  const auto all = site.get("willow", "/inbox?find=%20tOM");
  EXPECT_TRUE(says(all.body, "Found: 30"));
  EXPECT_TRUE(says(all.body, "/inbox?find=%20tOM&amp;page=2"));
  EXPECT_TRUE(says(site.get("willow", "/inbox?find=PATIENT-2+tom").body, "Found: 11"));
  EXPECT_TRUE(says(site.get("willow", "/inbox?find=margit").body, "Nobody of that name"));
  EXPECT_FALSE(says(site.get("willow", "/inbox?find=%22%3E%3Cb%3E").body, "\"><b>"));
  for (const auto* page : {"0", "-1", "99999999999999", "x"}) {
    EXPECT_EQ(site.get("willow", std::string("/inbox?group=none&page=") + page).status, 200);
  }
}

}  // namespace
}  // namespace meridian::test
