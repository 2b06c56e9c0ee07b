// SPDX-License-Identifier: Apache-2.0
// One HTTP request and its answer, as values.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fhir/client/origin.h"

namespace meridian::fhir::wire {

using SteadyTime = std::chrono::steady_clock::time_point;
using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  Url url;
  HeaderList headers;  ///< names and values must be free of control characters
  std::string body;
};

struct HttpAnswer {
  int status = 0;
  HeaderList headers;  ///< names in lower case
  std::string body;

  /// The first value of a header, by its name in lower case; empty when there is none.
  std::string_view header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
};

}  // namespace meridian::fhir::wire
