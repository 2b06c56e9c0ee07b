// SPDX-License-Identifier: Apache-2.0
#include "host/config.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>
#include <string_view>

#include "base/read_file.h"
#include "host/config_clocks.h"
#include "host/config_retention.h"
#include "host/config_tables.h"
#include "host/nearest.h"

namespace meridian::host {
namespace {

/// True for a database URL with a password in it. Source: PostgreSQL 15, 34.1.1.2 connection URIs
bool has_password(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  const auto authority = url.substr(scheme + 3, url.find('/', scheme + 3) - scheme - 3);
  const auto user = authority.substr(0, std::min(authority.rfind('@'), authority.size()));
  const bool beside_user = user.size() < authority.size() && user.find(':') != user.npos;
  return beside_user || url.find("?password=") != url.npos || url.find("&password=") != url.npos;
}

/// Walks the file's tables into a Config.
class ConfigReader {
 public:
  ConfigReader(Config& config, Issues& issues) : config_(config), issues_(issues) {}

  void read(const toml::table& root) {
    refuse_unknown(root);
    read_site(root);
    read_running(root);
    read_systems(root);
    check_ids();
    check_clients();
    for (const auto& one : config_.mllp) check_source(one.source, "[[mllp]]", one.line);
    for (const auto& hospital : config_.hospitals) check_heard(hospital);
  }

 private:
  using Fill = std::function<void(Section&)>;

  void refuse_unknown(const toml::table& root) {
    const std::set<std::string, std::less<>> tables = {
        "site",     "store",     "http",      "profiles", "delivery", "alerts",
        "answers",  "hl7v2",     "hospital",  "clinic",   "contact",  "review",
        "client",   "directory", "mllp",      "sign_in",  "mail",     "openhim",
        "calendar", "clocks",    "reconcile", "log",      "egress",   "retention"};
    for (const auto& [key, node] : root) {
      if (tables.contains(key.str())) continue;
      const auto guess = nearest(key.str(), tables);
      add(key.source(), "unknown table or key \"" + std::string(key.str()) + "\"" +
                            (guess.empty() ? "; remove it" : "; did you mean [" + guess + "]?"));
    }
  }

  /// Where it runs, and by whose content.
  void read_site(const toml::table& root) {
    one(root, "site", [&](Section& s) {
      s.text("name", config_.site_name);
      s.text("node", config_.node);
      s.text("public_url", config_.public_url);
      s.choice("processing", config_.processing, {"production", "training", "debugging"});
    });
    one(root, "store", [&](Section& s) {
      s.text("url", config_.store_url);
      if (has_password(config_.store_url)) {
        s.add(s.line(),
              "[store]: url must not hold the password, since this file is read by many; put it "
              "into a password file (~/.pgpass, or passfile= in the URL)");
      }
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
      s.text("guideline", config_.guideline);
    });
  }

  /// How it runs.
  void read_running(const toml::table& root) {
    one(root, "log", [&](Section& s) {
      s.text("file", config_.log_file);
      s.choice("level", config_.log_level, {"debug", "info", "warning", "error"});
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
    one(root, "calendar", [&](Section& s) { read_calendar(s, config_.calendar); });
    one(root, "reconcile", [&](Section& s) {
      read_night(s, config_.reconcile_at);
      s.number("settle_seconds", config_.reconcile_settle_seconds, 0, 86400);
    });
    one(root, "retention", [&](Section& s) { read_retention(s, config_.retention); });
    one(root, "clocks", [&](Section& s) { read_clocks(s, config_.deadlines); });
    one(root, "delivery", [&](Section& s) {
      s.whole("workers", config_.workers, 1, 64);
      s.number("first_retry_seconds", config_.first_retry_seconds, 0.01, 3600);
      s.number("longest_retry_seconds", config_.longest_retry_seconds, 0.01, 86400);
      s.number("lease_seconds", config_.lease_seconds, 1, 3600);
    });
  }

  /// Whom it speaks with.
  void read_systems(const toml::table& root) {
    one(root, "hl7v2", [&](Section& s) {
      std::vector<std::string> pairs;
      s.list("authorities", pairs);
      s.text("charset", config_.v2_charset);
      config_.authorities = read_authorities(
          pairs, config_.file + ":" + std::to_string(s.line()) + " [hl7v2] authorities", issues_);
    });
    one(root, "directory",
        [&](Section& s) { read_directory_table(s, config_.directory_of_clinics); });
    many(root, "hospital", [&](Section& s) { config_.hospitals.push_back(read_peer(s, false)); });
    many(root, "clinic", [&](Section& s) { config_.clinics.push_back(read_peer(s, true)); });
    many(root, "contact", [&](Section& s) { config_.contacts.push_back(read_contact(s)); });
    one(root, "sign_in", [&](Section& s) { config_.sign_in = read_sign_in(s); });
    one(root, "mail", [&](Section& s) { config_.mail = read_mail(s); });
    one(root, "openhim", [&](Section& s) { config_.openhim = read_openhim(s); });
    one(root, "egress", [&](Section& s) { config_.egress = read_egress(s); });
    many(root, "client", [&](Section& s) { config_.clients.push_back(read_client(s)); });
    many(root, "mllp", [&](Section& s) { config_.mllp.push_back(read_mllp(s)); });
  }

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

  /// Without FHIR there is nothing to poll, and who is told by HL7 v2 orders by it: a hospital's
  /// messages must have a way in.
  void check_heard(const PeerConfig& hospital) {
    if (!hospital.fhir.empty() && hospital.mllp.empty()) return;
    const auto speaks_for_it = [&](const auto& door) { return door.source == hospital.id; };
    if (std::any_of(config_.mllp.begin(), config_.mllp.end(), speaks_for_it) ||
        std::any_of(config_.clients.begin(), config_.clients.end(), speaks_for_it)) {
      return;
    }
    const std::string_view why =
        hospital.fhir.empty() ? "has no fhir; add fhir = \"...\", or" : "orders by mllp; add";
    fault(hospital.line, "[[hospital]] " + std::string(why) +
                             " an [[mllp]] or [[client]] whose source is \"" + hospital.id + "\"");
  }

  void check_reads_here(const ClientConfig& client) {
    for (const auto& clinic : config_.clinics) {
      if (clinic.id == client.source && clinic.endpoint) return;
    }
    fault(client.line, "[[client]]: role \"clinic\" is for a [[clinic]] with endpoint = true; \"" +
                           client.source + "\" is none");
  }

  void check_clients() {
    std::set<std::string> ids = {"operator"};  // operator.token
    for (const auto& client : config_.clients) {
      check_id(client.id, client.line);
      if (!client.id.empty() && !ids.insert(client.id).second) {
        fault(client.line, "the client id \"" + client.id + "\" is taken; give each its own");
      }
      check_source(client.source, "[[client]]", client.line);
      if (client.role == "clinic") check_reads_here(client);
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
        if (peer.id == "r4") {
          fault(peer.line, "the id \"r4\" is part of the endpoint's address; choose another");
        }
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
  config.text = toml;
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
  const auto text = read_file(path);
  if (!text) {
    issues.push_back({Severity::error, "not-found", path,
                      "the configuration file cannot be read; name it with --config FILE"});
    return {};
  }
  auto directory = std::filesystem::absolute(path).parent_path().string();
  return read_config(*text, path, directory, issues);
}

}  // namespace meridian::host
