// SPDX-License-Identifier: Apache-2.0
// `meridian audit export`: the audit as FHIR AuditEvents, for an auditor or an audit repository.
#include <iostream>
#include <map>
#include <optional>

#include "fhir/exchange/audit_event.h"
#include "host/commands.h"
#include "host/site.h"
#include "host/site_command.h"
#include "store/audit_walk.h"

namespace meridian::host {
namespace {

/// From `begins` on, before `ends`.
struct Span {
  Instant begins = Instant::min();
  Instant ends = Instant::max();
};

std::optional<Instant> bound(const std::string& text, bool ends) {
  if (const auto day = parse_day(text)) return Instant{*day + std::chrono::days(ends ? 1 : 0)};
  return parse_instant(text);
}

std::optional<Span> span_of(const std::string& from, const std::string& to) {
  Span span;
  for (const bool ends : {false, true}) {
    const auto& text = ends ? to : from;
    if (text.empty()) continue;
    const auto at = bound(text, ends);
    if (!at) {
      std::cerr << (ends ? "--to" : "--from") << ": " << text
                << " is neither a day nor an instant with its zone\n";
      return std::nullopt;
    }
    (ends ? span.ends : span.begins) = *at;
  }
  return span;
}

/// Writes entries with what the configuration and the referrals say of those who are named in them.
class Exporter {
 public:
  Exporter(const OpenSite& site, Span span) : site_(site), span_(span) {
    for (const auto* peers : {&site.config.hospitals, &site.config.clinics}) {
      for (const auto& peer : *peers)
        addresses_[peer.id] = peer.fhir.empty() ? peer.mllp : peer.fhir;
    }
  }

  void see(const store::ChainedRow& row) {
    if (row.at < span_.begins || row.at >= span_.ends) return;
    fhir::AuditPlaces places{site_.config.site_name, address(row.actor), {}, {}};
    if (row.actor == row.node) {
      places.record = hospital_of(row.object);
      places.record_address = address(places.record);
    }
    std::cout << fhir::audit_event_json(
                     {row.node, row.number, row.at, row.event, row.actor, row.object, row.outcome},
                     places)
              << '\n';
  }

 private:
  std::string address(const std::string& peer) const {
    const auto found = addresses_.find(peer);
    return found == addresses_.end() ? "" : found->second;
  }
  /// Whose order a referral is; empty when the entry is of none.
  const std::string& hospital_of(const std::string& object) {
    const auto [known, is_new] = hospitals_.try_emplace(object.substr(0, object.find('/')));
    if (is_new) {
      const auto referral = site_.store->referral(ReferralId(known->first));
      if (referral && *referral) known->second = (*referral)->source.str();
    }
    return known->second;
  }

  const OpenSite& site_;
  Span span_;
  std::map<std::string, std::string> addresses_;
  std::map<std::string, std::string> hospitals_;  ///< by referral
};

Result<std::int64_t> walk(const Config& config, const store::SeeEntry& see) {
  if (on_postgres(config)) {
    const auto key = load_key(config, false);
    if (!key) return key.error();
    return store::walk_audit(postgres_settings(config, *key), see);
  }
  const auto settings = sqlite_settings(config, false);
  if (!settings) return settings.error();
  return store::walk_audit(*settings, see);
}

}  // namespace

int export_audit(const SiteCommand& command, const std::string& from, const std::string& to) {
  const auto span = span_of(from, to);
  if (!span) return 1;
  const auto site = open_to_read(command);
  if (!site) return 1;
  Exporter exporter(*site, *span);
  const auto entries = walk(site->config, [&](const store::ChainedRow& row) { exporter.see(row); });
  if (!std::cout.flush()) return failed("standard output", "cannot be written");
  if (entries) return 0;
  if (entries.error().code != ErrorCode::store_damaged) {
    return failed(store_name(site->config), entries.error());
  }
  return failed(store_name(site->config),
                "the audit chain is broken; meridian audit verify says where");
}

}  // namespace meridian::host
