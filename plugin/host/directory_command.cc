// SPDX-License-Identifier: Apache-2.0
// `meridian directory`: who can receive, and what is wrong with them.
#include <iostream>
#include <map>

#include "host/commands.h"
#include "host/directory_issues.h"
#include "report/json.h"

namespace meridian::host {
namespace {

struct Site {
  Issues issues;
  std::shared_ptr<const routing::Directory> directory;  ///< null when it cannot be read
};

Site read(const std::string& config_file) {
  Site site;
  const auto config = load_config(config_file, site.issues);
  if (!has_errors(site.issues)) site.directory = check_directory(config, site.issues);
  return site;
}

std::string line_of(const routing::Receiver& receiver) {
  report::Json json;
  json.open();
  json.text("id", receiver.id);
  json.text("name", receiver.name);
  json.text("service", receiver.service);
  json.text_or_null("connection", receiver.to.str());
  json.text_or_null("state", receiver.state);
  json.text_or_null("postalCode", receiver.postal_code);
  json.flag("position", receiver.position.has_value());
  json.open_list("licences");
  for (const auto& licence : receiver.licences) {
    json.open();
    json.text("state", licence.state);
    json.text_or_null("until", licence.until ? to_string(*licence.until) : "");
    json.text_or_null("status", licence.status);
    json.close();
  }
  json.close_list();
  json.text_or_null("agreementUntil",
                    receiver.agreement_until ? to_string(*receiver.agreement_until) : "");
  json.list("networks", receiver.networks);
  json.list("languages", receiver.languages);
  json.list("visitModes", receiver.visit_modes);
  json.close();
  return json.str();
}

}  // namespace

int check_directory_command(const std::string& config_file) {
  const auto site = read(config_file);
  for (const auto& issue : site.issues) {
    std::cout << issue.path << ": " << severity_name(issue.severity) << ": " << issue.text << '\n';
  }
  if (!site.directory) return 1;
  std::map<std::string, std::size_t> services;
  std::size_t connected = 0;
  for (const auto& receiver : site.directory->receivers()) {
    ++services[receiver.service];
    connected += receiver.to.empty() ? 0 : 1;
  }
  std::cout << site.directory->receivers().size() << " receivers";
  for (const auto& [service, count] : services) std::cout << ", " << count << ' ' << service;
  std::cout << "; " << connected << " with a connection; version " << site.directory->version()
            << '\n';
  return has_errors(site.issues) ? 1 : 0;
}

int list_directory(const std::string& config_file) {
  const auto site = read(config_file);
  if (!site.directory) {
    print_issues(site.issues);
    return 1;
  }
  for (const auto& receiver : site.directory->receivers()) std::cout << line_of(receiver) << '\n';
  return 0;
}

}  // namespace meridian::host
