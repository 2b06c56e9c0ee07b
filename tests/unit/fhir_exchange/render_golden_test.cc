// SPDX-License-Identifier: Apache-2.0
// Each folder of tests/golden/render: input.json and letter.json in, out.json out, token by token.
// MERIDIAN_UPDATE_GOLDEN=1 writes out.json anew; the difference is for a person to read.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "fhir/exchange/dialect.h"
#include "fhir/exchange/fhir_renderer.h"
#include "fhir/read/reader.h"
#include "unit/fhir_exchange/letters.h"

namespace meridian::fhir {
namespace {

namespace fs = std::filesystem;

using test::read_file;
using test::render_case;

const fs::path golden = test::render_cases();

/// Calls `see` with each byte and whether it is inside a string.
template <typename See>
void walk(const std::string& json, const See& see) {
  bool inside = false;
  bool escaped = false;
  for (const char c : json) {
    see(c, inside);
    if (!inside) {
      inside = c == '"';
    } else if (escaped) {
      escaped = false;
    } else if (c == '\\') {
      escaped = true;
    } else if (c == '"') {
      inside = false;
    }
  }
}

/// Without the space between tokens; every token as it was.
std::string tokens(const std::string& json) {
  std::string out;
  walk(json, [&](char c, bool inside) {
    if (inside || std::string_view(" \t\r\n").find(c) == std::string_view::npos) out += c;
  });
  return out;
}

std::string pretty(const std::string& json) {
  std::string out;
  std::size_t depth = 0;
  const auto line = [&] { out += "\n" + std::string(depth, ' '); };
  walk(tokens(json), [&](char c, bool inside) {
    if (!inside && (c == '}' || c == ']')) {
      --depth;
      line();
    }
    out += c;
    if (inside) return;
    if (c == '{' || c == '[') {
      ++depth;
      line();
    }
    if (c == ',') line();
    if (c == ':') out += ' ';
  });
  return out + "\n";
}

class RenderGolden : public ::testing::TestWithParam<fs::path> {};

TEST_P(RenderGolden, GivesWhatWasExpectedTokenByToken) {
  const auto rendered = render_case(GetParam());
  ASSERT_TRUE(rendered) << rendered.error().what.view();
  if (std::getenv("MERIDIAN_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(GetParam() / "out.json", std::ios::binary) << pretty(rendered->bytes);
  }
  EXPECT_EQ(tokens(rendered->bytes), tokens(read_file(GetParam() / "out.json")));
  EXPECT_TRUE(fs::exists(GetParam() / "about.md"));
}

/// The plain text inside the packet, so that a person can read what a person will read.
TEST(RenderReferral, ThePageSaysWhatTheClinicMustKnow) {
  const auto rendered = render_case(golden / "packet-for-a-clinic");
  ASSERT_TRUE(rendered);
  const std::string before = R"("data":")";
  const auto begin = rendered->bytes.find(before) + before.size();
  const std::string coded = rendered->bytes.substr(begin, rendered->bytes.find('"', begin) - begin);
  std::string page(coded.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(page.data()),
                                   reinterpret_cast<const unsigned char*>(coded.data()),
                                   static_cast<int>(coded.size()));
  ASSERT_GT(size, 0);
  page.resize(page.find('\0'));
  const auto file = golden / "packet-for-a-clinic/page.txt";
  if (std::getenv("MERIDIAN_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(file, std::ios::binary) << page;
  }
  EXPECT_EQ(page, read_file(file));
}

TEST_P(RenderGolden, GivesTheSameBytesAgain) {
  const auto once = render_case(GetParam());
  const auto again = render_case(GetParam());
  ASSERT_TRUE(once);
  ASSERT_TRUE(again);
  EXPECT_EQ(once->bytes, again->bytes);
  EXPECT_EQ(once->key, again->key);
}

std::vector<fs::path> cases() {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(golden)) {
    if (entry.is_directory()) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

INSTANTIATE_TEST_SUITE_P(Cases, RenderGolden, ::testing::ValuesIn(cases()), [](const auto& one) {
  std::string name = one.param.filename().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(RenderReferral, NothingOfAWithheldRecordIsInThePacket) {
  const auto rendered = render_case(golden / "packet-for-a-clinic");
  ASSERT_TRUE(rendered);
  for (const char* secret : {"pioid", "F11.20", "c-9", "AC19", "Lives alone", "daughter", "widowed",
                             "Folake", "twice a day", "Encounter/e-1"}) {
    EXPECT_EQ(rendered->bytes.find(secret), std::string::npos) << secret;
  }
}

TEST(RenderReferral, NoPacketWithoutItsOrderOrItsPatient) {
  Letter letter;
  letter.raw = read_file(golden / "packet-for-a-clinic/input.json");
  letter.records = *read_fhir(letter.raw);
  letter.referral_id = "r";
  letter.source_order = "ServiceRequest/sr-88";
  FieldProfile profile;
  profile.allowed = {{"ServiceRequest", {"code"}}, {"Patient", {"name"}}};
  const FhirRenderer renderer(std::make_shared<Capabilities>());
  letter.include = {"Patient/p-204"};
  EXPECT_EQ(renderer.render(letter, profile).error().code, ErrorCode::not_found);
  letter.include = {"ServiceRequest/sr-88"};
  EXPECT_EQ(renderer.render(letter, profile).error().code, ErrorCode::not_found);
}

TEST(RenderReferral, RawBytesOfAnotherMessageAreRefused) {
  Letter letter;
  letter.raw = read_file(golden / "packet-for-a-clinic/input.json");
  letter.records = *read_fhir(letter.raw);
  letter.raw = "{}";
  letter.source_order = "ServiceRequest/sr-88";
  letter.include = {"ServiceRequest/sr-88"};
  FieldProfile profile;
  profile.allowed = {{"ServiceRequest", {"*"}}};
  const FhirRenderer renderer(std::make_shared<Capabilities>());
  EXPECT_EQ(renderer.render(letter, profile).error().code, ErrorCode::malformed);
}

TEST(RenderReport, AServerThatTakesNothingOfItIsSaidToBeUnsupported) {
  auto capabilities = std::make_shared<Capabilities>(find_dialect("ecw")->expected);
  Letter letter;
  letter.kind = Letter::Kind::status;
  letter.task_status = "accepted";
  const auto rendered = FhirRenderer(capabilities).render(letter, {});
  ASSERT_FALSE(rendered);
  EXPECT_EQ(rendered.error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace meridian::fhir
