// SPDX-License-Identifier: Apache-2.0
// The letters of tests/golden/render that have an out.hl7: the same letter as HL7 v2, a segment a
// line. MERIDIAN_UPDATE_GOLDEN=1 writes out.hl7 anew; the difference is for a person to read.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/base64.h"
#include "hl7v2/write/writer.h"
#include "unit/fhir_exchange/letters.h"
#include "unit/hl7v2_read/read_v2.h"

namespace meridian::hl7v2 {
namespace {

namespace fs = std::filesystem;

Result<Rendered> render(const fs::path& folder) {
  const auto found = test::read_case(folder);
  if (!found) return found.error();
  const Hl7v2Renderer renderer(*find_write_dialect("v2"), knowledge().terminology);
  return renderer.render(found->letter, found->profile);
}

std::string as_lines(std::string bytes) {
  std::replace(bytes.begin(), bytes.end(), '\r', '\n');
  return bytes;
}

class WriteGolden : public ::testing::TestWithParam<fs::path> {};

TEST_P(WriteGolden, GivesWhatWasExpectedAndReadsWithoutAnIssue) {
  const auto rendered = render(GetParam());
  ASSERT_TRUE(rendered) << rendered.error().what.view();
  if (std::getenv("MERIDIAN_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(GetParam() / "out.hl7", std::ios::binary) << as_lines(rendered->bytes);
  }
  EXPECT_EQ(as_lines(rendered->bytes), test::read_file(GetParam() / "out.hl7"));
  EXPECT_EQ(issues_of(read_message(rendered->bytes, settings())), "");
  const auto again = render(GetParam());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->bytes, rendered->bytes);
  EXPECT_NE(rendered->bytes.find("|" + rendered->key + "|"), std::string::npos);
}

std::vector<fs::path> cases() {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(test::render_cases())) {
    if (fs::exists(entry.path() / "out.hl7")) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

INSTANTIATE_TEST_SUITE_P(Cases, WriteGolden, ::testing::ValuesIn(cases()), [](const auto& one) {
  std::string name = one.param.filename().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(WriteReferral, NothingOfAWithheldRecordIsInTheMessage) {
  const auto rendered = render(test::render_cases() / "packet-for-a-clinic");
  ASSERT_TRUE(rendered);
  for (const char* secret : {"pioid", "F11.20", "c-9", "AC19", "Lives alone", "daughter", "widowed",
                             "Folake", "twice a day", "Encounter", "Wachs"}) {
    EXPECT_EQ(rendered->bytes.find(secret), std::string::npos) << secret;
  }
}

/// The page beside its text is OBX of ED, and says no more than the packet.
TEST(WriteReferral, ThePageIsPrintedToo) {
  auto found = test::read_case(test::render_cases() / "packet-for-a-clinic");
  ASSERT_TRUE(found);
  std::string words;
  const auto print = [&](const Page& page) -> Result<std::string> {
    words = test::words_of(page);
    return std::string("%PDF-1.5 stands for it");
  };
  const Hl7v2Renderer renderer(*find_write_dialect("v2"), knowledge().terminology, print);
  const auto rendered = renderer.render(found->letter, found->profile);
  ASSERT_TRUE(rendered);
  const auto data = encode_base64("%PDF-1.5 stands for it");
  EXPECT_NE(rendered->bytes.find("|^application^pdf^Base64^" + data + "|"), std::string::npos);
  for (const char* secret : {"pioid", "F11.20", "c-9", "AC19", "Lives alone", "daughter", "widowed",
                             "Folake", "twice a day", "Encounter", "Wachs"}) {
    EXPECT_EQ(words.find(secret), std::string::npos) << secret << "\n" << words;
  }
  EXPECT_NE(words.find(found->letter.referral_id), std::string::npos) << words;
  EXPECT_NE(words.find("Patient: "), std::string::npos) << words;

  const Hl7v2Renderer broken(
      *find_write_dialect("v2"), knowledge().terminology, [](const Page&) -> Result<std::string> {
        return Error{ErrorCode::internal, "packet.pdf", "the page could not be drawn"};
      });
  EXPECT_EQ(broken.render(found->letter, found->profile).error().code, ErrorCode::internal);
  found->letter.draft = true;
  EXPECT_TRUE(broken.render(found->letter, found->profile));  // nothing was printed
}

/// A later look has no deadline to set: that alone must not read as a changed order.
TEST(WriteReferral, UntilWhenTheOfferStandsIsNoChangeOfTheOrder) {
  auto found = test::read_case(test::render_cases() / "packet-for-a-clinic");
  ASSERT_TRUE(found);
  const Hl7v2Renderer renderer(*find_write_dialect("v2"), knowledge().terminology);
  const auto digest_of = [&](std::optional<Instant> until) {
    found->letter.needed_by = until;
    const auto rendered = renderer.render(found->letter, found->profile);
    for (const auto& record : rendered->records) {
      if (record.ref == found->letter.source_order) return record.digest;
    }
    return std::string();
  };
  const auto digest = digest_of(std::nullopt);
  EXPECT_FALSE(digest.empty());
  EXPECT_EQ(digest_of(parse_instant("2026-12-24T12:00:00Z")), digest);
}

TEST(WriteReferral, NoMessageWithoutItsOrderOrItsPatient) {
  auto found = test::read_case(test::render_cases() / "packet-for-a-clinic");
  ASSERT_TRUE(found);
  const Hl7v2Renderer renderer(*find_write_dialect("v2"), knowledge().terminology);
  found->letter.include = {"Patient/p-204"};
  EXPECT_EQ(renderer.render(found->letter, found->profile).error().code, ErrorCode::not_found);
  found->letter.include = {"ServiceRequest/sr-88"};
  EXPECT_EQ(renderer.render(found->letter, found->profile).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace meridian::hl7v2
