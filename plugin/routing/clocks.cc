// SPDX-License-Identifier: Apache-2.0
#include "routing/clocks.h"

#include <algorithm>

namespace meridian::routing {
namespace {

constexpr Then thens[] = {Then::remind, Then::escalate, Then::next_clinic, Then::lapse};

Span span_of(const Deadline& deadline, bool urgent) {
  return urgent ? deadline.urgent : deadline.routine;
}

int count_of(const Deadlines& deadlines) {
  return static_cast<int>(
      std::find_if(deadlines.begin(), deadlines.end(),
                   [](const Deadline& each) { return each.then == Then::nothing; }) -
      deadlines.begin());
}

/// "remind 2bd 4h".
std::optional<Deadline> parse_deadline(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const auto end = std::min(line.find(' '), line.size());
    if (end > 0) words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  if (words.size() < 2 || words.size() > 3) return std::nullopt;
  Deadline deadline;
  for (const auto then : thens) {
    if (words[0] == then_name(then)) deadline.then = then;
  }
  const auto routine = parse_span(words[1]);
  const auto urgent = parse_span(words.back());
  if (deadline.then == Then::nothing || !routine || !urgent) return std::nullopt;
  deadline.routine = *routine;
  deadline.urgent = *urgent;
  return deadline;
}

}  // namespace

const char* then_name(Then then) {
  constexpr const char* names[] = {"nothing", "remind", "escalate", "next_clinic", "lapse"};
  return names[static_cast<int>(then)];
}

const Deadlines& Clocks::of(State state) const {
  const auto changed = changed_.find(state);
  return changed == changed_.end() ? row_of(state).deadlines : changed->second;
}

std::optional<Ring> Clocks::ring(State state, bool urgent, Instant since, int step) const {
  const auto& deadlines = of(state);
  const int count = count_of(deadlines);
  if (count == 0) return std::nullopt;
  const auto& deadline = deadlines[static_cast<std::size_t>(std::min(step, count - 1))];
  const auto span = span_of(deadline, urgent);
  auto due = calendar_.after(since, span);
  for (int again = count; again <= step; ++again) due = calendar_.after(due, span);
  return Ring{due, deadline.then};
}

std::optional<Instant> Clocks::stands_until(State state, bool urgent, Instant since) const {
  const Deadline* last = nullptr;
  for (const auto& deadline : of(state)) {
    if (deadline.then == Then::nothing) break;
    last = &deadline;
    if (deadline.then == Then::next_clinic || deadline.then == Then::lapse) break;
  }
  if (last == nullptr) return std::nullopt;
  return calendar_.after(since, span_of(*last, urgent));
}

std::optional<Deadlines> parse_deadlines(const std::vector<std::string>& lines) {
  Deadlines deadlines{};
  if (lines.empty() || lines.size() > deadlines.size()) return std::nullopt;
  const Calendar calendar;
  Instant routine;
  Instant urgent;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto deadline = parse_deadline(lines[i]);
    if (!deadline || (i > 0 && deadlines[i - 1].then == Then::lapse)) return std::nullopt;
    const auto later = calendar.after(Instant(), deadline->routine);
    const auto later_urgent = calendar.after(Instant(), deadline->urgent);
    if (later <= routine || later_urgent <= urgent) return std::nullopt;
    deadlines[i] = *deadline;
    routine = later;
    urgent = later_urgent;
  }
  return deadlines;
}

}  // namespace meridian::routing
