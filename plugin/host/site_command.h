// SPDX-License-Identifier: Apache-2.0
// What the commands on a site's database share: opening it, printing, and failing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/commands.h"
#include "host/config.h"
#include "store/store.h"

namespace meridian::host {

/// A configuration that was read, and its database, opened only to be read.
struct OpenSite {
  Config config;
  std::unique_ptr<store::Store> store;
};

/// Nothing, and why on standard error, when the file has faults.
std::optional<Config> site_config(const SiteCommand& command);

/// The same, and the database beside it.
std::optional<OpenSite> open_to_read(const SiteCommand& command);

/// Prints to standard output: one JSON object a line, or a table.
void print_list(const SiteCommand& command, const std::vector<std::string>& objects);
void print_one(const SiteCommand& command, const std::string& object);

/// Says on standard error what went wrong with `place`, with the fix out of the table of errors. 1.
int failed(std::string_view place, const Error& error);
int failed(std::string_view place, std::string_view words);

/// A person reads what is printed to this descriptor.
bool is_terminal(int descriptor);

/// --by, or the name that the system knows the caller by.
std::string name_of(const SiteCommand& command);

}  // namespace meridian::host
