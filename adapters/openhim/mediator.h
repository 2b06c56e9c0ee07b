// SPDX-License-Identifier: Apache-2.0
// Meridian as a mediator of the Open Health Information Mediator: it makes itself known to the
// core, and says that it lives. Source: OpenHIM documentation, "RESTful API" (authentication) and
// "Mediators" (registration, heartbeat); openhim-core src/api/mediators.js and
// src/api/heartbeat.js.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"

namespace meridian::openhim {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// What the core said, of any status.
struct Answer {
  int status = 0;
  std::string body;
};

/// Where the core reaches us.
struct Endpoint {
  std::string host;
  int port = 0;
  bool tls = false;
};

struct MediatorSettings {
  std::string api;       ///< URL of the core's API, without a slash at its end
  std::string user;      ///< of the core, in its group "admin": only those may register
  std::string password;  ///< never leaves: what is shown is a digest with the core's time
  std::string urn;       ///< one for each node
  std::string name;
  std::string version;  ///< Semantic Versioning; the core takes changes only from a greater one
  std::function<Endpoint()> endpoint;
  /// GET of a JSON text, and POST of one: https, or http on the loopback, without redirects.
  std::function<Result<std::string>(const std::string& url)> get;
  std::function<Result<Answer>(const std::string& url, const Headers& headers,
                               const std::string& json)>
      post;
};

/// Life: made, started once, stopped once or more.
class Mediator {
 public:
  /// The core takes a mediator for lost after 60 s of silence.
  static constexpr std::chrono::seconds interval{10};

  explicit Mediator(MediatorSettings settings) : settings_(std::move(settings)) {}
  ~Mediator() { stop(); }
  Mediator(const Mediator&) = delete;
  Mediator& operator=(const Mediator&) = delete;

  /// Registers, where that was not done or the core has forgotten it, and beats once. Errors:
  /// forbidden (user, password or group), invalid (the core takes no such mediator), unavailable,
  /// those of a connection.
  Result<void> beat(std::chrono::seconds uptime);

  /// Beats at each interval, on a thread of its own, whatever the core answers; what it says is
  /// logged when it changes.
  void start();
  void stop();

 private:
  Result<Headers> credentials() const;
  Result<int> post(const std::string& path, const std::string& json) const;
  Result<void> introduce();
  void note(const Result<void>& beaten);
  void run();

  MediatorSettings settings_;
  bool known_ = false;      ///< to the core
  std::string last_error_;  ///< "" while it goes well
  std::mutex mutex_;        ///< guards stopping_
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace meridian::openhim
