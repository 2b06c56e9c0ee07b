// SPDX-License-Identifier: Apache-2.0
#include "host/site_command.h"

#include <iostream>
#include <pwd.h>
#include <unistd.h>

#include "host/site.h"
#include "report/table.h"

namespace meridian::host {

void print_issues(const Issues& issues) {
  for (const auto& issue : issues) {
    std::cerr << issue.path << (issue.path.empty() ? "" : ": ") << severity_name(issue.severity)
              << ": " << issue.text << '\n';
  }
}

std::optional<Config> site_config(const SiteCommand& command) {
  Issues issues;
  auto config = load_config(command.config, issues);
  if (!has_errors(issues)) return config;
  print_issues(issues);
  return std::nullopt;
}

std::optional<OpenSite> open_to_read(const SiteCommand& command) {
  auto config = site_config(command);
  if (!config) return std::nullopt;
  auto store = open_site_store(*config, StoreUse::look);
  if (store) return OpenSite{std::move(*config), std::move(*store)};
  failed(store_name(*config), store.error());
  return std::nullopt;
}

void print_list(const SiteCommand& command, const std::vector<std::string>& objects) {
  if (command.table || is_terminal(STDOUT_FILENO)) {
    std::cout << report::table(objects);
    return;
  }
  for (const auto& object : objects) std::cout << object << '\n';
}

void print_one(const SiteCommand& command, const std::string& object) {
  const bool table = command.table || is_terminal(STDOUT_FILENO);
  std::cout << (table ? report::lines(object) : object + "\n");
}

int failed(std::string_view place, const Error& error) {
  std::cerr << place << ": " << error.what.view() << " (" << error_row(error.code).name << ": "
            << error_row(error.code).fix << ")\n";
  return 1;
}

int failed(std::string_view place, std::string_view words) {
  std::cerr << place << ": " << words << '\n';
  return 1;
}

bool is_terminal(int descriptor) {
  return ::isatty(descriptor) == 1;
}

std::string name_of(const SiteCommand& command) {
  if (!command.by.empty()) return command.by;
  const auto* user = ::getpwuid(::geteuid());
  return user == nullptr ? "uid " + std::to_string(::geteuid()) : std::string(user->pw_name);
}

}  // namespace meridian::host
