// SPDX-License-Identifier: Apache-2.0
#include "host/read_site.h"

#include <filesystem>

#include "host/adapters.h"
#include "host/lasting_keys.h"
#include "host/site.h"
#include "host/site_command.h"

namespace meridian::host {
namespace {

void add_names(const std::vector<PeerConfig>& configured, flow::PeerKind kind, flow::Peers& peers) {
  for (const auto& given : configured) {
    auto peer = std::make_unique<flow::Peer>();
    peer->kind = kind;
    peer->id = given.id;
    peer->name = given.name;
    peers.list.push_back(std::move(peer));
  }
}

}  // namespace

std::unique_ptr<ReadSite> open_read_site(const SiteCommand& command, const std::string& rules) {
  auto config = site_config(command);
  if (!config) return nullptr;
  auto site = std::make_unique<ReadSite>();
  site->config = std::move(*config);
  auto with_rules = site->config;
  if (!rules.empty()) with_rules.profiles_directory = std::filesystem::absolute(rules).string();
  Issues issues;
  auto knowledge = load_site_knowledge(with_rules, issues);
  print_issues(issues);
  if (!knowledge) {
    failed(rules.empty() ? site->config.file : rules, knowledge.error());
    return nullptr;
  }
  site->knowledge = std::move(*knowledge);
  auto store = open_site_store(site->config, StoreUse::look);
  const auto key = load_key(site->config, false);
  if (!store || !key) {
    failed(store_name(site->config), store ? key.error() : store.error());
    return nullptr;
  }
  site->store = std::move(*store);
  const auto lasting = load_lasting_keys(*site->store, *key);
  if (!lasting) {
    failed(store_name(site->config), lasting.error());
    return nullptr;
  }
  site->peers.readers =
      make_readers(site->config, site->knowledge.terminology, lasting->record_names);
  add_names(site->config.hospitals, flow::PeerKind::hospital, site->peers);
  add_names(site->config.clinics, flow::PeerKind::clinic, site->peers);
  flow::Settings settings;
  settings.content = site->knowledge.digest;
  site->core = std::make_unique<flow::Core>(flow::Core{*site->store,
                                                       site->peers,
                                                       site->knowledge.terminology,
                                                       site->knowledge.rules,
                                                       system_now,
                                                       std::move(settings),
                                                       [] {},
                                                       {}});
  return site;
}

}  // namespace meridian::host
