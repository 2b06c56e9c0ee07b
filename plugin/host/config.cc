// SPDX-License-Identifier: Apache-2.0
#include "host/config.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <set>

#include <toml++/toml.h>

#include "host/nearest.h"

namespace meridian::host {
namespace {

/// One table of the file: takes the keys it knows, and reports every other.
class Section {
 public:
  Section(const toml::table& table, std::string name, std::string_view file, Issues& issues)
      : table_(table), name_(std::move(name)), file_(file), issues_(issues) {}

  int line() const { return static_cast<int>(table_.source().begin.line); }

  void text(std::string_view key, std::string& into) { take<std::string>(key, into, "a string"); }
  void flag(std::string_view key, bool& into) { take<bool>(key, into, "true or false"); }

  void number(std::string_view key, double& into, double least, double most) {
    const auto* node = find(key);
    if (node == nullptr) return;
    const auto value = node->value<double>();
    if (!node->is_number() || !value || *value < least || *value > most) {
      return refuse(*node, key, range(least, most));
    }
    into = *value;
  }

  void whole(std::string_view key, int& into, int least, int most) {
    const auto* node = find(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < least || *value > most) {
      return refuse(*node, key, "a whole " + range(least, most).substr(2));
    }
    into = static_cast<int>(*value);
  }

  void choice(std::string_view key, std::string& into,
              std::initializer_list<std::string_view> choices) {
    const auto* node = find(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::string>();
    if (value && std::find(choices.begin(), choices.end(), *value) != choices.end()) {
      into = *value;
      return;
    }
    std::string expected = "one of";
    for (const auto& one : choices) expected += " \"" + std::string(one) + "\"";
    refuse(*node, key, expected);
  }

  void list(std::string_view key, std::vector<std::string>& into) {
    const auto* node = find(key);
    if (node == nullptr) return;
    const auto* array = node->as_array();
    if (array == nullptr || !array->is_homogeneous<std::string>()) {
      return refuse(*node, key, "a list of strings");
    }
    into.clear();
    for (const auto& item : *array) into.push_back(*item.value<std::string>());
  }

  void require(std::string_view key, const std::string& value) {
    if (!value.empty()) return;
    add(line(), name_ + " has no " + std::string(key) + "; add " + std::string(key) + " = \"...\"");
  }

  /// Reports the keys that nobody took.
  void finish() {
    for (const auto& [key, node] : table_) {
      if (known_.contains(key.str())) continue;
      std::string text = "unknown key \"" + std::string(key.str()) + "\" in " + name_;
      const auto guess = nearest(key.str(), known_);
      text += guess.empty() ? "; remove it" : "; did you mean \"" + guess + "\"?";
      add(static_cast<int>(key.source().begin.line), std::move(text));
    }
  }

  void add(int line, std::string text) {
    issues_.push_back({Severity::error, "invalid", std::string(file_) + ":" + std::to_string(line),
                       std::move(text)});
  }

 private:
  static std::string range(double least, double most) {
    const auto plain = [](double value) {
      auto text = std::to_string(value);
      text.erase(text.find_last_not_of('0') + 1);
      if (text.back() == '.') text.pop_back();
      return text;
    };
    return "a number from " + plain(least) + " to " + plain(most);
  }

  const toml::node* find(std::string_view key) {
    known_.emplace(key);
    return table_.get(key);
  }

  template <typename T>
  void take(std::string_view key, T& into, const char* expected) {
    const auto* node = find(key);
    if (node == nullptr) return;
    auto value = node->value_exact<T>();
    if (!value) return refuse(*node, key, expected);
    into = std::move(*value);
  }

  void refuse(const toml::node& node, std::string_view key, const std::string& expected) {
    add(static_cast<int>(node.source().begin.line),
        name_ + ": " + std::string(key) + " must be " + expected);
  }

  const toml::table& table_;
  std::string name_;
  std::string_view file_;
  Issues& issues_;
  std::set<std::string, std::less<>> known_;
};

/// Walks the file's tables into a Config.
class ConfigReader {
 public:
  ConfigReader(Config& config, Issues& issues) : config_(config), issues_(issues) {}

  void read(const toml::table& root) {
    const std::set<std::string, std::less<>> tables = {
        "site",  "store",    "http",   "profiles", "delivery", "alerts", "answers",
        "hl7v2", "hospital", "clinic", "contact",  "review",   "client", "mllp"};
    for (const auto& [key, node] : root) {
      if (tables.contains(key.str())) continue;
      const auto guess = nearest(key.str(), tables);
      add(key.source(), "unknown table or key \"" + std::string(key.str()) + "\"" +
                            (guess.empty() ? "; remove it" : "; did you mean [" + guess + "]?"));
    }
    one(root, "site", [&](Section& s) {
      s.text("name", config_.site_name);
      s.text("node", config_.node);
      s.text("public_url", config_.public_url);
    });
    one(root, "store", [&](Section& s) {
      s.text("url", config_.store_url);
      s.text("key_file", config_.store_key_file);
      s.flag("create", config_.store_create);
    });
    one(root, "http", [&](Section& s) {
      s.text("listen", config_.http_listen);
      s.text("certificate", config_.http_certificate);
      s.text("key", config_.http_key);
      s.text("client_ca", config_.http_client_ca);
    });
    one(root, "profiles", [&](Section& s) {
      s.text("directory", config_.profiles_directory);
      s.text("approved_by", config_.approved_by);
      s.text("approved_on", config_.approved_on);
      s.text("approved_content", config_.approved_content);
    });
    one(root, "alerts", [&](Section& s) {
      s.number("acknowledge_within_minutes", config_.acknowledge_within_minutes, 0.01, 240);
    });
    one(root, "answers",
        [&](Section& s) { s.whole("form_hours", config_.form_hours, 1, 24 * 14); });
    one(root, "review", [&](Section& s) {
      s.number("every_hours", config_.review_every_hours, 0.001, 24 * 14);
      s.number("before_visit_hours", config_.review_before_visit_hours, 0, 24 * 7);
    });
    one(root, "delivery", [&](Section& s) {
      s.whole("workers", config_.workers, 1, 64);
      s.number("first_retry_seconds", config_.first_retry_seconds, 0.01, 3600);
      s.number("longest_retry_seconds", config_.longest_retry_seconds, 0.01, 86400);
      s.number("lease_seconds", config_.lease_seconds, 1, 3600);
    });
    one(root, "hl7v2", [&](Section& s) {
      std::vector<std::string> pairs;
      s.list("authorities", pairs);
      s.text("charset", config_.v2_charset);
      config_.authorities = read_authorities(
          pairs, config_.file + ":" + std::to_string(s.line()) + " [hl7v2] authorities", issues_);
    });
    many(root, "hospital", [&](Section& s) { config_.hospitals.push_back(peer(s, false)); });
    many(root, "clinic", [&](Section& s) { config_.clinics.push_back(peer(s, true)); });
    many(root, "contact", [&](Section& s) { config_.contacts.push_back(contact(s)); });
    many(root, "client", [&](Section& s) { config_.clients.push_back(client(s)); });
    many(root, "mllp", [&](Section& s) { config_.mllp.push_back(mllp(s)); });
    check_ids();
    check_clients();
    for (const auto& one : config_.mllp) check_source(one.source, "[[mllp]]", one.line);
  }

 private:
  using Fill = std::function<void(Section&)>;

  void one(const toml::table& root, const char* name, const Fill& fill) {
    const auto* node = root.get(name);
    if (node == nullptr) return;
    const auto* table = node->as_table();
    if (table == nullptr) {
      return add(node->source(), "[" + std::string(name) + "] must be a table");
    }
    Section section(*table, "[" + std::string(name) + "]", config_.file, issues_);
    fill(section);
    section.finish();
  }

  void many(const toml::table& root, const char* name, const Fill& fill) {
    const auto* node = root.get(name);
    if (node == nullptr) return;
    const auto* tables = node->as_array();
    if (tables == nullptr || !tables->is_array_of_tables()) {
      return add(node->source(), "write [[" + std::string(name) + "]], with two brackets");
    }
    for (const auto& item : *tables) {
      Section section(*item.as_table(), "[[" + std::string(name) + "]]", config_.file, issues_);
      fill(section);
      section.finish();
    }
  }

  static PeerConfig peer(Section& s, bool clinic) {
    PeerConfig peer;
    peer.line = s.line();
    s.text("id", peer.id);
    s.text("name", peer.name);
    s.text("fhir", peer.fhir);
    s.text("dialect", peer.dialect);
    s.text("ca_file", peer.ca_file);
    s.choice("auth", peer.auth.kind, {"none", "bearer", "smart"});
    s.text("token_file", peer.auth.token_file);
    s.text("client_id", peer.auth.client_id);
    s.text("key_file", peer.auth.key_file);
    s.text("key_id", peer.auth.key_id);
    s.choice("algorithm", peer.auth.algorithm, {"RS384", "ES384"});
    s.text("scopes", peer.auth.scopes);
    s.text("issuer", peer.auth.issuer);
    s.number("poll_seconds", peer.poll_seconds, 0.05, 86400);
    s.whole("lookback_hours", peer.lookback_hours, 0, 24 * 366);
    if (!clinic) {
      peer.services = {"spine_surgery"};
      peer.modalities = {};
      peer.field_profile = "hospital-default";
    }
    s.list("services", peer.services);
    s.text("field_profile", peer.field_profile);
    if (clinic) {
      s.list("modalities", peer.modalities);
      s.choice("deliver", peer.deliver, {"meridian", "host"});
      s.flag("accepts_new_patients", peer.accepts_new_patients);
    }
    s.require("id", peer.id);
    s.require("fhir", peer.fhir);
    if (peer.auth.kind == "bearer") s.require("token_file", peer.auth.token_file);
    if (peer.auth.kind == "smart") {
      s.require("client_id", peer.auth.client_id);
      s.require("key_file", peer.auth.key_file);
      s.require("key_id", peer.auth.key_id);
    }
    if (peer.name.empty()) peer.name = peer.id;
    return peer;
  }

  static ContactConfig contact(Section& s) {
    ContactConfig contact;
    contact.line = s.line();
    s.text("name", contact.name);
    s.text("pager", contact.pager);
    s.text("tested", contact.tested);
    s.text("ca_file", contact.ca_file);
    s.require("name", contact.name);
    s.require("pager", contact.pager);
    if (!contact.tested.empty() && !parse_day(contact.tested)) {
      s.add(contact.line, "[[contact]]: tested must be a day as \"2026-11-20\"");
    }
    return contact;
  }

  static ClientConfig client(Section& s) {
    ClientConfig client;
    client.line = s.line();
    s.text("id", client.id);
    s.choice("role", client.role, {"source", "operator", "staff", "viewer", "metrics"});
    s.text("source", client.source);
    s.text("token_file", client.token_file);
    s.text("certificate_subject", client.certificate_subject);
    s.text("certificate_key_sha256", client.certificate_key);
    s.require("id", client.id);
    s.require("role", client.role);
    const bool certificate = !client.certificate_subject.empty() || !client.certificate_key.empty();
    if (!certificate) s.require("token_file", client.token_file);
    if (client.role == "source") s.require("source", client.source);
    std::transform(client.certificate_key.begin(), client.certificate_key.end(),
                   client.certificate_key.begin(), [](unsigned char c) { return std::tolower(c); });
    const bool hexadecimal =
        client.certificate_key.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!client.certificate_key.empty() && (client.certificate_key.size() != 64 || !hexadecimal)) {
      s.add(client.line, "[[client]]: certificate_key_sha256 must be 64 hexadecimal digits");
    }
    return client;
  }

  static MllpConfig mllp(Section& s) {
    MllpConfig mllp;
    mllp.line = s.line();
    s.text("listen", mllp.listen);
    s.text("source", mllp.source);
    s.text("certificate", mllp.certificate);
    s.text("key", mllp.key);
    s.text("client_ca", mllp.client_ca);
    s.flag("plain_beyond_machine", mllp.plain_beyond_machine);
    s.number("max_megabytes", mllp.max_megabytes, 0.001, 64);
    s.whole("max_connections", mllp.max_connections, 1, 10'000);
    s.whole("max_per_peer", mllp.max_per_peer, 1, 10'000);
    s.number("max_per_second", mllp.max_per_second, 0, 100'000);
    s.number("read_seconds", mllp.read_seconds, 1, 3600);
    s.number("idle_seconds", mllp.idle_seconds, 1, 86400 * 7);
    s.require("listen", mllp.listen);
    s.require("source", mllp.source);
    if (!mllp.listen.empty() && !read_listen(mllp.listen)) {
      s.add(mllp.line, "[[mllp]]: listen must be \"address:port\"");
    }
    if (mllp.certificate.empty() != mllp.key.empty()) {
      s.add(mllp.line, "[[mllp]]: certificate and key go together; set both or none");
    }
    if (mllp.certificate.empty() && !mllp.client_ca.empty()) {
      s.add(mllp.line, "[[mllp]]: client_ca needs certificate and key");
    }
    return mllp;
  }

  void check_id(const std::string& id, int line) {
    const bool plain =
        id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        });
    if (plain) return;
    fault(line, "the id \"" + id + "\" is part of keys; use up to 64 of a to z, 0 to 9, - and _");
  }

  void check_source(const std::string& source, const std::string& table, int line) {
    std::set<std::string, std::less<>> sources;
    for (const auto& peer : config_.hospitals) sources.insert(peer.id);
    for (const auto& peer : config_.clinics) sources.insert(peer.id);
    if (source.empty() || sources.contains(source)) return;
    const auto guess = nearest(source, sources);
    fault(line, table + ": source \"" + source + "\" is no [[hospital]] or [[clinic]]" +
                    (guess.empty() ? "" : "; did you mean \"" + guess + "\"?"));
  }

  void check_clients() {
    std::set<std::string> ids = {"operator"};  // operator.token
    for (const auto& client : config_.clients) {
      check_id(client.id, client.line);
      if (!client.id.empty() && !ids.insert(client.id).second) {
        fault(client.line, "the client id \"" + client.id + "\" is taken; give each its own");
      }
      check_source(client.source, "[[client]]", client.line);
      const bool certificate =
          !client.certificate_subject.empty() || !client.certificate_key.empty();
      if (certificate && config_.http_client_ca.empty()) {
        fault(client.line,
              "[[client]]: a client certificate needs [http] client_ca = \"FILE\", the authorities "
              "that sign them");
      }
    }
  }

  void check_ids() {
    std::set<std::string> ids;
    for (const auto* peers : {&config_.hospitals, &config_.clinics}) {
      for (const auto& peer : *peers) {
        check_id(peer.id, peer.line);
        if (peer.id.empty() || ids.insert(peer.id).second) continue;
        fault(peer.line, "the id \"" + peer.id + "\" is used twice; give each system its own");
      }
    }
  }

  void add(const toml::source_region& where, std::string text) {
    fault(static_cast<int>(where.begin.line), std::move(text));
  }

  void fault(int line, std::string text) {
    issues_.push_back(
        {Severity::error, "invalid", config_.file + ":" + std::to_string(line), std::move(text)});
  }

  Config& config_;
  Issues& issues_;
};

}  // namespace

std::string Config::path_of(std::string_view path) const {
  if (path.empty() || path.front() == '/') return std::string(path);
  return (std::filesystem::path(directory) / path).string();
}

std::optional<ListenAddress> read_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto address = text.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  const std::string port(text.substr(colon + 1));
  if (port.empty() || port.size() > 5 ||
      port.find_first_not_of("0123456789") != std::string::npos || std::stoi(port) > 65535) {
    return std::nullopt;
  }
  return ListenAddress{std::string(address), static_cast<std::uint16_t>(std::stoi(port))};
}

std::map<std::string, std::string> read_authorities(const std::vector<std::string>& pairs,
                                                    const std::string& path, Issues& issues) {
  std::map<std::string, std::string> authorities;
  for (const auto& pair : pairs) {
    const auto equals = pair.find('=');
    if (equals != std::string::npos && equals > 0 && equals + 1 < pair.size()) {
      authorities[pair.substr(0, equals)] = pair.substr(equals + 1);
      continue;
    }
    issues.push_back({Severity::error, "invalid", path,
                      "\"" + pair + "\": write NAME=SYSTEM, such as ADT1=http://example.org/mrn"});
  }
  return authorities;
}

Config read_config(std::string_view toml, std::string_view file, std::string_view directory,
                   Issues& issues) {
  Config config;
  config.file = file;
  config.directory = directory;
  try {
    ConfigReader(config, issues).read(toml::parse(toml, file));
  } catch (const toml::parse_error& error) {
    issues.push_back({Severity::error, "structure",
                      config.file + ":" + std::to_string(error.source().begin.line),
                      "not TOML: " + std::string(error.description())});
  }
  return config;
}

Config load_config(const std::string& path, Issues& issues) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    issues.push_back({Severity::error, "not-found", path,
                      "the configuration file cannot be read; name it with --config FILE"});
    return {};
  }
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  auto directory = std::filesystem::absolute(path).parent_path().string();
  return read_config(text, path, directory, issues);
}

}  // namespace meridian::host
