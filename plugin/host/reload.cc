// SPDX-License-Identifier: Apache-2.0
#include "host/reload.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "host/ehr_clients.h"
#include "host/launch_hospitals.h"
#include "host/site_check.h"

namespace meridian::host {
namespace {

void fault(const Config& config, std::string text, Issues& issues) {
  issues.push_back({Severity::error, "invalid", config.file, std::move(text)});
}

/// What names the database and this node in it: another one is no change of configuration.
void check_lasting(const Config& before, const Config& now, Issues& issues) {
  const auto same = [&](const std::string& one, const std::string& other, const char* key) {
    if (one == other) return;
    fault(now, std::string(key) + " changes only with a restart; put it back, or restart", issues);
  };
  same(before.node, now.node, "[site] node");
  same(before.store_url, now.store_url, "[store] url");
  same(before.path_of(before.store_key_file), now.path_of(now.store_key_file), "[store] key_file");
}

Issues faults_of(const Config& config) {
  Issues issues;
  check_files(config, issues);
  ehr_clients(config, {}, issues);
  launch_hospitals(config, issues);
  std::erase_if(issues, [](const Issue& issue) { return issue.severity < Severity::error; });
  return issues;
}

}  // namespace

Result<std::unique_ptr<Reloadable>> Reloadable::open(const Config& config, Issues& issues,
                                                     Doors doors) {
  auto made = std::unique_ptr<Reloadable>(new Reloadable(doors));
  auto engine = Engine::open(config, issues, doors, &made->sockets_);
  if (!engine) return engine.error();
  made->engine_ = std::move(*engine);
  return made;
}

/// A site that runs with a fault (a licence that ended yesterday) must still be able to change
/// something else: only what the next configuration adds counts. Lines move, so the text tells.
Result<void> Reloadable::check(const Config& config, Issues& issues) const {
  if (!has_errors(issues)) {
    check_lasting(engine_->config(), config, issues);
    std::set<std::string> known;
    for (const auto& issue : faults_of(engine_->config())) known.insert(issue.text);
    for (auto& issue : faults_of(config)) {
      if (!known.contains(issue.text)) issues.push_back(std::move(issue));
    }
  }
  if (!has_errors(issues)) return {};
  return Error{ErrorCode::misconfigured, "reload", "the configuration has errors"};
}

Result<void> Reloadable::reload(const Config& config, Issues& issues) {
  const std::lock_guard alone(one_reload_);
  if (!engine_) return Error{ErrorCode::unavailable, "reload", "the runtime is closed"};
  auto checked = check(config, issues);
  auto next = checked ? engine_->prepare(config, issues) : checked.error();
  if (!next) {
    if (!has_errors(issues)) fault(config, std::string(next.error().what.view()), issues);
    engine_->note_refused(issues);
    return next.error();
  }
  return replace(std::move(*next), issues);
}

Result<void> Reloadable::replace(std::unique_ptr<Engine> next, Issues& issues) {
  const std::unique_lock lock(swap_);
  const auto begin = std::chrono::steady_clock::now();
  const auto before = engine_->config();
  auto done = next->take_over(engine_, issues, doors_, &sockets_);
  if (!done) {
    next.reset();
    return go_back(before, done.error(), issues);
  }
  engine_ = std::move(next);
  const auto took = std::chrono::steady_clock::now() - begin;
  log(LogLevel::info, "configuration.reloaded",
      {{"closed_milliseconds",
        std::chrono::duration_cast<std::chrono::milliseconds>(took).count()}});
  return {};
}

Result<void> Reloadable::go_back(const Config& before, Error why, Issues& issues) {
  fault(before, "the configuration cannot be started: " + std::string(why.what.view()), issues);
  Issues ignored;
  engine_.reset();
  auto again = Engine::open(before, ignored, doors_, &sockets_);
  if (!again) {
    log(LogLevel::error, "configuration.lost", {{"error", again.error()}});
    return again.error();
  }
  engine_ = std::move(*again);
  engine_->note_refused(issues);
  return why;
}

}  // namespace meridian::host
