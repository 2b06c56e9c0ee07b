// SPDX-License-Identifier: Apache-2.0
// `meridian people`: what is printed, with and without a runtime that has the database open.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/base64.h"
#include "host/commands.h"
#include "host/engine.h"
#include "host/site.h"

namespace meridian::host {
namespace {

namespace fs = std::filesystem;

/// tests/smtp_server.py without TLS, as long as this lives.
class MailServer {
 public:
  MailServer() {
    fs::create_directories(folder_);
    std::vector<std::string> words = {"python3", "-B", MERIDIAN_SMTP_SERVER, folder_.string()};
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    EXPECT_EQ(::posix_spawnp(&process_, "python3", nullptr, nullptr, argv.data(), environ), 0);
    while (port() == 0 && ::waitpid(process_, nullptr, WNOHANG) == 0) std::this_thread::yield();
  }
  ~MailServer() {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
    fs::remove_all(folder_);
  }
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;

  int port() const {
    std::ifstream in(folder_ / "port");
    int number = 0;
    in >> number;
    return number;
  }
  /// "" when there is none.
  std::string mail(int number) const {
    std::ifstream in(folder_ / (std::to_string(number) + ".eml"));
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  const fs::path folder_ = fs::temp_directory_path() / ("mail_" + new_ulid());
  pid_t process_ = 0;
};

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
  void mail_by(int port) const {
    std::ofstream(command_.config, std::ios::app)
        << "[mail]\nhost = \"127.0.0.1\"\nport = " << port
        << "\nsecurity = \"none\"\nfrom = \"meridian@ridge.example\"\n";
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

TEST_F(PeopleCommand, AnInboxThatNobodyMayOpenIsSaidByCheck) {
  std::ofstream(command_.config, std::ios::app) << "[[clinic]]\nid = \"fern\"\ninbox = true\n"
                                                   "licence_state = \"WA\"\n"
                                                   "licence_until = \"2999-12-31\"\n"
                                                   "agreement_until = \"2999-12-31\"\n";
  const auto checked = [&] { return printed([&] { return check(command_.config); }); };
  const std::string said =
      "warning: nobody may open the inbox of \"fern\"; meridian people add "
      "--role clinic --clinic fern invites one of its people";
  EXPECT_TRUE(has(checked(), said));
  EXPECT_FALSE(has(checked(), "inbox of \"quiet-river\"")) << "it has none";
  add({"Fay Oduya", "fay@fern.example", "clinic", "fern"});
  EXPECT_EQ(status_, 0) << said_;
  EXPECT_FALSE(has(checked(), "nobody may open"));
  change("remove", "fay@fern.example");
  EXPECT_TRUE(has(checked(), said)) << "who is removed opens nothing";
}

TEST_F(PeopleCommand, WithMailTheLinkIsInTheMailAndNowhereElse) {
  const MailServer server;
  mail_by(server.port());
  const auto added = printed([&] { return add_person(command_, ana_, true); });
  EXPECT_EQ(status_, 0) << said_;
  EXPECT_TRUE(has(added, R"("mailed":true)")) << added;
  EXPECT_FALSE(has(added + said_, "/enrol/")) << added << said_;
  const auto first = server.mail(1);
  EXPECT_TRUE(has(first, "-> ana@quietriver.example")) << first;
  const auto body = decode_base64(first.substr(first.find("\r\n\r\n"))).value_or("");
  EXPECT_TRUE(has(body, "https://meridian.example/enrol/")) << body;
  EXPECT_FALSE(has(body, "Ana Ruiz")) << "no name: the mail may be read by others";
  const auto again =
      printed([&] { return change_people(command_, "invite", {"ana@quietriver.example"}, true); });
  EXPECT_EQ(status_, 0) << said_;
  EXPECT_FALSE(has(again + said_, "/enrol/"));
  const auto second = server.mail(2);
  EXPECT_NE(second.substr(second.find("\r\n\r\n")), first.substr(first.find("\r\n\r\n")))
      << "another link";
}

TEST_F(PeopleCommand, AMailThatCannotGoIsSaidAndTheLinkStaysSecret) {
  printed([&] { return add_person(command_, ana_, true); });
  EXPECT_EQ(status_, 1);
  EXPECT_TRUE(has(said_, "--mail needs a [mail] table")) << said_;
  EXPECT_EQ(listed(), "") << "nobody was added";
  mail_by(1);  // nobody listens there
  const auto added = printed([&] { return add_person(command_, ana_, true); });
  EXPECT_EQ(status_, 1);
  EXPECT_TRUE(has(said_, "they are invited and were not told")) << said_;
  EXPECT_FALSE(has(added + said_, "/enrol/")) << added << said_;
  EXPECT_TRUE(has(listed(), R"("state":"invited")"));
}

TEST_F(PeopleCommand, WithMailNothingIsSentBeforeSomebodySaysYes) {
  const MailServer server;
  mail_by(server.port());
  command_.yes = false;
  printed([&] { return add_person(command_, ana_, true); });
  EXPECT_EQ(listed(), "");
  EXPECT_EQ(server.mail(1), "");
}

}  // namespace
}  // namespace meridian::host
