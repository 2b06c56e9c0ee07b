// SPDX-License-Identifier: Apache-2.0
#include "host/config_changes.h"

#include <sstream>

#include <toml++/toml.h>

#include "base/hash.h"

namespace meridian::host {
namespace {

constexpr std::size_t digest_digits = 24;

class Digests {
 public:
  explicit Digests(std::string_view secret) : secret_(secret) {}

  void add(const std::string& name, const toml::node& node) {
    if (const auto* table = node.as_table()) return add_table(name, *table);
    const auto* list = node.as_array();
    if (list != nullptr && list->is_array_of_tables()) return add_list(name, *list);
    std::ostringstream value;
    node.visit([&](const auto& one) { value << one; });
    found[name] = hex(hmac_sha256(secret_, name + "\n" + value.str())).substr(0, digest_digits);
  }

  void add_table(const std::string& name, const toml::table& table) {
    for (const auto& [key, value] : table) {
      add((name.empty() ? "" : name + ".") + std::string(key.str()), value);
    }
  }

  KeyDigests found;

 private:
  void add_list(const std::string& name, const toml::array& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto& table = *list[i].as_table();
      std::string each;
      for (const char* key : {"id", "source", "name"}) {
        if (each.empty()) each = table[key].value_or(std::string());
      }
      add_table(name + "." + (each.empty() ? std::to_string(i + 1) : each), table);
    }
  }

  std::string_view secret_;
};

}  // namespace

KeyDigests key_digests(std::string_view toml, std::string_view secret) {
  Digests digests(secret);
  try {
    digests.add_table("", toml::parse(toml));
  } catch (const toml::parse_error&) {
    return {};
  }
  return digests.found;
}

std::vector<std::string> changed_keys(const KeyDigests& before, const KeyDigests& now) {
  std::vector<std::string> changed;
  for (const auto& [key, digest] : now) {
    const auto found = before.find(key);
    if (found == before.end() || found->second != digest) changed.push_back(key);
  }
  for (const auto& [key, digest] : before) {
    if (!now.contains(key)) changed.push_back(key);
  }
  return changed;
}

std::string to_lines(const KeyDigests& digests) {
  std::string lines;
  for (const auto& [key, digest] : digests) lines += digest + " " + key + "\n";
  return lines;
}

KeyDigests from_lines(std::string_view lines) {
  KeyDigests digests;
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    const auto line = lines.substr(0, end);
    const auto space = line.find(' ');
    if (space != std::string_view::npos)
      digests[std::string(line.substr(space + 1))] = line.substr(0, space);
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return digests;
}

}  // namespace meridian::host
