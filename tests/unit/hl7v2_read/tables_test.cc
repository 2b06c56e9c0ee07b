// SPDX-License-Identifier: Apache-2.0
// The page fhir-profiles/v2/README.md and the tables say the same.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "places.h"
#include "unit/hl7v2_read/read_v2.h"

namespace meridian::hl7v2 {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

const fs::path folder = fs::path(test::source_folder) / "fhir-profiles/v2";

TEST(Tables, EachHasARowOnThePage) {
  const auto page = text_of(folder / "README.md");
  std::size_t tables = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().stem().string();
    if (entry.path().extension() != ".json") continue;
    ++tables;
    EXPECT_NE(page.find("`" + name.substr(std::string("ConceptMap-").size()) + "`"),
              std::string::npos)
        << name << " is not on the page";
  }
  EXPECT_GT(tables, 15U);
}

TEST(Tables, EachTheProgramAsksForIsThere) {
  const auto& tables = knowledge().terminology;
  const auto sources = fs::path(test::source_folder) / "adapters/hl7v2/read";
  std::size_t asked = 0;
  for (const auto& entry : fs::directory_iterator(sources)) {
    const auto text = text_of(entry.path());
    for (auto at = text.find("\"v2-"); at != std::string::npos; at = text.find("\"v2-", at + 1)) {
      const auto name = text.substr(at + 1, text.find('"', at + 1) - at - 1);
      EXPECT_TRUE(fs::exists(folder / ("ConceptMap-" + name + ".json"))) << name;
      ++asked;
    }
  }
  EXPECT_GT(asked, 15U);
  EXPECT_EQ(tables.translate("v2-administrative-sex",
                             {"http://terminology.hl7.org/CodeSystem/v2-0001", "F", ""}),
            "female");
}

}  // namespace
}  // namespace meridian::hl7v2
