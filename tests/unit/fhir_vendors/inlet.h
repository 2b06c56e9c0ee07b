// SPDX-License-Identifier: Apache-2.0
// An inlet that keeps what a poll hands in.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "port/ports.h"

namespace meridian::test {

class KeepingInlet : public Inlet {
 public:
  Result<std::string> submit(Envelope envelope) override {
    kept.push_back(std::move(envelope));
    return std::string("yes");
  }
  Result<std::string> cursor(const SourceId&, std::string_view name) override {
    return cursors[std::string(name)];
  }
  Result<void> set_cursor(const SourceId&, std::string_view name, std::string_view value) override {
    cursors[std::string(name)] = value;
    return {};
  }

  /// Ids of what came of a type, in order, without versions.
  std::vector<std::string> of(const std::string& type) const {
    std::vector<std::string> ids;
    for (const auto& envelope : kept) {
      const auto& key = envelope.sender_id;
      if (!key.starts_with(type + "/")) continue;
      const auto id = key.substr(type.size() + 1);
      ids.push_back(id.substr(0, id.find('/')));
    }
    return ids;
  }

  std::vector<Envelope> kept;
  std::map<std::string, std::string> cursors;
};

}  // namespace meridian::test
