// SPDX-License-Identifier: Apache-2.0
// The parts of the walk that judge, and the server as a program.
#include <filesystem>
#include <sstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/base64.h"
#include "places.h"
#include "walk/child.h"
#include "walk/fhir_site.h"
#include "walk/patient_count.h"
#include "walk/story.h"

namespace meridian::sandbox {
namespace {

using Ids = std::set<std::string>;

TEST(PatientCount, FindsPatientsInBundlesSingleResourcesAndLines) {
  EXPECT_EQ(patients_in(R"({"resourceType":"Patient","id":"a"})"), Ids{"a"});
  EXPECT_EQ(patients_in(R"({"id":"a","resourceType":"Patient"})"), Ids{"a"}) << "any order";
  EXPECT_EQ(patients_in(R"({"resourceType":"Bundle","id":"x","entry":[
                {"resource":{"resourceType":"Patient","id":"a"}},
                {"resource":{"resourceType":"Patient","id":"b"}},
                {"resource":{"resourceType":"Task","id":"c"}}]})"),
            (Ids{"a", "b"}));
  EXPECT_EQ(patients_in("{\"resourceType\":\"Patient\",\"id\":\"a\"}\n"
                        "{\"resourceType\":\"Patient\",\"id\":\"b\"}\n"),
            (Ids{"a", "b"}));
}

TEST(PatientCount, LeavesOutContainedOnesAndReferences) {
  EXPECT_EQ(patients_in(R"({"resourceType":"Claim","id":"x","contained":[
                {"resourceType":"Patient","id":"in"}],"patient":{"type":"Patient","id":"no"}})"),
            Ids{});
}

TEST(PatientCount, TellsWhatIsNotJson) {
  EXPECT_FALSE(patients_in("{\"resourceType\":\"Patient\""));
  EXPECT_FALSE(patients_in("<Patient/>"));
  EXPECT_EQ(patients_in(" \n"), Ids{});
}

TEST(Base64, IsThatOfRfc4648) {
  EXPECT_EQ(encode_base64(""), "");
  EXPECT_EQ(encode_base64("f"), "Zg==");
  EXPECT_EQ(encode_base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(encode_base64(std::string_view("\xff\x00\xfe", 3)), "/wD+");
}

TEST(Story, MarksAFateThatCameOutWrong) {
  Story story;
  Fate right;
  right.order = "ServiceRequest/one";
  right.seen = "delivered";
  right.good = true;
  Fate wrong = right;
  wrong.order = "ServiceRequest/two";
  wrong.good = false;
  story.add(right);
  story.add(wrong);
  const std::string table = story.table();
  EXPECT_EQ(table.find("WRONG", table.find("WRONG") + 1), std::string::npos);
  EXPECT_LT(table.find("two"), table.find("WRONG"));
  EXPECT_NE(story.html().find("<td>WRONG: delivered</td>"), std::string::npos);
}

TEST(Story, FitsATerminalAndSaysInFullWhatWentWrong) {
  Story story;
  Fate fate;
  fate.order = "ServiceRequest/sr-somebody-with-a-long-name-acupuncture";
  fate.expected = fate.record = fate.meridian = fate.delivered = std::string(90, 'x');
  fate.seen = std::string(200, 'y') + ", NOT cancelled";
  story.add(fate);
  const std::string table = story.table();
  const auto below = table.find("came out wrong");
  EXPECT_NE(table.find("NOT cancelled", below), std::string::npos);
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line) && line.find("came out") == line.npos;) {
    EXPECT_LE(line.size(), 160U) << line;
  }
}

TEST(Story, EscapesWhatItShowsAsHtml) {
  Story story;
  story.tell("clinic", "<b>&");
  EXPECT_NE(story.html().find("&lt;b>&amp;"), std::string::npos);
}

/// A server program with a journal in a folder that vanishes with the test.
class ServerProgram : public testing::Test {
 protected:
  ServerProgram() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "meridian-fhir-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~ServerProgram() override { std::filesystem::remove_all(folder_); }

  std::vector<std::string> command(const std::string& port,
                                   const std::vector<std::string>& more = {}) const {
    std::vector<std::string> out = {std::string(test::build_folder) + "/bin/meridian-sandbox-fhir",
                                    "--port", port, "--journal", folder_ + "/journal.ndjson"};
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }

  static FhirSite site_of(const Child& child) {
    return FhirSite((*Json::parse(child.first_line()))["base"].text());
  }

  std::string log() const { return folder_ + "/log"; }

  std::string folder_;
};

TEST_F(ServerProgram, LoadsAFolderAndPagesThroughItOverHttp) {
  Child child(command("0", {"--data", std::string(test::source_folder) + "/sandbox/data/hospital",
                            "--page-size", "3"}),
              log());
  const FhirSite site = site_of(child);
  EXPECT_EQ(site.count("Patient"), 29U);
  EXPECT_EQ(site.count("ServiceRequest?status=active"), 25U);
  EXPECT_THROW(site.read("Patient/nobody"), std::runtime_error);
}

TEST_F(ServerProgram, ComesBackAtItsAddressWithItsRecords) {
  auto child = std::make_unique<Child>(command("0"), log());
  const FhirSite site = site_of(*child);
  const Json made = site.create(Json::object({{"resourceType", "Task"}, {"status", "requested"}}));
  child->stop();
  EXPECT_FALSE(child->running());
  EXPECT_THROW(site.read(reference_of(made)), std::runtime_error) << "it is down";
  const std::string port = site.base().substr(17, site.base().find('/', 17) - 17);
  child = std::make_unique<Child>(command(port), log());
  EXPECT_EQ(site.read(reference_of(made))["status"].text(), "requested");
}

TEST_F(ServerProgram, SaysWhatIsWrongWithItsOptions) {
  EXPECT_THROW(Child(command("0", {"--colour", "blue"}), log()), std::runtime_error);
  int status = 0;
  run_to_end(command("0", {"--data", "/nowhere"}), log(), status);
  EXPECT_NE(status, 0);
}

}  // namespace
}  // namespace meridian::sandbox
