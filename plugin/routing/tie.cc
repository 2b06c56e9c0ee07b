// SPDX-License-Identifier: Apache-2.0
#include "routing/tie.h"

#include <set>
#include <string_view>
#include <unordered_map>

namespace meridian::routing {
namespace {

std::string without_slash(std::string_view address) {
  while (address.ends_with('/')) address.remove_suffix(1);
  return std::string(address);
}

template <typename T>
void fill(T& into, const T& stated) {
  const T nothing{};
  if (into == nothing) into = stated;
}

/// What the site states beside what the directory does.
void add_stated(Receiver& receiver, const Connection& connection) {
  const auto& stated = connection.stated;
  receiver.to = connection.id;
  receiver.preference = stated.preference;
  receiver.agreement_until = stated.agreement_until;
  receiver.paused = stated.paused;
  if (stated.capacity_per_week) receiver.capacity_per_week = stated.capacity_per_week;
  if (stated.accepts_new_patients) {
    receiver.accepts_new_patients = stated.accepts_new_patients;
    receiver.new_patients_of.clear();
  }
  if (receiver.licences.empty()) receiver.licences = stated.licences;
  fill(receiver.modalities, stated.modalities);
  fill(receiver.position, stated.position);
  fill(receiver.state, stated.state);
  fill(receiver.postal_code, stated.postal_code);
  fill(receiver.networks, stated.networks);
  fill(receiver.visit_modes, stated.visit_modes);
  fill(receiver.languages, stated.languages);
  if (!receiver.age_from) receiver.age_from = stated.age_from;
  if (!receiver.age_to) receiver.age_to = stated.age_to;
}

}  // namespace

std::vector<Receiver> tie(std::vector<Listed> listed, const std::vector<Connection>& connections,
                          Issues& issues) {
  std::unordered_map<std::string, const Connection*> by_name;
  std::unordered_map<std::string, const Connection*> by_address;
  for (const auto& connection : connections) {
    if (!connection.directory_name.empty()) by_name.emplace(connection.directory_name, &connection);
    if (connection.directory_name.empty() && !connection.address.empty()) {
      by_address.emplace(without_slash(connection.address), &connection);
    }
  }
  std::vector<Receiver> receivers;
  std::set<std::string> tied;
  for (auto& one : listed) {
    const Connection* found = nullptr;
    for (const auto& name : one.names) {
      if (const auto hit = by_name.find(name); hit != by_name.end()) found = hit->second;
    }
    for (const auto& address : one.addresses) {
      const auto hit = by_address.find(without_slash(address));
      if (found == nullptr && hit != by_address.end()) found = hit->second;
    }
    if (found != nullptr) {
      add_stated(one.receiver, *found);
      tied.insert(found->id.str());
    }
    receivers.push_back(std::move(one.receiver));
  }
  for (const auto& connection : connections) {
    const bool has = tied.contains(connection.id.str());
    if (!connection.directory_name.empty() && !has) {
      issues.push_back({Severity::warning, "not-found", connection.where,
                        "nothing in the directory has the name \"" + connection.directory_name +
                            "\"; " + connection.id.str() + " is matched by what the site states"});
    }
    if (has) continue;
    for (const auto& service : connection.services) {
      Receiver receiver = connection.stated;
      receiver.to = connection.id;
      receiver.id = connection.id.str() + "/" + service;
      receiver.service = service;
      receivers.push_back(std::move(receiver));
    }
  }
  return receivers;
}

}  // namespace meridian::routing
