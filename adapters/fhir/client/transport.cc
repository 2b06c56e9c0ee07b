// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/transport.h"

#include <algorithm>
#include <cstdlib>

namespace meridian::fhir::wire {
namespace {

std::string origin_of(const Url& url) {
  return url.scheme + "://" + url.authority();
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
}

/// How long the server keeps an idle connection by its "Keep-Alive: timeout=5", less a second for
/// the way; very long when it does not say.
std::chrono::milliseconds promised_idle(const HttpAnswer& answer) {
  constexpr std::string_view name = "timeout=";
  const std::string header(answer.header("keep-alive"));
  const auto at = header.find(name);
  if (at == std::string::npos) return std::chrono::hours{1};
  const auto seconds = std::clamp(std::atoi(header.c_str() + at + name.size()), 1, 3600);
  return std::chrono::seconds{seconds - 1};
}

}  // namespace

Result<std::unique_ptr<Transport>> Transport::create(TlsFiles files, const ClientLimits& limits,
                                                     std::shared_ptr<const Egress> egress) {
  std::unique_ptr<Transport> transport(new Transport(limits));
  auto connector = Connector::create(std::move(files), transport->watch_, std::move(egress));
  if (!connector) return connector.error();
  transport->connector_ = std::move(*connector);
  return transport;
}

std::unique_ptr<Connection> Transport::take_idle(const std::string& origin) {
  const std::scoped_lock lock(mutex_);
  auto& idle = idle_[origin];
  const auto now = std::chrono::steady_clock::now();
  while (!idle.empty()) {
    Idle newest = std::move(idle.back());
    idle.pop_back();
    if (newest.until > now && newest.connection->reusable()) {
      return std::move(newest.connection);
    }
  }
  return nullptr;
}

void Transport::keep_idle(const std::string& origin, std::unique_ptr<Connection> connection,
                          const HttpAnswer& answer) {
  if (!connection->reusable()) return;
  const std::scoped_lock lock(mutex_);
  auto& idle = idle_[origin];
  idle.push_back({std::move(connection), std::chrono::steady_clock::now() +
                                             std::min(limits_.idle, promised_idle(answer))});
  if (idle.size() > limits_.idle_connections) idle.pop_front();
}

Result<HttpAnswer> Transport::send_fresh(const HttpRequest& request, SteadyTime deadline) {
  auto connection = connector_->open(request.url, deadline, limits_.connect);
  if (!connection) return connection.error();
  auto answer = (*connection)->exchange(request, deadline, limits_.response_bytes);
  if (answer) keep_idle(origin_of(request.url), std::move(*connection), *answer);
  return answer;
}

Result<void> Transport::wait_for_turn(SteadyTime deadline) {
  while (pace_.budget) {
    const auto pause = pace_.budget->take(pace_.clock());
    if (pause.count() <= 0) break;
    if (std::chrono::steady_clock::now() + pause >= deadline) {
      return Error{ErrorCode::throttled, "fhir client", "no call is left in this minute"};
    }
    if (!pace_.wait(pause)) return Error{ErrorCode::stopping, "fhir client", "stopping"};
  }
  return {};
}

Result<HttpAnswer> Transport::send(const HttpRequest& request, bool repeatable,
                                   SteadyTime deadline) {
  if (watch_.stopped()) return Error{ErrorCode::stopping, "fhir client", "stopping"};
  for (const auto& [name, value] : request.headers) {
    if (has_control(name) || has_control(value)) {
      return Error{ErrorCode::invalid, "fhir client", "a header holds a control character"};
    }
  }
  if (auto turn = wait_for_turn(deadline); !turn) return turn.error();
  auto answer = exchange(request, repeatable, deadline);
  if (answer && pace_.budget && answer->status == 429 && answer->header("retry-after").empty()) {
    pace_.budget->refused(pace_.clock());
  }
  return answer;
}

Result<HttpAnswer> Transport::exchange(const HttpRequest& request, bool repeatable,
                                       SteadyTime deadline) {
  deadline = std::min(deadline, std::chrono::steady_clock::now() + limits_.attempt);
  auto connection = take_idle(origin_of(request.url));
  if (!connection) return send_fresh(request, deadline);
  auto answer = connection->exchange(request, deadline, limits_.response_bytes);
  if (answer) {
    keep_idle(origin_of(request.url), std::move(connection), *answer);
    return answer;
  }
  const ErrorCode code = answer.error().code;
  const bool not_sent = code == ErrorCode::unavailable;
  const bool closed_unanswered = code == ErrorCode::interrupted && !connection->answer_begun();
  if (watch_.stopped() || !(not_sent || (closed_unanswered && repeatable))) return answer;
  connection.reset();
  return send_fresh(request, deadline);
}

}  // namespace meridian::fhir::wire
