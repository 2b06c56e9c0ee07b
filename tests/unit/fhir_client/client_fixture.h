// SPDX-License-Identifier: Apache-2.0
// A client for a test server: it waits in no time and writes down how long it would have.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "fhir/client/fhir_client.h"
#include "unit/fhir_client/test_server.h"

namespace meridian::test {

using namespace std::chrono_literals;

/// 2026-11-20T10:15:00Z.
inline const Instant fixed_now = Instant{1795169700s};

struct ClientFixture {
  fhir::ClientSettings settings;
  fhir::ClientSurroundings surroundings;
  std::mutex mutex;
  std::vector<std::chrono::milliseconds> waits;

  explicit ClientFixture(std::string base_url) {
    settings.base_url = std::move(base_url);
    surroundings.clock = [] { return fixed_now; };
    surroundings.waiter = [this](std::chrono::milliseconds time) {
      const std::scoped_lock lock(mutex);
      waits.push_back(time);
      return true;
    };
  }

  std::unique_ptr<fhir::FhirClient> client() const {
    auto made = fhir::FhirClient::create(settings, surroundings);
    if (!made) throw std::runtime_error(std::string(made.error().what.view()));
    return std::move(*made);
  }
};

}  // namespace meridian::test
