// SPDX-License-Identifier: Apache-2.0
// Blocking work in the middle of a coroutine.
#pragma once

#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace meridian::http {

/// Runs `work`, which must not throw, on a thread of the pool and resumes the coroutine where it
/// was. What `work` refers to must live until then.
template <typename Value, typename Work>
boost::asio::awaitable<Value> on_thread(boost::asio::thread_pool& pool, Work work) {
  namespace asio = boost::asio;
  auto initiate = [&pool, work = std::move(work)](auto handler) mutable {
    auto home = asio::make_work_guard(asio::get_associated_executor(handler));
    asio::post(pool, [home = std::move(home), handler = std::move(handler),
                      work = std::move(work)]() mutable {
      Value value = work();
      asio::post(home.get_executor(),
                 [handler = std::move(handler), value = std::move(value)]() mutable {
                   std::move(handler)(std::move(value));
                 });
    });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Value)>(
      std::move(initiate), asio::use_awaitable);
}

}  // namespace meridian::http
