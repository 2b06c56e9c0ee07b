// SPDX-License-Identifier: Apache-2.0
#include "host/engine_settings.h"

#include <algorithm>

#include "web/pages.h"

namespace meridian::host {
namespace {

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

std::optional<std::chrono::days> days_of(int days) {
  return days == 0 ? std::nullopt : std::optional(std::chrono::days(days));
}

flow::RetentionSettings retention_of(const RetentionConfig& config) {
  flow::RetentionSettings retention;
  retention.messages = days_of(config.messages_days);
  retention.referrals = days_of(config.referrals_days);
  retention.most_bytes = static_cast<std::int64_t>(config.most_gb * 1e9);
  retention.least = std::chrono::days(config.least_days);
  for (const auto& id : config.hold) retention.held.emplace_back(id);
  return retention;
}

}  // namespace

flow::Settings flow_settings(const Config& config, const LastingKeys& keys,
                             const std::string& content) {
  flow::Settings settings;
  settings.lease = milliseconds_of(config.lease_seconds);
  settings.first_retry = milliseconds_of(config.first_retry_seconds);
  settings.longest_retry = milliseconds_of(config.longest_retry_seconds);
  settings.acknowledge_within = milliseconds_of(config.acknowledge_within_minutes * 60);
  settings.form_life = std::chrono::hours(config.form_hours);
  settings.review_every = milliseconds_of(config.review_every_hours * 3600);
  settings.review_before_visit = milliseconds_of(config.review_before_visit_hours * 3600);
  settings.reconcile_at = config.reconcile_at;
  settings.reconcile_settle = milliseconds_of(config.reconcile_settle_seconds);
  settings.retention = retention_of(config.retention);
  settings.clocks = routing::Clocks(config.calendar, config.deadlines);
  settings.provider = config.sign_in.issuer;
  settings.provider_acr = config.sign_in.acr;
  settings.provider_amr = config.sign_in.amr;
  settings.reading_seen_at = reading_seen_at(config);
  settings.reading_asked_at = reading_asked_at(config);
  settings.notice_every = milliseconds_of(config.mail.every_minutes * 60);
  settings.node = config.node;
  settings.build = MERIDIAN_VERSION;
  settings.content = content;
  settings.id_key = keys.ids;
  settings.people_key = keys.people;
  return settings;
}

std::set<std::string> reading_seen_at(const Config& config) {
  std::set<std::string> hospitals;
  for (const auto& hospital : config.hospitals) {
    if (!hospital.smart_client_id.empty()) hospitals.insert(hospital.id);
  }
  return hospitals;
}

std::set<std::string> reading_asked_at(const Config& config) {
  auto hospitals = reading_seen_at(config);
  for (const auto& hospital : config.hospitals) {
    if (hospital.unread_reports != "remind") hospitals.erase(hospital.id);
  }
  return hospitals;
}

std::optional<http::Settings> http_settings(const Config& config) {
  const auto listen = read_listen(config.http_listen);
  if (!listen) return std::nullopt;
  http::Settings settings;
  settings.address = listen->address;
  settings.port = listen->port;
  settings.certificate_file = config.path_of(config.http_certificate);
  settings.key_file = config.path_of(config.http_key);
  settings.client_ca = config.path_of(config.http_client_ca);
  return settings;
}

bool has_inbox(const Config& config) {
  return std::any_of(config.clinics.begin(), config.clinics.end(),
                     [](const PeerConfig& clinic) { return clinic.inbox; });
}

std::vector<web::StartPage> start_pages(const Config& config) {
  std::vector<web::StartPage> pages = {
      {"/referrals", "page.referrals", web::roles_that_see_all()},
      {"/operations", "page.operations", {Role::viewer, Role::operations, Role::admin}}};
  if (has_inbox(config)) pages.push_back({"/inbox", "page.inbox", {Role::clinic}});
  pages.push_back({"/passkeys", "page.passkeys", web::roles_of_people()});
  return pages;
}

std::string expected_url(const Config& config) {
  if (!config.public_url.empty()) return config.public_url;
  return (config.http_certificate.empty() ? "http://" : "https://") + config.http_listen;
}

}  // namespace meridian::host
