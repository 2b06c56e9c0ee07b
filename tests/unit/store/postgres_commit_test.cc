// SPDX-License-Identifier: Apache-2.0
// The connection breaks at the worst moments: before, in and after a commit.
#include <condition_variable>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "unit/store/postgres_database.h"

namespace meridian::store {
namespace {

/// A relay between the store and the server that can drop the answer to a commit, or the commit.
class Relay {
 public:
  enum class Cut { nothing, commit, cable, answer, all };

  explicit Relay(int server_port) : server_port_(server_port), listener_(listen_somewhere(port_)) {
    thread_ = std::thread([this] { run(); });
  }
  ~Relay() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    for (auto& pair : pairs_) pair.join();
    ::close(listener_);
    if (hanging_ >= 0) ::close(hanging_);
  }
  int port() const { return port_; }

  /// What happens to the next commit; then nothing more. `cable`: the server does not miss us;
  /// `all` refuses every connection, too.
  std::atomic<Cut> cut{Cut::nothing};
  std::atomic<int> cuts{0};

 private:
  /// The whole statement, as it stands in a Query message: BEGIN has "READ COMMITTED" in it.
  static constexpr std::string_view commit{"COMMIT\0", 7};

  static sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  static int listen_somewhere(int& port) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener, 16), 0);
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    return listener;
  }
  int to_server() const {
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(server_port_);
    EXPECT_EQ(::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return server;
  }

  void run() {
    for (;;) {
      const int client = ::accept(listener_, nullptr, nullptr);
      if (client < 0) return;
      if (cut == Cut::all) {
        ::close(client);
      } else {
        pairs_.emplace_back([this, client] { relay(client, to_server()); });
      }
    }
  }

  /// Passes bytes both ways until one side ends or a cut is due.
  void relay(int client, int server) {
    bool waits_for_answer = false;
    char buffer[65536];
    for (;;) {
      pollfd sockets[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
      ::poll(sockets, 2, -1);
      const bool from_client = sockets[0].revents != 0;
      const auto size = ::recv(from_client ? client : server, buffer, sizeof buffer, 0);
      if (size <= 0) break;
      const std::string_view bytes(buffer, static_cast<std::size_t>(size));
      if (from_client && bytes.find(commit) != std::string_view::npos) {
        if (cut == Cut::commit) {
          cut = Cut::nothing;
          ++cuts;
          break;
        }
        if (cut == Cut::cable) {
          cut = Cut::nothing;
          ++cuts;
          hanging_ = server;
          ::close(client);
          return;
        }
        waits_for_answer = cut == Cut::answer || cut == Cut::all;
      } else if (!from_client && waits_for_answer) {
        if (cut == Cut::answer) cut = Cut::nothing;
        ++cuts;
        break;
      }
      if (::send(from_client ? server : client, buffer, bytes.size(), MSG_NOSIGNAL) != size) break;
    }
    ::close(client);
    ::close(server);
  }

  int server_port_;
  int port_ = 0;
  int listener_;
  int hanging_ = -1;  ///< a connection whose end the server does not know
  std::vector<std::thread> pairs_;
  std::thread thread_;
};

int port_of(const std::string& url) {
  return std::stoi(url.substr(url.find("127.0.0.1:") + 10));
}

class PostgresCommit : public testing::Test {
 protected:
  PostgresCommit() {
    // Other tests' sessions on the server have other names. The server keeps 63 bytes of one.
    database_.settings.node = new_ulid() + std::string(60, 'n');
    auto through = database_.settings;
    const auto old = std::to_string(port_of(through.url));
    through.url.replace(through.url.find(old), old.size(), std::to_string(relay_.port()));
    through.commit_patience = std::chrono::milliseconds(400);
    database_.open()->close();
    through_ = through;
    auto opened = open_postgres(through);
    EXPECT_TRUE(opened);
    store_ = std::move(*opened);
    apply(*store_, {});
  }
  ~PostgresCommit() override { store_.reset(); }

  PostgresDatabase database_;
  Relay relay_{port_of(postgres_url())};
  PostgresSettings through_;
  std::unique_ptr<Store> store_;
};

TEST_F(PostgresCommit, IsFoundOutWhenItsAnswerIsLost) {
  relay_.cut = Relay::Cut::answer;
  const auto accepted = store_->accept(a_message(""), new_referral(a_referral()));
  EXPECT_TRUE(accepted);
  EXPECT_EQ(relay_.cuts, 1);
  EXPECT_EQ(store_->counts()->referrals, 1);
}

TEST_F(PostgresCommit, IsDoneAgainWhenItNeverArrived) {
  relay_.cut = Relay::Cut::commit;
  Changes changes = new_referral(a_referral());
  changes.audits.push_back({"PatientRead", "engine", "x", "success"});
  EXPECT_TRUE(store_->accept(a_message(""), changes));
  EXPECT_EQ(relay_.cuts, 1);
  EXPECT_EQ(store_->counts()->referrals, 1);
  EXPECT_EQ(store_->counts()->messages, 2);
  EXPECT_EQ(*store_->verify_audit(), 1);
}

TEST_F(PostgresCommit, EndsTheSessionThatTheServerDoesNotMiss) {
  relay_.cut = Relay::Cut::cable;
  const auto accepted = store_->accept(a_message(""), new_referral(a_referral()));
  EXPECT_TRUE(accepted) << accepted.error().what.view();
  EXPECT_EQ(relay_.cuts, 1);
  EXPECT_EQ(store_->counts()->referrals, 1);
}

TEST_F(PostgresCommit, IsInDoubtWhileTheServerIsAwayAndARepeatIsRecognised) {
  relay_.cut = Relay::Cut::all;
  const auto message = a_message("1");
  const auto lost = store_->accept(message, new_referral(a_referral()));
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, ErrorCode::interrupted);
  EXPECT_EQ(store_->accept(message, {}).error().code, ErrorCode::store_failed);
  relay_.cut = Relay::Cut::nothing;
  const auto again = store_->accept(message, new_referral(a_referral()));
  ASSERT_TRUE(again) << again.error().what.view();
  EXPECT_TRUE(again->repeat);
  EXPECT_EQ(store_->counts()->referrals, 1);
}

TEST_F(PostgresCommit, ComesBackAfterItsSessionsWereEnded) {
  EXPECT_TRUE(store_->counts());
  for (int i = 0; i < 3; ++i) {
    database_.sql(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE application_name LIKE 'meridian " +
        through_.node.substr(0, 26) + "%'");
    EXPECT_TRUE(store_->counts());
    const auto accepted = store_->accept(a_message(""), new_referral(a_referral()));
    EXPECT_TRUE(accepted) << accepted.error().what.view();
  }
  EXPECT_EQ(store_->counts()->referrals, 3);
}

}  // namespace
}  // namespace meridian::store
