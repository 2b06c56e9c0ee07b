// SPDX-License-Identifier: Apache-2.0
// Hostile text in every field, component and sub-component of what a hospital sends by HL7 v2, and
// every page looked at afterwards.
#include <gtest/gtest.h>

#include "unit/hostile/attacks.h"
#include "unit/hostile/fields.h"
#include "unit/hostile/look.h"

namespace meridian::test {
namespace {

/// A referral with everything that one may hold.
const std::string referral =
    "MSH|^~\\&|EPIC|STLUKE|MERIDIAN|STLUKE|20261120090000+0000||REF^I12^REF_I12|I-1|P|2.5.1\r"
    "RF1|P|R|ACU^Acupuncture^L|RP|O|RF-700^EPIC|20261120||20261120|P^Preference^L\r"
    "PRD|RP|HOLM^BRITT^A^^DR|1 Elm St^^Tarn^MA|STLUKE|^WPN^PH^^^515^5550100||1093817465^NPI\r"
    "PID|1||40023^^^STLUKE^MR||ABARA^NGOZI^B^^MR||19850505|M|||2 Oak St^Flat 3^Tarn^MA^02139||"
    "^PRN^PH^^^617^5550142|||es^Spanish^ISO639\r"
    "NK1|1|ABARA^ADA|SPO^Spouse^HL70063\r"
    "IN1|1|PPO^Preferred|C-1|Cascadia Health Plan|||G-7|Harbour group|||20260101|20261231||||"
    "ABARA^NGOZI|SEL|||||||||||||||||||C-7781\r"
    "DG1|1||M54.59^Other low back pain^I10|Ache in the left leg|20261101|F\r"
    "AL1|1|DA|7980^Penicillin^RXNORM|SV|Rash\r"
    "PR1|1||260649000^Microdiscectomy^SCT|Microdiscectomy L5-S1|20190211\r"
    "OBR|1|ORD-1^EPIC|F-1^RIS|30679-0^MR Lumbar spine^LN|||20260914||||||Worse at night|||"
    "HOLM^BRITT||||||20260914||RAD|F\r"
    "OBX|1|TX|30679-0&GDT^MR Lumbar spine^LN||Disc bulge at L5-S1.||||||F\r"
    "OBX|2|TX|30679-0&IMP^Impression^LN||Mild facet arthropathy.||||||F|||20260914||RADX^ANN\r"
    "NTE|1|L|He asks for mornings.|RE^Remark^L\r";

struct Message {
  const char* name;
  std::string text;
};
const std::vector<Message>& messages() {
  static const std::string head = "MSH|^~\\&|EPIC|STLUKE|MERIDIAN|STLUKE|20261120093000+0000||";
  static const std::string pid = "PID|1||40023^^^STLUKE^MR||ABARA^NGOZI||19850505|M\r";
  static const std::vector<Message> all = {
      {"REF", referral},
      {"ORU", head + "ORU^R01^ORU_R01|O-1|P|2.5.1\r" + pid +
                  "OBR|1|ORD-1^EPIC|F-2^RIS|30679-0^MR Lumbar spine^LN|||20260915|||||||||"
                  "HOLM^BRITT||||||20260915||RAD|F\rOBX|1|TX|30679-0&GDT^MR^LN||Stenosis at "
                  "L4-L5.||||||F\rNTE|1||Read by telephone\r"},
      {"MDM", head + "MDM^T02^MDM_T02|M-1|P|2.5.1\rEVN|T02|20261120\r" + pid +
                  "PV1|1|O\rTXA|1|CN^Consultation|TX|20261120|HOLM^BRITT|20261120||||||D-1^EPIC||"
                  "|||AU||AV\rOBX|1|TX|11488-4^Consult note^LN||Seen today.||||||F\r"},
      {"ADT", head + "ADT^A04^ADT_A01|A-1|P|2.5.1\rEVN|A04|20261120\r" + pid +
                  "PV1|1|O|SPINE^1^2||||HOLM^BRITT|||||||||||V-1^EPIC\r"
                  "DG1|1||M54.16^Radiculopathy^I10|Left leg|20261119|W\r"}};
  return all;
}

TEST(HostileHl7, TheHarmlessMessagesBecomeAReferralWithPages) {
  HostileSite site;
  for (const auto& message : messages()) EXPECT_TRUE(site.hear_hl7(message.text)) << message.name;
  look_at_all(site, "nothing hostile");
  const auto rows = site.bench.store->referrals(10);
  ASSERT_TRUE(rows && rows->size() == 1);
}

TEST(HostileEach, AnyOneFieldOfV2IsTextOnEveryPage) {
  int seen = 0;
  int tried = 0;
  for (const auto& message : messages()) {
    for (const auto& field : hl7_fields(message.text)) {
      HostileSite site;
      print_nothing(site);
      // What the message is about comes first, unless it is that one.
      if (message.text != referral) site.hear_hl7(referral);
      site.hear_hl7(with_hl7(message.text, field, attacks()[tried++ % attacks().size()]));
      seen += look_at_first_pages(site, message.name + std::string(" ") + field.name) ? 1 : 0;
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(seen, tried / 2) << "of " << tried << " fields came through to a page";
}

}  // namespace
}  // namespace meridian::test
