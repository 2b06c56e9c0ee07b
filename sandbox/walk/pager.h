// SPDX-License-Identifier: Apache-2.0
// The on-call pager, and the page that shows the walk: what the walk itself serves.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "fhir_server/json.h"
#include "walk/story.h"

namespace meridian::sandbox {

/// Takes alerts at /page and serves the story at /. Loopback, a free port.
class Pager {
 public:
  explicit Pager(const Story& story);
  ~Pager();

  std::string url() const;   ///< where alerts go
  std::string page() const;  ///< where the story is

  std::vector<Json> alerts() const;  ///< as received, oldest first

 private:
  struct Serving;

  mutable std::mutex mutex_;
  std::vector<Json> alerts_;
  std::unique_ptr<Serving> serving_;
};

}  // namespace meridian::sandbox
