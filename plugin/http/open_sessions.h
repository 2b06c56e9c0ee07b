// SPDX-License-Identifier: Apache-2.0
// The connections of a server that are open, and how all of them end.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <set>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace meridian::http {

/// Thread-safe. A Session has socket(), and on its strand wind_down() and cut().
template <typename Session>
class OpenSessions {
 public:
  /// False when no more are let in.
  bool enter(const std::shared_ptr<Session>& session) {
    const std::lock_guard lock(mutex_);
    if (shut_) return false;
    sessions_.insert(session);
    return true;
  }

  void leave(const std::shared_ptr<Session>& session) {
    const std::lock_guard lock(mutex_);
    sessions_.erase(session);
    if (sessions_.empty()) empty_.notify_all();
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return sessions_.size();
  }

  /// No more are let in. False when that was so already.
  bool shut() {
    const std::lock_guard lock(mutex_);
    return !std::exchange(shut_, true);
  }

  /// Lets each end what is under way for `drain`, then cuts it. False when some did not end even
  /// so. Not from a thread that runs `io`; where nobody does, nothing is waited for.
  bool end(const boost::asio::io_context& io, std::chrono::milliseconds drain) {
    constexpr std::chrono::milliseconds last_wait{5'000};
    tell_each(&Session::wind_down);
    if (io.stopped() || wait_until_empty(drain)) return true;
    tell_each(&Session::cut);
    return wait_until_empty(last_wait);
  }

 private:
  void tell_each(void (Session::*call)()) {
    const std::lock_guard lock(mutex_);
    for (const auto& session : sessions_) {
      boost::asio::post(session->socket().get_executor(), [session, call] { (*session.*call)(); });
    }
  }

  bool wait_until_empty(std::chrono::milliseconds within) {
    std::unique_lock lock(mutex_);
    return empty_.wait_for(lock, within, [this] { return sessions_.empty(); });
  }

  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::set<std::shared_ptr<Session>> sessions_;
  bool shut_ = false;
};

}  // namespace meridian::http
