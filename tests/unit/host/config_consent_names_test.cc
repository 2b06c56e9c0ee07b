// SPDX-License-Identifier: Apache-2.0
// consent_names: what a patient's consent may call a clinic, or the hospital that discloses.
#include <gtest/gtest.h>

#include "unit/host/config_faults.h"

namespace meridian::host {
namespace {

TEST(Config, ReadsWhatConsentsMayCallASystem) {
  const std::string clinic = "[[clinic]]\nid = \"willow\"\ninbox = true\n";
  const auto read = [&](const std::string& line) {
    Issues issues;
    return read_config(clinic + line, "site.toml", "", issues).clinics.at(0).consent_names;
  };
  const Texts names = {"http://hl7.org/fhir/sid/us-npi|1093817465",
                       "tamarack-ridge/Organization/88"};
  const auto both = "consent_names = [\"" + names[0] + "\", \"" + names[1] + "\"]\n";
  EXPECT_EQ(read(both), names);
  EXPECT_EQ(read(""), Texts{});
  EXPECT_EQ(read("consent_names = []\n"), Texts{});
  EXPECT_EQ(faults(clinic + both), Texts{});
  EXPECT_EQ(faults(clinic), Texts{});
  Issues issues;
  const auto hospital = "[[hospital]]\nid = \"ridge\"\nfhir = \"https://r.example\"\n" + both;
  EXPECT_EQ(read_config(hospital, "site.toml", "", issues).hospitals.at(0).consent_names, names)
      << "who discloses may be named too";
}

TEST(Config, SaysWhichNameNoConsentCouldMean) {
  for (const auto* wrong :
       {"Quiet River Acupuncture", "1093817465", "Organization/88", "|1", "urn:x|",
        "/Organization/88", "ridge/Organization/", "ridge//88",
        "https://ehr.example/fhir/Organization/88", "ridge/a/Organization/88"}) {
    EXPECT_EQ(faults("[[clinic]]\nid = \"willow\"\ninbox = true\nconsent_names = [\"" +
                     std::string(wrong) + "\"]\n"),
              Texts{"site.toml:1: consent_names: \"" + std::string(wrong) +
                    "\" is neither \"system|value\" nor \"HOSPITAL/Organization/id\"; no consent "
                    "could mean it"});
  }
  EXPECT_EQ(faults("[[clinic]]\nid = \"willow\"\ninbox = true\nconsent_names = \"a|b\"\n").size(),
            1u);
}

}  // namespace
}  // namespace meridian::host
