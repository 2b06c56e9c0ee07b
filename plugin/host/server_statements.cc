// SPDX-License-Identifier: Apache-2.0
#include "host/server_statements.h"

#include <algorithm>

#include "base/log.h"
#include "fhir/exchange/dialect_needs.h"

namespace meridian::host {
namespace {

constexpr std::string_view statement_name = "metadata";
constexpr std::string_view change_name = "metadata.changed";
constexpr std::size_t most_words = 12;  // on the page; the count says how many there are

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), most_words); ++i) {
    text += (i == 0 ? "" : ", ") + words[i];
  }
  if (words.size() > most_words) {
    text += " and " + std::to_string(words.size() - most_words) + " more";
  }
  return text;
}

Result<void> compare(store::Store& store, ServerStatement& statement, Instant now) {
  const SourceId peer(statement.peer);
  const auto changed = store.cursor(peer, change_name);
  if (!changed) return changed.error();
  statement.changed = *changed;
  if (!statement.said) return {};
  const auto before = store.cursor(peer, statement_name);
  if (!before) return before.error();
  const auto lines = fhir::statement_lines(*statement.said);
  if (*before == lines) return {};
  const auto changes = fhir::statement_changes(*before, lines);
  if (!before->empty() && !changes.empty()) {
    statement.changed = to_string(now).substr(0, 10) + ": " + joined(changes);
    log(LogLevel::warning, "server.statement_changed",
        {{"peer", peer}, {"changes", changes.size()}});
    auto kept = store.set_cursor(peer, change_name, statement.changed);
    if (!kept) return kept;
  }
  return store.set_cursor(peer, statement_name, lines);
}

}  // namespace

void compare_statements(store::Store& store, std::vector<ServerStatement>& statements,
                        const Clock& clock) {
  for (auto& statement : statements) {
    const SourceId peer(statement.peer);
    if (!statement.said) log(LogLevel::warning, "server.statement_not_read", {{"peer", peer}});
    if (!statement.lacks.empty()) {
      log(LogLevel::warning, "server.lacks", {{"peer", peer}, {"count", statement.lacks.size()}});
    }
    if (const auto done = compare(store, statement, clock()); !done) {
      log(LogLevel::warning, "server.statement_not_kept",
          {{"peer", peer}, {"error", done.error()}});
    }
  }
}

void show_statements(const std::vector<ServerStatement>& statements, SiteView& view) {
  for (const auto& statement : statements) {
    const auto state = std::find_if(view.peers.begin(), view.peers.end(),
                                    [&](const auto& peer) { return peer.id == statement.peer; });
    if (state == view.peers.end()) continue;
    if (!statement.said) {
      state->server_notes.push_back("/metadata was not read at the start: see meridian check");
    }
    if (!statement.lacks.empty()) {
      state->server_notes.push_back("its dialect counts on, and /metadata does not list: " +
                                    joined(statement.lacks));
    }
    if (!statement.changed.empty()) {
      state->server_notes.push_back("/metadata changed " + statement.changed);
    }
  }
}

}  // namespace meridian::host
