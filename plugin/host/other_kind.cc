// SPDX-License-Identifier: Apache-2.0
#include "host/other_kind.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace meridian::host {
namespace {

constexpr char place[] = "processing";  // a cursor of ours: a line for each kind that ran here

const SourceId& us() {
  static const SourceId id("meridian");
  return id;
}

/// What environments are named by habit; no standard has a list. Words that a place may be called
/// by ("live", "stage", "train") are left out.
constexpr std::array production_words = {"prod", "prd", "production"};
constexpr std::array test_words = {"test",    "tst",     "testing", "uat",         "sandbox",
                                   "sbx",     "staging", "stg",     "training",    "trn",
                                   "preview", "qa",      "dev",     "development", "demo",
                                   "poc",     "preprod", "nonprod", "preprd",      "nonprd"};

template <typename Words>
bool among(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// "https://HOST:PORT/PATH?QUERY" without scheme, who signs in, port, query and last label.
std::string telling_part(std::string_view address) {
  const auto scheme = address.find("://");
  if (scheme != std::string_view::npos) address.remove_prefix(scheme + 3);
  address = address.substr(0, address.find_first_of("?#"));
  const auto slash = std::min(address.find('/'), address.size());
  auto host = address.substr(0, slash);
  host = host.substr(host.find('@') == std::string_view::npos ? 0 : host.find('@') + 1);
  host = host.substr(0, host.rfind(':'));
  const auto last = host.rfind('.');
  return std::string(host.substr(0, last)) + std::string(address.substr(slash));
}

/// In small letters, and without the number of "test2".
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words = {""};
  for (const unsigned char c : text) {
    if (std::isalpha(c)) {
      words.back() += static_cast<char>(std::tolower(c));
    } else if (!std::isdigit(c)) {
      words.emplace_back();
    }
  }
  return words;
}

std::string_view kind_of(std::string_view processing) {
  return processing == "production" ? "production" : "test";
}

void warn(Issues& issues, std::string path, std::string text) {
  issues.push_back({Severity::warning, "invalid", std::move(path), std::move(text)});
}

struct Address {
  std::string table;
  int line;
  const char* key;
  std::string value;
};

void add_peer(std::vector<Address>& addresses, const char* table, const PeerConfig& peer) {
  const auto name = std::string(table) + " \"" + peer.id + "\"";
  addresses.push_back({name, peer.line, "fhir", peer.fhir});
  addresses.push_back({name, peer.line, "mllp", peer.mllp});
  for (const auto& notified : peer.notify) {
    addresses.push_back({name, peer.line, "notify", notified});
  }
}

/// All that messages, alerts or questions go to.
std::vector<Address> addresses_of(const Config& config) {
  std::vector<Address> addresses;
  for (const auto& hospital : config.hospitals) add_peer(addresses, "[[hospital]]", hospital);
  for (const auto& clinic : config.clinics) add_peer(addresses, "[[clinic]]", clinic);
  for (const auto& contact : config.contacts) {
    addresses.push_back(
        {"[[contact]] \"" + contact.name + "\"", contact.line, "pager", contact.pager});
  }
  return addresses;
}

}  // namespace

std::string_view kind_said_by(std::string_view address) {
  const auto words = words_of(telling_part(address));
  bool production = false, test = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool turned = i > 0 && (words[i - 1] == "non" || words[i - 1] == "pre");
    const bool names_production = among(production_words, words[i]);
    production = production || (names_production && !turned);
    test = test || (names_production && turned) || among(test_words, words[i]);
  }
  if (production == test) return {};
  return production ? "production" : "test";
}

void check_addresses(const Config& config, Issues& issues) {
  const auto ours = kind_of(config.processing);
  for (const auto& address : addresses_of(config)) {
    const auto theirs = kind_said_by(address.value);
    if (theirs.empty() || theirs == ours) continue;
    warn(issues, config.file + ":" + std::to_string(address.line),
         address.table + ": " + address.key + " = \"" + address.value + "\" says that it is a " +
             std::string(theirs) + " system, and [site] processing is \"" + config.processing +
             "\"; see that what is tested here never reaches a patient's record, and no patient a "
             "test system");
  }
}

Result<void> note_processing(store::Store& store, const std::string& processing) {
  const auto kept = store.cursor(us(), place);
  if (!kept) return kept.error();
  const auto line = std::string(kind_of(processing)) + "\n";
  if (kept->find(line) != std::string::npos) return {};
  return store.set_cursor(us(), place, *kept + line);
}

void check_database(const Config& config, store::Store& store, Issues& issues) {
  const auto kept = store.cursor(us(), place);
  if (!kept) return;  // the database was judged already
  const std::string other = kind_of(config.processing) == "production" ? "test" : "production";
  if (kept->find(other + "\n") == std::string::npos) return;
  warn(issues, config.file,
       "a " + other +
           " system ran on this database, or on the one that it was restored from, and " +
           "[site] processing is \"" + config.processing +
           "\": the patients in it are not all of one kind, and what was open goes on; set another "
           "[store] url for an empty one");
}

}  // namespace meridian::host
