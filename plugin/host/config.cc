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
  void flag(std::string_view key, std::optional<bool>& into) {
    bool value = false;
    flag(key, value);
    if (table_.contains(key)) into = value;
  }

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

  void number(std::string_view key, std::optional<double>& into, double least, double most) {
    double value = 0;
    number(key, value, least, most);
    if (table_.contains(key)) into = value;
  }
  void whole(std::string_view key, std::optional<int>& into, int least, int most) {
    int value = 0;
    whole(key, value, least, most);
    if (table_.contains(key)) into = value;
  }

  void day(std::string_view key, std::string& into) {
    text(key, into);
    if (into.empty() || parse_day(into)) return;
    refuse(*table_.get(key), key, "a day as \"2026-11-20\"");
  }

  /// A list of which each item is one of these.
  void words(std::string_view key, std::vector<std::string>& into,
             std::initializer_list<std::string_view> known) {
    list(key, into);
    for (const auto& word : into) {
      if (std::find(known.begin(), known.end(), word) != known.end()) continue;
      std::string expected = "a list of";
      for (const auto& one : known) expected += " \"" + std::string(one) + "\"";
      return refuse(*table_.get(key), key, expected);
    }
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
    if (array == nullptr || (!array->empty() && !array->is_homogeneous<std::string>())) {
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
        "hl7v2", "hospital", "clinic", "contact",  "review",   "client", "directory"};
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
    one(root, "directory", [&](Section& s) { read_directory(s, config_.directory_of_clinics); });
    many(root, "hospital", [&](Section& s) { config_.hospitals.push_back(peer(s, false)); });
    many(root, "clinic", [&](Section& s) { config_.clinics.push_back(peer(s, true)); });
    many(root, "contact", [&](Section& s) { config_.contacts.push_back(contact(s)); });
    many(root, "client", [&](Section& s) { config_.clients.push_back(client(s)); });
    check_ids();
    check_clients();
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
    sign_in(s, peer);
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
    }
    read_stated(s, peer);
    s.require("id", peer.id);
    s.require("fhir", peer.fhir);
    if (peer.name.empty()) peer.name = peer.id;
    return peer;
  }

  /// How to reach and sign in at a FHIR server.
  static void sign_in(Section& s, PeerConfig& peer) {
    s.text("ca_file", peer.ca_file);
    s.choice("auth", peer.auth.kind, {"none", "bearer", "smart"});
    s.text("token_file", peer.auth.token_file);
    s.text("client_id", peer.auth.client_id);
    s.text("key_file", peer.auth.key_file);
    s.text("key_id", peer.auth.key_id);
    s.choice("algorithm", peer.auth.algorithm, {"RS384", "ES384"});
    s.text("scopes", peer.auth.scopes);
    s.text("issuer", peer.auth.issuer);
    if (peer.auth.kind == "bearer") s.require("token_file", peer.auth.token_file);
    if (peer.auth.kind == "smart") {
      s.require("client_id", peer.auth.client_id);
      s.require("key_file", peer.auth.key_file);
      s.require("key_id", peer.auth.key_id);
    }
  }

  /// What the site states about a receiver, for matching.
  static void read_stated(Section& s, PeerConfig& peer) {
    s.flag("accepts_new_patients", peer.accepts_new_patients);
    s.text("directory", peer.directory_name);
    s.text("state", peer.state);
    s.text("postal_code", peer.postal_code);
    s.number("latitude", peer.latitude, -90, 90);
    s.number("longitude", peer.longitude, -180, 180);
    s.text("licence_state", peer.licence_state);
    s.day("licence_until", peer.licence_until);
    s.day("agreement_until", peer.agreement_until);
    s.list("networks", peer.networks);
    s.list("languages", peer.languages);
    s.words("visit_modes", peer.visit_modes, {"physical", "virtual"});
    s.whole("age_from", peer.age_from, 0, 130);
    s.whole("age_to", peer.age_to, 0, 130);
    s.whole("capacity_per_week", peer.capacity_per_week, 0, 10'000);
    s.flag("paused", peer.paused);
    if (peer.latitude.has_value() != peer.longitude.has_value()) {
      s.add(peer.line, "latitude and longitude go together");
    }
  }

  static void read_directory(Section& s, DirectoryConfig& directory) {
    directory.server.id = "directory";
    directory.server.line = s.line();
    s.text("file", directory.file);
    s.text("fhir", directory.server.fhir);
    sign_in(s, directory.server);
    s.whole("refresh_minutes", directory.refresh_minutes, 0, 60 * 24 * 31);
    s.whole("lost_percent", directory.lost_percent, 0, 100);
    s.number("radius_km", directory.radius_km, 0.1, 20'100);
    s.words("require", directory.require,
            {"licence", "network", "language", "position", "agreement", "new_patients"});
    s.choice("licence_where", directory.licence_where, {"patient", "clinic"});
    s.whole("capacity_per_week", directory.capacity_per_week, 1, 10'000);
    if (!directory.file.empty() && !directory.server.fhir.empty()) {
      s.add(s.line(), "[directory] has a file and a fhir server; keep one of them");
    }
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

  void check_id(const std::string& id, int line) {
    const bool plain =
        id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        });
    if (plain) return;
    fault(line, "the id \"" + id + "\" is part of keys; use up to 64 of a to z, 0 to 9, - and _");
  }

  void check_clients() {
    std::set<std::string> ids = {"operator"};  // operator.token
    std::set<std::string, std::less<>> sources;
    for (const auto& peer : config_.hospitals) sources.insert(peer.id);
    for (const auto& peer : config_.clinics) sources.insert(peer.id);
    for (const auto& client : config_.clients) {
      check_id(client.id, client.line);
      if (!client.id.empty() && !ids.insert(client.id).second) {
        fault(client.line, "the client id \"" + client.id + "\" is taken; give each its own");
      }
      if (!client.source.empty() && !sources.contains(client.source)) {
        const auto guess = nearest(client.source, sources);
        fault(client.line, "[[client]]: source \"" + client.source +
                               "\" is no [[hospital]] or [[clinic]]" +
                               (guess.empty() ? "" : "; did you mean \"" + guess + "\"?"));
      }
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
