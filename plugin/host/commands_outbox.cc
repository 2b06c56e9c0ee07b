// SPDX-License-Identifier: Apache-2.0
// `meridian outbox` and `meridian deadletters`: what waits, what was given up, what was set aside.
#include <algorithm>
#include <charconv>
#include <iostream>

#include "flow/describe.h"
#include "host/commands.h"
#include "host/desk_commands.h"
#include "host/site.h"
#include "host/site_command.h"

namespace meridian::host {
namespace {

constexpr int most = 1'000;

void say_when_cut(std::size_t shown, std::string_view what) {
  if (shown < static_cast<std::size_t>(most)) return;
  std::cerr << "only " << most << " " << what << " are shown\n";
}

/// The row whose line names it by `number`.
template <typename Row, typename IsIt>
const Row* find(const std::vector<Row>& rows, const IsIt& is_it) {
  const auto found = std::find_if(rows.begin(), rows.end(), is_it);
  return found == rows.end() ? nullptr : &*found;
}

int show_row(const SiteCommand& command, const std::string& number) {
  auto site = open_to_read(command);
  if (!site) return 1;
  std::int64_t value = 0;
  std::from_chars(number.data(), number.data() + number.size(), value);
  const auto row = site->store->delivery(value);
  if (!row) return failed(number, row.error());
  if (!*row) return failed(number, "there is no such delivery");
  print_one(command, flow::delivery_json(**row));
  return 0;
}

int show_work(const SiteCommand& command, const std::string& number) {
  auto site = open_to_read(command);
  if (!site) return 1;
  const auto rows = site->store->dead_work(most);
  if (!rows) return failed(number, rows.error());
  const auto* work = find(*rows, [&](const store::DeadWork& each) {
    return "w" + std::to_string(each.number) == number;
  });
  if (work == nullptr) return failed(number, "no such work was given up");
  print_one(command, flow::work_json(*work));
  return 0;
}

int show_message(const SiteCommand& command, const std::string& id) {
  if (command.patient_data) return reveal(command, "message/" + id);
  auto site = open_to_read(command);
  if (!site) return 1;
  const auto rows = site->store->quarantine(most);
  if (!rows) return failed(id, rows.error());
  const auto* row =
      find(*rows, [&](const store::QuarantineRow& each) { return each.id.str() == id; });
  if (row == nullptr) return failed(id, "no such message is in quarantine");
  print_one(command, flow::quarantine_json(*row));
  return 0;
}

}  // namespace

TargetKind kind_of(std::string_view target) {
  const auto is_number = [](std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (is_number(target)) return TargetKind::delivery;
  if (target.starts_with('w') && is_number(target.substr(1))) return TargetKind::work;
  return TargetKind::message;
}

int list_outbox(const SiteCommand& command) {
  auto site = open_to_read(command);
  if (!site) return 1;
  const auto rows = site->store->outbox(most);
  if (!rows) return failed(store_name(site->config), rows.error());
  std::vector<std::string> lines;
  for (const auto& row : *rows) lines.push_back(flow::delivery_json(row));
  print_list(command, lines);
  say_when_cut(rows->size(), "deliveries, the oldest,");
  return 0;
}

int show_delivery(const SiteCommand& command, const std::string& number) {
  if (command.patient_data) return reveal(command, "delivery/" + number);
  return show_row(command, number);
}

int list_dead_letters(const SiteCommand& command) {
  auto site = open_to_read(command);
  if (!site) return 1;
  const auto letters = site->store->dead_letters(most);
  if (!letters) return failed(store_name(site->config), letters.error());
  const auto works = site->store->dead_work(most);
  if (!works) return failed(store_name(site->config), works.error());
  const auto messages = site->store->quarantine(most);
  if (!messages) return failed(store_name(site->config), messages.error());
  std::vector<std::string> lines;
  for (const auto& row : *letters) lines.push_back(flow::delivery_json(row));
  for (const auto& row : *works) lines.push_back(flow::work_json(row));
  for (const auto& row : *messages) lines.push_back(flow::quarantine_json(row));
  print_list(command, lines);
  say_when_cut(std::max({letters->size(), works->size(), messages->size()}), "of a kind");
  return 0;
}

int show_dead_letter(const SiteCommand& command, const std::string& number) {
  switch (kind_of(number)) {
    case TargetKind::delivery:
      return show_delivery(command, number);
    case TargetKind::work:
      return show_work(command, number);
    case TargetKind::message:
      return show_message(command, number);
  }
  return 1;
}

}  // namespace meridian::host
