// SPDX-License-Identifier: Apache-2.0
// A configuration that is read anew while the runtime runs: what changed, what was refused, and
// that nobody who was connected, connects or waits for an acknowledgement loses anything.
#include "host/reload.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>

#include <gtest/gtest.h>

#include "places.h"
#include "unit/hl7v2_mllp/wire.h"

namespace meridian::host {
namespace {

namespace fs = std::filesystem;
using test::MllpWire;

std::string hospital(const std::string& id) {
  return "[[hospital]]\nid = \"" + id + "\"\n[[mllp]]\nlisten = \"127.0.0.1:0\"\nsource = \"" + id +
         "\"\n";
}

std::string clinic(const std::string& id) {
  return "[[clinic]]\nid = \"" + id + "\"\nmllp = \"127.0.0.1:1\"\nmllp_plain = true\n" +
         "[[mllp]]\nlisten = \"127.0.0.1:0\"\nsource = \"" + id + "\"\n";
}

class Reload : public testing::Test {
 protected:
  Reload() {
    fs::create_directories(folder_);
    Issues issues;
    auto opened = Reloadable::open(read(first_, issues), issues, Doors::open);
    if (opened) site_ = std::move(*opened);
  }
  ~Reload() override {
    site_.reset();
    fs::remove_all(folder_);
  }
  void SetUp() override { ASSERT_TRUE(site_); }

  Config read(const std::string& toml, Issues& issues) const {
    return read_config(toml, "site.toml", folder_, issues);
  }

  /// The faults, one a line; empty when it was taken.
  std::string reload(const std::string& toml) {
    Issues issues;
    const auto config = read(toml, issues);
    const auto done = site_->reload(config, issues);
    if (done) return {};
    std::string said;
    for (const auto& issue : issues) {
      if (issue.severity >= Severity::error) said += issue.text + "\n";
    }
    return said.empty() ? std::string(done.error().what.view()) : said;
  }

  std::uint16_t port() const {
    const auto address = site_->use()->mllp_addresses().at(0);
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }

  SiteView view() const { return *site_->use()->desk().site({"test", Role::viewer}); }

  static std::string referral(const std::string& control_id = "I-1") {
    std::ifstream in(std::string(test::source_folder) +
                     "/tests/golden/normalize/hl7v2/ref-i12-acupuncture.hl7");
    std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto at = text.find("|I-1|");
    return text.replace(at, 5, "|" + control_id + "|");
  }

  static std::string answer_to(MllpWire& wire, const std::string& message) {
    wire.send_frame(message);
    const auto ack = wire.frame();
    return ack.substr(std::min(ack.find("MSA|"), ack.size()));
  }

  const std::string folder_ = fs::temp_directory_path() / ("meridian-reload-" + new_ulid());
  const std::string first_ = "[http]\nlisten = \"127.0.0.1:0\"\n" + hospital("north");
  std::unique_ptr<Reloadable> site_;
};

TEST_F(Reload, ASystemThatWasAddedIsThereAndThePageSaysWhatChanged) {
  EXPECT_EQ(view().peers.size(), 1u);
  EXPECT_EQ(reload(first_ + clinic("quiet-river")), "");
  EXPECT_EQ(view().peers.size(), 2u);
  EXPECT_EQ(view().changed,
            (std::vector<std::string>{"clinic.quiet-river.id", "clinic.quiet-river.mllp",
                                      "clinic.quiet-river.mllp_plain", "mllp.quiet-river.listen",
                                      "mllp.quiet-river.source"}));
  EXPECT_EQ(reload(first_ + clinic("still-water")), "");
  EXPECT_EQ(view().peers.size(), 2u) << "one gone again, for another";
  EXPECT_NE(reload(first_), "") << "without any clinic nothing could go out";
  EXPECT_EQ(view().peers.size(), 2u);
}

TEST_F(Reload, PortsStayAndWhatWasTakenBeforeIsARepeatAfter) {
  const auto web = site_->use()->web_address();
  const auto before = port();
  std::string first;
  {
    MllpWire wire(before);
    first = answer_to(wire, referral());
  }
  EXPECT_EQ(reload(first_ + clinic("quiet-river")), "");
  EXPECT_EQ(site_->use()->web_address(), web);
  EXPECT_EQ(port(), before);
  MllpWire wire(before);
  EXPECT_EQ(answer_to(wire, referral()), first);
  EXPECT_EQ(site_->use()->desk().health().messages, 1u);
}

TEST_F(Reload, AFaultLeavesEverythingAsItWasAndSaysWhy) {
  MllpWire wire(port());
  EXPECT_EQ(answer_to(wire, referral()), "MSA|CA|I-1\r");
  EXPECT_NE(reload(first_ + "[[clinic]]\nid = \"x\"\nfihr = \"http://127.0.0.1:1\"\n"), "");
  EXPECT_NE(reload("this is no TOML"), "");
  EXPECT_NE(site_->use()->refused(), "") << "remembered";
  EXPECT_EQ(answer_to(wire, referral("I-2")), "MSA|CA|I-2\r") << "the connection is the same";
  EXPECT_EQ(view().peers.size(), 1u);
  EXPECT_EQ(reload(first_), "");
  EXPECT_EQ(site_->use()->refused(), "") << "until one is taken";
}

TEST_F(Reload, AnAddressMayKeepItsPort) {
  const auto address = "\"127.0.0.1:" + std::to_string(port()) + "\"";
  std::string moved = first_;
  moved.replace(moved.rfind("\"127.0.0.1:0\""), 13, address);
  EXPECT_EQ(reload(moved), "");
  MllpWire wire(port());
  EXPECT_EQ(answer_to(wire, referral()), "MSA|CA|I-1\r");
}

TEST_F(Reload, AnotherDatabaseOrNodeNeedsARestart) {
  EXPECT_NE(reload("[site]\nnode = \"node-9\"\n" + first_).find("[site] node changes only"),
            std::string::npos);
  EXPECT_NE(reload("[store]\nurl = \"sqlite:other.db\"\n" + first_).find("[store] url changes"),
            std::string::npos);
  EXPECT_EQ(reload("[store]\nkey_file = \"./meridian.key\"\n" + first_).find("key_file"), 0u + 8);
}

TEST_F(Reload, AFaultThatTheSiteRunsWithDoesNotKeepItFromChangingSomethingElse) {
  // No contact and no approved content: `meridian check` would say "not ready" to both.
  EXPECT_EQ(reload(first_ + "[delivery]\nworkers = 3\n"), "");
  const auto said = reload(first_ +
                           "[[client]]\nid = \"engine\"\nrole = \"source\"\nsource = "
                           "\"north\"\ntoken_file = \"there-is-none\"\n");
  EXPECT_NE(said.find("there-is-none"), std::string::npos) << said;
}

TEST_F(Reload, APortThatIsTakenBringsTheConfigurationBeforeBack) {
  // A socket that somebody else has: found only when the runtime is made anew.
  const auto taken = site_->use()->web_address();
  ListeningSockets elsewhere;
  const auto socket = elsewhere.take("127.0.0.1:0");
  ASSERT_TRUE(socket);
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ASSERT_EQ(::getsockname(*socket, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const auto said =
      reload("[http]\nlisten = \"127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "\"\n" +
             hospital("north"));
  EXPECT_NE(said.find("cannot be started: cannot listen"), std::string::npos) << said;
  EXPECT_EQ(site_->use()->web_address(), taken);
  EXPECT_NE(site_->use()->refused(), "");
  MllpWire wire(port());
  EXPECT_EQ(answer_to(wire, referral()), "MSA|CA|I-1\r");
}

/// As an engine sends: it goes on to the next message only with an acknowledgement, and connects
/// and sends again where there was none.
class Sender {
 public:
  Sender(std::uint16_t port, std::function<std::string(int)> message)
      : thread_([this, port, message] {
          for (int number = 0; !ended_; ++number) {
            while (!send(port, message(number))) ++again_;
            ++acknowledged_;
          }
        }) {}
  int end() {
    ended_ = true;
    thread_.join();
    return acknowledged_;
  }
  int acknowledged() const { return acknowledged_; }

 private:
  bool send(std::uint16_t port, const std::string& message) {
    try {
      if (!wire_) wire_ = std::make_unique<MllpWire>(port);
      wire_->send_frame(message);
      if (wire_->frame().find("MSA|CA|") != std::string::npos) return true;
    } catch (const std::exception&) {
    }
    wire_.reset();
    return false;
  }

  std::atomic<bool> ended_{false};
  std::atomic<int> acknowledged_{0};
  std::atomic<int> again_{0};
  std::unique_ptr<MllpWire> wire_;
  std::thread thread_;
};

TEST_F(Reload, UnderLoadNothingAcknowledgedIsLostAndNothingIsTakenTwice) {
  Sender sender(port(), [](int number) { return referral("L-" + std::to_string(number)); });
  for (int i = 0; i < 5; ++i) {
    const int before = sender.acknowledged();
    while (sender.acknowledged() < before + 3) std::this_thread::yield();
    EXPECT_EQ(reload(first_ + clinic(i % 2 == 0 ? "quiet-river" : "still-water")), "");
  }
  const int acknowledged = sender.end();
  EXPECT_EQ(site_->use()->desk().health().messages, acknowledged);
}

}  // namespace
}  // namespace meridian::host
