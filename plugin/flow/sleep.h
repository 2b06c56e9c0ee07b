// SPDX-License-Identifier: Apache-2.0
// Loops that have nothing to do sleep, and are woken for what they are there for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <list>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace meridian::flow {

/// The sleep of loops that take from one queue. One thread at a time: that of the io_context.
class Sleep {
 public:
  explicit Sleep(boost::asio::io_context& io) : io_(io) {}

  /// One for each loop, which waits on it when it has nothing to do. Lives as long as this.
  boost::asio::steady_timer& new_nap() { return naps_.emplace_back(io_); }

  /// Ends as many naps as there are `things` to do. What finds nobody asleep is kept for whoever
  /// would fall asleep next: it may have looked before the thing was there.
  void end(std::size_t things) {
    for (auto& nap : naps_) {
      if (things == 0) return;
      things -= nap.cancel();
    }
    unheard_ = std::min(unheard_ + things, naps_.size());
  }

  void end_all() {
    for (auto& nap : naps_) nap.cancel();
  }

  /// True when the caller should look once more in place of sleeping.
  bool is_called() { return unheard_ > 0 && unheard_-- > 0; }

 private:
  boost::asio::io_context& io_;
  std::list<boost::asio::steady_timer> naps_;
  std::size_t unheard_ = 0;
};

}  // namespace meridian::flow
