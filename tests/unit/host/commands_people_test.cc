// SPDX-License-Identifier: Apache-2.0
// `meridian people`: what is printed, with and without a runtime that has the database open.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "host/commands.h"
#include "host/engine.h"
#include "host/site.h"

namespace meridian::host {
namespace {

namespace fs = std::filesystem;

class PeopleCommand : public testing::Test {
 protected:
  PeopleCommand() {
    fs::create_directories(folder_);
    std::ofstream(command_.config) << "[site]\nname = \"Tamarack Ridge\"\n"
                                      "public_url = \"https://meridian.example\"\n"
                                      "[http]\nlisten = \"127.0.0.1:0\"\n"
                                      "[[clinic]]\nid = \"quiet-river\"\n"
                                      "fhir = \"http://127.0.0.1:1/fhir\"\n"
                                      "licence_state = \"WA\"\nlicence_until = \"2999-12-31\"\n"
                                      "agreement_until = \"2999-12-31\"\n"
                                      "[[clinic]]\nid = \"old-mill\"\n"
                                      "fhir = \"http://127.0.0.1:1/fhir\"\n";
    command_.yes = true;
    command_.by = "Ada";
    EXPECT_TRUE(open_site_store(config(), StoreUse::run)) << "makes the database";
  }
  ~PeopleCommand() override { fs::remove_all(folder_); }

  Config config() const {
    Issues issues;
    return load_config(command_.config, issues);
  }
  template <typename Run>
  std::string printed(const Run& run) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    status_ = run();
    said_ = testing::internal::GetCapturedStderr();
    return testing::internal::GetCapturedStdout();
  }
  std::string add(const NewPerson& person) {
    return printed([&] { return add_person(command_, person); });
  }
  std::string change(const std::string& action, const std::string& person) {
    return printed([&] { return change_people(command_, action, {person}); });
  }
  std::string listed() {
    return printed([&] { return list_people(command_); });
  }
  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  const fs::path folder_ = fs::temp_directory_path() / ("people_" + new_ulid());
  SiteCommand command_{(folder_ / "meridian.toml").string(), false, false, false, ""};
  const NewPerson ana_{"Ana Ruiz", "ana@quietriver.example", "clinic", "quiet-river"};
  int status_ = 0;
  std::string said_;
};

TEST_F(PeopleCommand, AddsSomebodyAndPrintsTheLink) {
  const auto added = add(ana_);
  EXPECT_EQ(status_, 0) << said_;
  EXPECT_TRUE(has(added, R"("link":"https://meridian.example/enrol/)")) << added;
  const auto line = listed();
  EXPECT_TRUE(has(line, R"("name":"Ana Ruiz","email":"ana@quietriver.example","role":"clinic",)"
                        R"("clinic":"quiet-river","state":"invited")"))
      << line;
  EXPECT_FALSE(has(line, "/enrol/")) << "the link is shown once";
}

TEST_F(PeopleCommand, SaysWhyNot) {
  add({"Bo Lind", "bo@oldmill.example", "clinic", "old-mill"});
  EXPECT_EQ(status_, 1);
  EXPECT_EQ(listed(), "");
  change("lock", "nobody@x.example");
  EXPECT_EQ(status_, 1);
  EXPECT_TRUE(has(said_, "no such person")) << said_;
}

TEST_F(PeopleCommand, ShowsFirstAndChangesNothingWithoutYes) {
  command_.yes = false;
  const auto shown = add(ana_);
  EXPECT_TRUE(has(shown, R"("done":false)")) << shown;
  EXPECT_FALSE(has(shown, "/enrol/")) << shown;
  EXPECT_EQ(listed(), "");
}

TEST_F(PeopleCommand, ReachesARuntimeThatHasTheDatabase) {
  Issues issues;
  const auto engine = Engine::open(config(), issues);
  ASSERT_TRUE(engine) << engine.error().what.view();
  const auto added = add(ana_);
  EXPECT_EQ(status_, 0) << said_;
  EXPECT_TRUE(has(added, R"("link":"https://meridian.example/enrol/)")) << added << said_;
  EXPECT_TRUE(has(change("lock", "ana@quietriver.example"), R"("done":true)")) << said_;
  EXPECT_TRUE(has(listed(), R"("state":"locked")"));
  EXPECT_TRUE(has(change("unlock", "ana@quietriver.example"), R"("done":true)")) << said_;
  EXPECT_TRUE(has(listed(), R"("state":"invited")")) << "who never enrolled still has to";
  EXPECT_TRUE(has(change("invite", "ana@quietriver.example"), "/enrol/")) << said_;
  EXPECT_TRUE(has(change("remove", "ana@quietriver.example"), R"("done":true)")) << said_;
  EXPECT_TRUE(
      has(listed(), R"("email":"","role":"clinic","clinic":"quiet-river","state":"removed")"));
}

}  // namespace
}  // namespace meridian::host
