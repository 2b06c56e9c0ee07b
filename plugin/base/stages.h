// SPDX-License-Identifier: Apache-2.0
// How the stages of the path of the data are counted and timed, without knowing who counts.
#pragma once

#include <chrono>
#include <string_view>

#include "base/result.h"

namespace meridian {

/// ARCHITECTURE.md, the path of the data.
enum class Stage {
  receive,
  parse,
  map,
  commit,
  gather,
  assess,
  route,
  render,
  claim,
  send,
  settle
};

/// "receive", "parse" ...
constexpr std::string_view stage_name(Stage stage) {
  constexpr std::string_view names[] = {"receive", "parse",  "map",   "commit", "gather", "assess",
                                        "route",   "render", "claim", "send",   "settle"};
  return names[static_cast<std::size_t>(stage)];
}

/// Takes what happened. Thread-safe, and so quick that it may be called anywhere.
class StageObserver {
 public:
  virtual ~StageObserver() = default;
  /// `outcome` is "done", the name of an error, or a word that the stage has for it.
  virtual void passed(Stage stage, Literal outcome, std::chrono::nanoseconds took) = 0;
  virtual void failed(Stage stage, ErrorCode code, std::chrono::nanoseconds took) = 0;
};

/// Does the work of a stage and tells the observer, if there is one, how it ended and how long it
/// took. A Result that failed counts under its error's name.
template <typename Work>
auto observed(StageObserver* observer, Stage stage, const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  auto outcome = work();
  if (observer == nullptr) return outcome;
  const auto took = std::chrono::steady_clock::now() - begin;
  if constexpr (requires { outcome.error(); }) {
    if (!outcome) {
      observer->failed(stage, outcome.error().code, took);
      return outcome;
    }
  }
  observer->passed(stage, "done", took);
  return outcome;
}

}  // namespace meridian
