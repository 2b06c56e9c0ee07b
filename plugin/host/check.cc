// SPDX-License-Identifier: Apache-2.0
// `meridian check`: everything that would go wrong at go-live, each with its place and its fix.
#include <filesystem>
#include <iostream>

#include "flow/retention.h"
#include "host/adapters.h"
#include "host/commands.h"
#include "host/config.h"
#include "host/directory_issues.h"
#include "host/egress_rules.h"
#include "host/ehr_clients.h"
#include "host/launch_hospitals.h"
#include "host/other_kind.h"
#include "host/sign_in_ways.h"
#include "host/site.h"
#include "host/site_check.h"
#include "store/store.h"

namespace meridian::host {
namespace {

void add(Issues& issues, Severity severity, std::string path, std::string text) {
  issues.push_back({severity, "invalid", std::move(path), std::move(text)});
}

/// Neither key nor database yet, and we may make both: the state before the first start.
bool is_new_site(const Config& config) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  return config.store_create && !fs::exists(config.path_of(store_name(config)), ignored) &&
         !fs::exists(config.path_of(config.store_key_file), ignored);
}

/// An inbox that nobody may open: referrals would wait there unseen.
void check_people(const Config& config, store::Store& store, Issues& issues) {
  const auto people = store.people();
  if (!people) return;  // the database was judged already
  for (const auto& clinic : config.clinics) {
    const bool anybody = std::any_of(people->begin(), people->end(), [&](const auto& person) {
      return person.clinic == DestinationId(clinic.id) &&
             (person.state == "active" || person.state == "invited");
    });
    if (!clinic.inbox || anybody) continue;
    add(issues, Severity::warning, config.file + ":" + std::to_string(clinic.line),
        "nobody may open the inbox of \"" + clinic.id +
            "\"; meridian people add --role clinic --clinic " + clinic.id +
            " invites one of its people");
  }
}

/// A database that only grows, and one that is larger than it may be.
void check_size(const Config& config, store::Store& store, Issues& issues) {
  const auto& retention = config.retention;
  if (retention.messages_days == 0 && retention.referrals_days == 0 && retention.most_gb == 0) {
    add(issues, Severity::information, config.file,
        "every message, gathered record and packet is kept for ever; [retention] says how long");
  }
  const auto last = flow::last_retention(store);
  if (!last || !*last || !(*last)->over) return;
  add(issues, Severity::warning, store_name(config),
      "the database is larger than [retention] most_gb, and what is left is open, held, unread or "
      "younger than least_days; give it more room, or look at what is open for so long");
}

void check_contents(const Config& config, store::Store& store, Issues& issues) {
  check_people(config, store, issues);
  check_size(config, store, issues);
  check_database(config, store, issues);
}

/// A server has the database already; what is new may be the tables in it, and the key.
void check_server(const Config& config, Issues& issues) {
  const auto say = [&](const Error& error, const char* fix) {
    add(issues, Severity::error, store_name(config), std::string(error.what.view()) + fix);
  };
  const auto plan = plan_site_migrations(config);
  if (!plan) return say(plan.error(), "; see [store] in the file");
  const auto key_file = config.path_of(config.store_key_file);
  const auto key = load_key(config, false);
  const bool is_new = config.store_create && !plan->front().applied;
  std::error_code ignored;
  if (!key && (!is_new || std::filesystem::exists(key_file, ignored))) {
    return add(issues, Severity::error, key_file,
               std::string(key.error().what.view()) +
                   "; every node of a site has a copy of the one key file");
  }
  auto settings = postgres_settings(config, key ? *key : store::SecretKey::random());
  settings.check = true;
  const auto store = store::open_postgres_to_read(settings);
  if (store) return check_contents(config, **store, issues);
  if (is_new && store.error().code == ErrorCode::not_found) {
    return add(issues, Severity::information, store_name(config),
               "no tables yet; they will be made at the first start");
  }
  say(store.error(), "; see [store] in the file");
}

void check_store(const Config& config, Issues& issues) {
  if (on_postgres(config)) return check_server(config, issues);
  const auto place = config.path_of(store_name(config));
  if (is_new_site(config)) {
    return add(issues, Severity::information, place,
               "no database yet; it and its key will be made at the first start");
  }
  const auto store = open_site_store(config, StoreUse::check);
  if (store) return check_contents(config, **store, issues);
  add(issues, Severity::error, place,
      std::string(store.error().what.view()) + "; see [store] in the file");
}

}  // namespace

int check(const std::string& config_file) {
  Issues issues;
  const auto config = load_config(config_file, issues);
  if (!has_errors(issues)) {
    check_files(config, issues);
    check_store(config, issues);
    check_egress(config, *egress_of(config), issues);
    check_ehr_clients(config, issues);
    check_launches(config, issues);
    check_provider(config, issues);
    check_directory(config, issues);
    for (auto& issue : probe(config)) issues.push_back(std::move(issue));
  }
  for (const auto& issue : issues) {
    std::cout << issue.path << ": " << severity_name(issue.severity) << ": " << issue.text << '\n';
  }
  const bool bad = has_errors(issues);
  std::cout << (bad ? "not ready" : "ready") << '\n';
  return bad ? 1 : 0;
}

}  // namespace meridian::host
