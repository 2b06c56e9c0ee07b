// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/history_pages.h"

#include <atomic>
#include <map>
#include <thread>

#include "base/trace.h"

namespace meridian::fhir {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t at_a_time = 4;  ///< of one gather; FhirClient keeps that many connections

std::string filled(std::string text, std::string_view name, std::string_view value) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
    text.replace(at, name.size(), value);
    at += value.size();
  }
  return text;
}

/// The names of the searches, in their order.
std::vector<std::string> names_of(const std::vector<HistorySearch>& searches) {
  std::map<std::string, int> seen;
  std::vector<std::string> names;
  for (const auto& search : searches) {
    const int number = ++seen[search.kind];
    names.push_back(search.kind + (number == 1 ? "" : "-" + std::to_string(number)));
  }
  return names;
}

SearchPages ask(FhirClient& client, const HistorySearch& search, const HistoryAsked& asked) {
  const auto until = asked.request.until.value_or(whenever);
  const auto too_late = [&] { return Steady::now() >= until; };
  SearchPages pages;
  if (!too_late()) {
    SearchParams params;
    const std::string id = asked.patient.substr(asked.patient.find('/') + 1);
    for (const auto& [name, value] : search.params) {
      params.emplace_back(name, filled(value, "{patient}", id));
    }
    params.emplace_back("_count", std::to_string(asked.page_size));
    pages = client.search(search.type, params, until);
  }
  if (pages.completeness != Completeness::complete && too_late()) pages.why = not_in_time;
  return pages;
}

/// The more complete of the two.
SearchPages better(SearchPages brought, SearchPages asked) {
  const bool nothing = asked.bodies.empty() && asked.completeness == Completeness::failed;
  if (!nothing || brought.bodies.empty()) return asked;
  brought.why = asked.why;
  return brought;
}

}  // namespace

const std::string* brought(const GatherRequest& request, std::string_view name) {
  for (const auto& answer : request.read) {
    if (answer.name == name) return &answer.bytes;
  }
  return nullptr;
}

std::vector<Query> history_queries(const Dialect& dialect) {
  std::vector<Query> queries = {{"patient", "Patient/{patient}"}};
  const auto names = names_of(dialect.history);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& search = dialect.history[i];
    std::string text = search.type;
    char between = '?';
    for (const auto& [name, value] : search.params) {
      text += between + name + "=" + value;
      between = '&';
    }
    queries.push_back({names[i], std::move(text)});
  }
  return queries;
}

std::vector<SearchPages> history_pages(FhirClient& client,
                                       const std::vector<HistorySearch>& searches,
                                       const HistoryAsked& asked) {
  std::vector<SearchPages> pages(searches.size());
  const auto names = names_of(searches);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < searches.size(); ++i) {
    if (const auto* page = brought(asked.request, names[i])) pages[i] = read_page(*page);
    if (pages[i].completeness != Completeness::complete) open.push_back(i);
  }
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (auto at = next++; at < open.size(); at = next++) {
      auto& page = pages[open[at]];
      page = better(std::move(page), ask(client, searches[open[at]], asked));
    }
  };
  std::vector<std::jthread> beside;
  const auto hands = asked.request.until ? std::min(at_a_time, open.size()) : 1;
  const auto* trace = current_trace();
  for (std::size_t i = 1; i < hands; ++i) {
    beside.emplace_back([&] {
      const TraceScope scope(trace == nullptr ? std::nullopt : std::optional(*trace));
      work();
    });
  }
  work();
  beside.clear();  // waits for each
  return pages;
}

}  // namespace meridian::fhir
