// SPDX-License-Identifier: Apache-2.0
#include "walk/story.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <thread>

namespace meridian::sandbox {
namespace {

using Row = std::array<std::string, 7>;

const Row headings = {"order",          "patient",       "expected", "seen",
                      "at the clinics", "in the record", "meridian"};
/// Columns of a terminal; with two blanks between them 160 at most.
constexpr std::array<std::size_t, 7> most = {14, 7, 50, 17, 14, 33, 13};

/// "okafor" of "ServiceRequest/sr-okafor-acupuncture".
std::string short_name(const std::string& order) {
  std::string name = order.substr(order.find('/') + 1);
  if (name.starts_with("sr-") || name.starts_with("qr-")) name = name.substr(3);
  return name.substr(0, name.find("-acupuncture"));
}

Row row_of(const Fate& fate) {
  return {
      short_name(fate.order), fate.patient, fate.expected, (fate.good ? "" : "WRONG: ") + fate.seen,
      fate.delivered,         fate.record,  fate.meridian};
}

/// The row as a terminal has room for it.
Row cut_row_of(const Fate& fate) {
  Row row = row_of(fate);
  row[3] = fate.good ? "all " + std::to_string(fate.steps) + " steps" : "WRONG, see below";
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].size() > most[i]) row[i] = row[i].substr(0, most[i] - 2) + "..";
  }
  return row;
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(text.size() < width ? width - text.size() : 0, ' ');
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string html_row(const Row& row, const char* cell) {
  std::string out = "<tr>";
  for (const auto& text : row) {
    out += std::string("<") + cell + ">" + escaped(text) + "</" + cell[0] + cell[1] + ">";
  }
  return out + "</tr>\n";
}

}  // namespace

void Story::tell(const std::string& who, const std::string& what) {
  const std::string line =
      to_string(system_now()).substr(11, 8) + "  " + padded(who, 9) + "  " + what;
  const std::lock_guard lock(mutex_);
  lines_.push_back(line);
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

void Story::add(Fate fate) {
  const std::lock_guard lock(mutex_);
  fates_.push_back(std::move(fate));
}

std::vector<Fate> Story::fates() const {
  const std::lock_guard lock(mutex_);
  return fates_;
}

std::string Story::table() const {
  std::vector<Row> rows = {headings};
  for (const auto& fate : fates()) rows.push_back(cut_row_of(fate));
  std::array<std::size_t, 7> widths{};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += padded(row[i], widths[i] + 2);
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    if (&row == &rows.front()) out += std::string(line.size() - 2, '-') + "\n";
  }
  for (const auto& fate : fates()) {
    if (!fate.good) out += short_name(fate.order) + " came out wrong: " + fate.seen + "\n";
  }
  return out;
}

std::string Story::html() const {
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta http-equiv=\"refresh\" content=\"5\"><title>Meridian sandbox</title>"
      "<style>body{font:16px/1.5 sans-serif;margin:2rem}table{border-collapse:collapse}"
      "th,td{text-align:left;padding:.3rem .8rem;border-bottom:1px solid #999}</style></head>"
      "<body><main><h1>Referrals and their fates</h1><table>\n";
  out += "<thead>" + html_row(headings, "th") + "</thead><tbody>";
  for (const auto& fate : fates()) out += html_row(row_of(fate), "td");
  out += "</tbody></table><h2>What happened</h2><pre>\n";
  const std::lock_guard lock(mutex_);
  for (const auto& line : lines_) out += escaped(line) + "\n";
  return out + "</pre></main></body></html>\n";
}

bool wait_for(std::chrono::milliseconds within, const std::function<bool()>& look) {
  const auto until = std::chrono::steady_clock::now() + within;
  while (!look()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return true;
}

}  // namespace meridian::sandbox
